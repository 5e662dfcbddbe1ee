/** The natural order in which a talosconfig lists its contexts (spec/client.md, 1.3). */

/** Orders names as keys of a written mapping: numbers by value, letters after what is none. */
export function compareNaturally(left: string, right: string): number {
  const lefts = [...left];
  const rights = [...right];
  const at = firstDifference(lefts, rights);
  const leftCharacter = lefts[at];
  const rightCharacter = rights[at];
  if (leftCharacter === undefined || rightCharacter === undefined) {
    return lefts.length - rights.length;
  }
  const isLeftLetter = isLetter(leftCharacter);
  if (isLeftLetter !== isLetter(rightCharacter)) {
    const isAfterDigit = at > 0 && isDigit(lefts[at - 1]);
    return isLeftLetter === isAfterDigit ? -1 : 1;
  }
  const byCodePoint = codePoint(leftCharacter) - codePoint(rightCharacter);
  return isLeftLetter ? byCodePoint : compareNumbers(lefts, rights, at) || byCodePoint;
}

function compareNumbers(lefts: string[], rights: string[], at: number): number {
  const leftDigits = digitsFrom(lefts, at);
  const rightDigits = digitsFrom(rights, at);
  const isInsideNumber = (lefts[at] === "0" || rights[at] === "0") && hasNumberBefore(lefts, at);
  const prefix = isInsideNumber ? "1" : "";
  const byValue = compareDigits(prefix + leftDigits, prefix + rightDigits);
  return byValue || leftDigits.length - rightDigits.length;
}

/** Compares by value, without limits of number types. */
function compareDigits(left: string, right: string): number {
  const leftValue = left.replace(/^0+/, "");
  const rightValue = right.replace(/^0+/, "");
  if (leftValue.length !== rightValue.length) return leftValue.length - rightValue.length;
  return leftValue === rightValue ? 0 : leftValue < rightValue ? -1 : 1;
}

/** The digits directly before a position are a number other than zero. */
function hasNumberBefore(characters: string[], at: number): boolean {
  for (let index = at - 1; isDigit(characters[index]); index--) {
    if (characters[index] !== "0") return true;
  }
  return false;
}

function digitsFrom(characters: string[], at: number): string {
  let digits = "";
  for (let index = at; isDigit(characters[index]); index++) digits += characters[index];
  return digits;
}

function firstDifference(lefts: string[], rights: string[]): number {
  let at = 0;
  while (at < lefts.length && lefts[at] === rights[at]) at++;
  return at;
}

function isLetter(character: string): boolean {
  return /\p{L}/u.test(character);
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= "0" && character <= "9";
}

/** Below every character where a name has ended. */
function codePoint(character: string | undefined): number {
  return character?.codePointAt(0) ?? -1;
}
