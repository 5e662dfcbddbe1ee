/** What a plain scalar reads as: the types that Go's YAML library tells apart. */

const nullPattern = /^(~|null|Null|NULL)?$/;
const boolPattern = /^(true|True|TRUE|false|False|FALSE)$/;
const intPattern = /^[-+]?(0b[01_]+|0o?[0-7_]+|0x[\da-fA-F_]+|[1-9][\d_]*|0)$/;
const floatPattern =
  /^([-+]?(\.\d+|\d[\d_]*(\.[\d_]*)?)([eE][-+]?\d+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$/;
const timestampPattern =
  /^\d{4}-\d\d?-\d\d?([Tt ]+\d\d?:\d\d?:\d\d?(\.\d+)?\s*(Z|[-+]\d\d?(:\d\d)?)?)?$/;

/** The tag of a plain scalar that bears none. */
export function plainScalarTag(value: string): string {
  if (nullPattern.test(value)) return "!!null";
  if (value === "<<") return "!!merge";
  if (boolPattern.test(value)) return "!!bool";
  if (intPattern.test(value)) return "!!int";
  if (floatPattern.test(value)) return "!!float";
  return timestampPattern.test(value) ? "!!timestamp" : "!!str";
}
