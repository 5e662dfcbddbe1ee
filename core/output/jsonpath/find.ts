/** Finds what a template names in a value, with kubectl's rules for lists, nulls and missing keys. */

import { CliError } from "../../errors.ts";
import { isList, isMap, Timestamp, type Value } from "../value.ts";
import { compare } from "./compare.ts";
import type { Path, Slice, Step } from "./nodes.ts";
import { typeName, valueText } from "./text.ts";

/**
 * A template with its place in loops.
 *
 * A `{range}` leaves it behind the loop, as kubectl's own does (spec/resources.md, 6.3): who wants
 * every value treated alike makes a new one for each.
 */
export class Template {
  readonly #isMissingAllowed: boolean;
  #steps: readonly Step[];
  #rangesToBegin = 0;
  #rangesToEnd = 0;
  #depth = 0;
  #lastEnd: Step | undefined;

  /** @param options.isMissingAllowed A key that is not there gives nothing; else it is an error. */
  constructor(steps: readonly Step[], options: { isMissingAllowed: boolean }) {
    this.#steps = steps;
    this.#isMissingAllowed = options.isMissingAllowed;
  }

  /**
   * The results of each text and action, in order.
   *
   * @throws {CliError} with the dialect's text, without anything in front.
   */
  find(value: Value): Value[][] {
    const steps = this.#steps;
    const found: Value[][] = [];
    for (let index = 0; index < steps.length; index++) {
      const step = steps[index];
      if (step === undefined) break;
      const results = this.#walk([value], step);

      if (this.#rangesToEnd > 0 && this.#rangesToEnd <= this.#depth) {
        this.#rangesToEnd--;
        this.#lastEnd = step;
        break;
      }
      if (this.#rangesToBegin > 0) {
        this.#rangesToBegin--;
        found.push(...this.#loop(results, steps.slice(index + 1)));
        index = this.#lastEnd === undefined ? index : Math.max(index, steps.indexOf(this.#lastEnd));
        continue;
      }
      found.push(results);
    }
    return found;
  }

  #loop(items: readonly Value[], body: readonly Step[]): Value[][] {
    const found: Value[][] = [];
    this.#depth++;
    for (const item of items) {
      this.#steps = body;
      found.push(...this.find(item));
    }
    if (items.length === 0) {
      // An empty range is walked all the same, to find its end.
      this.#steps = body;
      this.find(null);
    }
    this.#depth--;
    return found;
  }

  #walk(input: readonly Value[], step: Step): Value[] {
    switch (step.kind) {
      case "path":
        return step.steps.reduce<Value[]>((values, inner) => this.#walk(values, inner), [...input]);
      case "text":
        return [step.text];
      case "literal":
        return input.map(() => step.value);
      case "field":
        return this.#field(input, step.name);
      case "slice":
        return slice(input, step.slice);
      case "union":
        return step.paths.flatMap((path) => this.#walk(input, path));
      case "filter":
        return this.#filter(input, step);
      case "wildcard":
        return input.flatMap(childrenOf);
      case "recursive":
        return input.flatMap(withDescendants);
      case "word":
        this.#word(step.word);
        return [...input];
    }
  }

  #word(word: string): void {
    if (word === "range") this.#rangesToBegin++;
    else if (word !== "end") throw new CliError(`unrecognized identifier ${word}`);
    else if (this.#depth > 0) this.#rangesToEnd++;
    else throw new CliError("not in range, nothing to end");
  }

  #field(input: readonly Value[], name: string): Value[] {
    if (input.length === 0) return [];
    const found = input.flatMap((value) => {
      const child = isMap(value) ? value.get(name) : undefined;
      return child === undefined ? [] : [child];
    });
    if (found.length === 0 && !this.#isMissingAllowed) throw new CliError(`${name} is not found`);
    return found;
  }

  #filter(
    input: readonly Value[],
    { left, operator, right }: { left: Path; operator: string; right: Path },
  ): Value[] {
    return input.flatMap((list) => {
      if (!isList(list)) {
        throw new CliError(`${valueText(list)} is not array or slice and cannot be filtered`);
      }
      return list.filter((item) =>
        operator === "exists" ? this.#yieldsAnything(item, left) : this.#holds(item, {
          left,
          operator,
          right,
        })
      );
    });
  }

  #yieldsAnything(item: Value, path: Path): boolean {
    try {
      return this.#walk([item], path).length > 0;
    } catch (error) {
      if (error instanceof CliError) return false; // what cannot be found is not there
      throw error;
    }
  }

  #holds(
    item: Value,
    { left, operator, right }: { left: Path; operator: string; right: Path },
  ): boolean {
    const leftValue = oneOf(this.#walk([item], left));
    if (leftValue === undefined) return false;
    const rightValue = oneOf(this.#walk([item], right));
    return rightValue !== undefined && compare(leftValue, operator, rightValue);
  }
}

function oneOf(values: readonly Value[]): Value | undefined {
  if (values.length > 1) throw new CliError("can only compare one element at a time");
  return values[0];
}

function childrenOf(value: Value): Value[] {
  if (isList(value)) return [...value];
  return isMap(value) ? [...value.values()] : [];
}

/** What holds something in a value, itself first; to kubectl texts and times are such things too. */
function withDescendants(value: Value): Value[] {
  if (value instanceof Timestamp || (typeof value === "string" && value !== "")) return [value];
  const children = childrenOf(value);
  return children.length === 0 ? [] : [value, ...children.flatMap(withDescendants)];
}

function slice(input: readonly Value[], bounds: Slice): Value[] {
  const found: Value[] = [];
  for (const value of input) {
    if (value === null) continue;
    if (!isList(value)) throw new CliError(`${typeName(value)} is not array or slice`);
    const range = rangeOf(value.length, bounds);
    if (range === undefined) return found; // an empty range ends the whole step, as in kubectl
    for (let index = range.from; index < range.to; index += range.step) {
      found.push(value[index] ?? null);
    }
  }
  return found;
}

/** The places a slice means in a list of some length; undefined when it means none. */
function rangeOf(
  length: number,
  bounds: Slice,
): { from: number; to: number; step: number } | undefined {
  const start = bounds.from ?? 0;
  const end = bounds.isIndex ? start + 1 : bounds.to ?? length;
  const from = start < 0 ? start + length : start;
  const to = end < 0 || (end === 0 && bounds.isIndex) ? end + length : end;
  if (from === to) return undefined;

  const refuse = (index: number) =>
    new CliError(`array index out of bounds: index ${index}, length ${length}`);
  if (from >= length || from < 0) throw refuse(from);
  if (to > length || to < 0) throw refuse(to - 1);
  if (from > to) {
    throw new CliError(`starting index ${from} is greater than ending index ${to}`);
  }
  if (bounds.step !== undefined && bounds.step <= 0) throw new CliError("step must be > 0");
  return { from, to, step: bounds.step ?? 1 };
}
