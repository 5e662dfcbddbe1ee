/** A configuration without its YAML comments: to see whether anything else was changed. */

const blockScalar = /(?:^|[\s:-])[|>][+-]?\d?[+-]?\s*$/;

/** The lines without comments; a `#` in quotes or in a block of literal text is none. */
export function withoutComments(text: string): string {
  const kept: string[] = [];
  let blockIndent: number | undefined;
  for (const line of text.split("\n")) {
    const indent = line.search(/\S/);
    if (blockIndent !== undefined && (indent === -1 || indent > blockIndent)) {
      kept.push(line);
      continue;
    }
    blockIndent = undefined;
    const rest = withoutComment(line);
    if (rest === "" && line.trim() !== "") continue;
    kept.push(rest);
    if (blockScalar.test(rest)) blockIndent = parentIndent(rest);
  }
  return kept.join("\n");
}

/** How far what holds a block of text is indented: its lines are further in. */
function parentIndent(line: string): number {
  const [prefix] = /^\s*(?:- +)*/.exec(line) ?? [""];
  const isItem = /^[|>]/.test(line.slice(prefix.length));
  return isItem ? prefix.lastIndexOf("-") : prefix.length;
}

function withoutComment(line: string): string {
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    const isEscape = quote === '"' && character === "\\" ||
      quote === "'" && line.startsWith("''", at);
    if (isEscape) at++;
    else if (character === quote) quote = "";
    else if (quote !== "") continue;
    else if (/['"]/.test(character) && /^$|[\s:,[{-]/.test(line.charAt(at - 1))) quote = character;
    else if (character === "#" && /^$|\s/.test(line.charAt(at - 1))) {
      return line.slice(0, at).trimEnd();
    }
  }
  return line;
}
