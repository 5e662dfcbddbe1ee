/** Filters of List and Watch: ids by pattern, labels by terms (spec/resources.md, 2.1). */

import { RpcError } from "../../core/errors.ts";
import type { IDQuery, LabelQuery, LabelTerm } from "../../proto/gen/v1alpha1/resource.ts";
import type { Resource } from "./cosi_store.ts";

/** The predicate of a query; label queries are alternatives, terms of one all hold. */
export function resourceFilter(
  { labelQuery, idQuery }: { labelQuery: readonly LabelQuery[]; idQuery: IDQuery | undefined },
): (resource: Resource) => boolean {
  const pattern = idPattern(idQuery?.regexp ?? "");
  return ({ id, labels }) =>
    pattern.test(id) &&
    (labelQuery.length === 0 ||
      labelQuery.some(({ terms }) => terms.every((term) => termHolds(term, labels))));
}

function idPattern(regexp: string): RegExp {
  try {
    return new RegExp(regexp, "u");
  } catch (cause) {
    const text = `failed to compile regexp: ${cause instanceof Error ? cause.message : cause}`;
    throw new RpcError("InvalidArgument", text, { cause });
  }
}

function termHolds(term: LabelTerm, labels: Readonly<Record<string, string>>): boolean {
  const { key, op, value: [first, ...rest], invert } = term;
  const label = labels[key];
  switch (op) {
    case "EXISTS":
      return (label !== undefined) !== invert;
    case "NOT_EXISTS":
      return (label === undefined) !== invert;
    case "EQUAL":
      return (label !== undefined && label === first) !== invert;
    case "IN":
      return (label !== undefined && [first, ...rest].includes(label)) !== invert;
    case "LT":
    case "LTE":
      if (label === undefined || first === undefined) return label !== undefined && invert;
      return (op === "LT" ? label < first : label <= first) !== invert;
    case "LT_NUMERIC":
    case "LTE_NUMERIC": {
      const [left, right] = [toNumber(label), toNumber(first)];
      if (left === undefined || right === undefined) return false;
      return (op === "LT_NUMERIC" ? left < right : left <= right) !== invert;
    }
    default:
      throw new RpcError("Unimplemented", `unsupported label query operator: ${op}`);
  }
}

const units: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  t: 1e12,
  p: 1e15,
  ki: 2 ** 10,
  mi: 2 ** 20,
  gi: 2 ** 30,
  ti: 2 ** 40,
  pi: 2 ** 50,
};

/** `16 GiB` and the like; only the first letters of the unit count. */
function toNumber(text: string | undefined): number | undefined {
  const [, digits, letters = ""] = text?.match(/^(-?\d+)\s*([a-z]*)$/i) ?? [];
  const unit = letters.toLowerCase().match(/^[kmgtp]i?/)?.[0] ?? (letters === "" ? "" : "unknown");
  const factor = units[unit];
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}
