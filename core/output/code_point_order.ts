/** The order of Go's strings: by bytes of UTF-8, which is by code points and not by UTF-16 units. */

/** Compares two texts for `sort`: negative when `left` comes first. */
export function compareCodePoints(left: string, right: string): number {
  let index = 0;
  while (index < left.length && index < right.length) {
    const leftCode = left.codePointAt(index) ?? 0;
    const rightCode = right.codePointAt(index) ?? 0;
    if (leftCode !== rightCode) return leftCode - rightCode;
    index += leftCode > 0xffff ? 2 : 1;
  }
  return left.length - right.length;
}
