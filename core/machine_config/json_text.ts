/** Go's words for broken JSON: what a patch in brackets is refused with. */

/** Why a text is no JSON, as Go says it; nothing where it is. */
export function jsonProblem(text: string): string | undefined {
  const scan = { text, at: 0 };
  const problem = skipValue(scan, "looking for beginning of value");
  if (problem !== undefined) return problem;
  skipBlanks(scan);
  return scan.at < text.length ? unexpected(scan, "after top-level value") : undefined;
}

interface Scan {
  text: string;
  at: number;
}

function skipBlanks(scan: Scan): string | undefined {
  while (/[ \t\r\n]/.test(scan.text[scan.at] ?? "x")) scan.at++;
  return scan.text[scan.at];
}

function unexpected({ text, at }: Scan, where: string): string {
  const character = text[at];
  if (character === undefined) return "unexpected end of JSON input";
  const shown = character === "'" ? "'\\''" : character === '"' ? "'\"'" : `'${character}'`;
  return `invalid character ${shown} ${where}`;
}

function skipValue(scan: Scan, where: string): string | undefined {
  const character = skipBlanks(scan);
  if (character === "[") return skipItems(scan, "]", "after array element");
  if (character === "{") return skipItems(scan, "}", "after object key:value pair");
  if (character === '"') return skipString(scan);
  const word = { t: "true", f: "false", n: "null" }[character ?? ""];
  if (word !== undefined) return skipWord(scan, word);
  const [number] = /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/.exec(scan.text.slice(scan.at)) ?? [];
  if (number === undefined) {
    if (character !== "-") return unexpected(scan, where);
    scan.at++;
    return unexpected(scan, "in numeric literal");
  }
  scan.at += number.length;
  return undefined;
}

function skipWord(scan: Scan, word: string): string | undefined {
  for (const letter of word) {
    if (scan.text[scan.at] !== letter) {
      return unexpected(scan, `in literal ${word} (expecting '${letter}')`);
    }
    scan.at++;
  }
  return undefined;
}

function skipString(scan: Scan): string | undefined {
  scan.at++;
  while (scan.text[scan.at] !== '"') {
    const character = scan.text[scan.at];
    if (character === undefined || character < " ") return unexpected(scan, "in string literal");
    if (character === "\\") {
      scan.at++;
      if (!/["\\/bfnrtu]/.test(scan.text[scan.at] ?? "")) {
        return unexpected(scan, "in string escape code");
      }
    }
    scan.at++;
  }
  scan.at++;
  return undefined;
}

/** Skips a list or a map, from its opening bracket on. */
function skipItems(scan: Scan, close: "]" | "}", where: string): string | undefined {
  scan.at++;
  if (skipBlanks(scan) === close) return void scan.at++;
  while (true) {
    const problem = (close === "}" ? skipKey(scan) : undefined) ??
      skipValue(scan, "looking for beginning of value");
    if (problem !== undefined) return problem;
    const next = skipBlanks(scan);
    if (next !== close && next !== ",") return unexpected(scan, where);
    scan.at++;
    if (next === close) return undefined;
  }
}

function skipKey(scan: Scan): string | undefined {
  if (skipBlanks(scan) !== '"') {
    return unexpected(scan, "looking for beginning of object key string");
  }
  const problem = skipString(scan);
  if (problem !== undefined) return problem;
  if (skipBlanks(scan) !== ":") return unexpected(scan, "after object key");
  scan.at++;
  return undefined;
}
