/** The first document of a YAML stream as text: nothing after it is parsed, whatever it is. */

const markerPattern = /(?<=^|\n)(---|\.\.\.)(?=[ \t\r\n]|$)/g;

/** Cuts a stream before the marker that ends its first document; lines keep their numbers. */
export function firstDocument(text: string): string {
  let isStarted = false;
  for (const { index, 0: marker } of text.matchAll(markerPattern)) {
    if (marker === "---" && !isStarted && !hasContent(text.slice(0, index))) isStarted = true;
    else return text.slice(0, index);
  }
  return text;
}

/** Any line that is neither blank, nor a comment, nor a directive. */
export function hasContent(text: string): boolean {
  return /(^|\n)[ \t\uFEFF]*[^#%\s\uFEFF]/.test(text);
}
