/** The functions that templates can call. */

import { goQuote } from "../../../core/output/go_quote.ts";
import { goPrintf } from "./printf.ts";
import { defaultText, isTemplateObject, isTrue } from "./values.ts";

/** A call that cannot be made; the evaluator says where it stands. */
export class CallError extends Error {}

/** What a function is given: its arguments, then the value before the pipe. */
export type TemplateFunction = (args: readonly unknown[]) => unknown;

/** By their names; a name that is not here is refused when a template is read. */
export const templateFunctions: ReadonlyMap<string, TemplateFunction> = new Map<
  string,
  TemplateFunction
>([
  ["printf", ([format, ...args]) => goPrintf(asText(format), args)],
  ["print", (args) => printSpaced(args)],
  ["println", (args) => args.map(defaultText).join(" ") + "\n"],
  ["len", ([value]) => BigInt(lengthOf(value))],
  ["index", ([value, ...keys]) => keys.reduce(itemOf, value)],
  ["slice", ([value, from = 0n, to]) => sliceOf(value, from, to)],
  ["not", ([value]) => !isTrue(value)],
  ["and", (args) => args.find((value) => !isTrue(value)) ?? args.at(-1)],
  ["or", (args) => args.find(isTrue) ?? args.at(-1)],
  ["eq", ([value, ...others]) => others.some((other) => isEqual(value, other))],
  ["ne", ([left, right]) => !isEqual(left, right)],
  ["lt", ([left, right]) => compare(left, right) < 0],
  ["le", ([left, right]) => compare(left, right) <= 0],
  ["gt", ([left, right]) => compare(left, right) > 0],
  ["ge", ([left, right]) => compare(left, right) >= 0],
]);

function asText(value: unknown): string {
  if (typeof value === "string") return value;
  throw new CallError(`wrong type for value; expected string; got ${defaultText(value)}`);
}

/** As `fmt.Sprint`: a blank stands between two values of which neither is text. */
function printSpaced(args: readonly unknown[]): string {
  return args.map((value, index) => {
    const isParted = index > 0 && typeof value !== "string" && typeof args[index - 1] !== "string";
    return (isParted ? " " : "") + defaultText(value);
  }).join("");
}

function lengthOf(value: unknown): number {
  if (value instanceof Map) return value.size;
  if (Array.isArray(value)) return value.length;
  if (typeof value === "string") return new TextEncoder().encode(value).length;
  throw new CallError("error calling len: len of a value without a length");
}

function itemOf(value: unknown, key: unknown): unknown {
  if (value instanceof Map && typeof key === "string") return value.get(key);
  if (!Array.isArray(value) || typeof key !== "bigint") {
    throw new CallError("error calling index: can't index item");
  }
  if (key < 0n || key >= value.length) {
    throw new CallError(`error calling index: index out of range: ${key}`);
  }
  return value[Number(key)];
}

function sliceOf(value: unknown, from: unknown, to: unknown): unknown {
  const isSliceable = typeof value === "string" || Array.isArray(value);
  if (!isSliceable || typeof from !== "bigint" || !(to === undefined || typeof to === "bigint")) {
    throw new CallError("error calling slice: can't slice item");
  }
  const end = to ?? BigInt(value.length);
  if (from < 0n || from > end || end > BigInt(value.length)) {
    throw new CallError(`error calling slice: index out of range: ${from > end ? from : end}`);
  }
  return value.slice(Number(from), Number(end));
}

function isEqual(left: unknown, right: unknown): boolean {
  if (isTemplateObject(left) || isTemplateObject(right) || typeof left === "object") {
    throw new CallError("error calling eq: non-comparable types");
  }
  if (left !== undefined && right !== undefined && typeof left !== typeof right) {
    throw new CallError("error calling eq: incompatible types for comparison");
  }
  return left === right;
}

function compare(left: unknown, right: unknown): number {
  if (typeof left === "string" && typeof right === "string") {
    return left < right ? -1 : Number(left > right);
  }
  const isOrdered = (value: unknown) => typeof value === "bigint" || typeof value === "number";
  if (typeof left !== typeof right || !isOrdered(left)) {
    const [first, second] = [left, right].map((value) => goQuote(defaultText(value)));
    throw new CallError(`incompatible types for comparison: ${first} and ${second}`);
  }
  return Number(left) - Number(right);
}
