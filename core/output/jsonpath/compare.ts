/** The comparisons of jsonpath filters: within one kind of value only. */

import { CliError } from "../../errors.ts";
import { compareCodePoints } from "../code_point_order.ts";
import type { Value } from "../value.ts";

/**
 * Whether `left operator right` holds.
 *
 * @throws {CliError} for values of different kinds, lists, maps and nulls, and unknown operators.
 */
export function compare(left: Value, operator: string, right: Value): boolean {
  switch (operator) {
    case "==":
      return isEqual(left, right);
    case "!=":
      return !isEqual(left, right);
    case "<":
      return isLess(left, right);
    case "<=":
      return isLess(left, right) || isEqual(left, right);
    case ">":
      return !isLess(left, right) && !isEqual(left, right);
    case ">=":
      return !isLess(left, right);
    default:
      throw new CliError(`unrecognized filter operator ${operator}`);
  }
}

type Comparable = boolean | string | bigint | number;

function isEqual(left: Value, right: Value): boolean {
  const [first, second] = ofOneKind(left, right);
  return first === second;
}

function isLess(left: Value, right: Value): boolean {
  const [first, second] = ofOneKind(left, right);
  if (typeof first === "boolean") throw new CliError("invalid type for comparison");
  if (typeof first === "string" && typeof second === "string") {
    return compareCodePoints(first, second) < 0;
  }
  return first < second;
}

function ofOneKind(left: Value, right: Value): [Comparable, Comparable] {
  if (!isComparable(left) || !isComparable(right)) {
    throw new CliError("invalid type for comparison");
  }
  if (typeof left !== typeof right) throw new CliError("incompatible types for comparison");
  return [left, right];
}

function isComparable(value: Value): value is Comparable {
  return typeof value !== "object";
}
