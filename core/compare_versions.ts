/** The precedence of semantic versions: build parts do not count, a pre-release comes before its release. */

/**
 * Compares two full versions without `v` for `sort`: negative when `left` is older.
 *
 * @example
 * ```ts
 * if (compareVersions("1.14.0-beta.2", "1.14.0-beta.11") >= 0) throw new Error("as texts");
 * if (compareVersions("1.14.0-beta.2", "1.14.0") >= 0) throw new Error("beta after release");
 * ```
 */
export function compareVersions(left: string, right: string): number {
  const [leftNumbers, leftPrerelease] = partsOf(left);
  const [rightNumbers, rightPrerelease] = partsOf(right);
  const order = compareParts(leftNumbers, rightNumbers);
  if (order !== 0) return order;
  if (leftPrerelease.length === 0 || rightPrerelease.length === 0) {
    return rightPrerelease.length - leftPrerelease.length;
  }
  return compareParts(leftPrerelease, rightPrerelease);
}

function partsOf(version: string): [string[], string[]] {
  const [bare = ""] = version.split("+");
  const dash = bare.indexOf("-");
  if (dash < 0) return [bare.split("."), []];
  return [bare.slice(0, dash).split("."), bare.slice(dash + 1).split(".")];
}

/** The first part that differs decides; then the longer list is the newer one. */
function compareParts(left: readonly string[], right: readonly string[]): number {
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = comparePart(part, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Numbers come before words. */
function comparePart(left: string, right: string): number {
  const [isNumber, isOtherNumber] = [/^\d+$/.test(left), /^\d+$/.test(right)];
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  const [first, second] = isNumber ? [BigInt(left), BigInt(right)] : [left, right];
  return first === second ? 0 : first < second ? -1 : 1;
}
