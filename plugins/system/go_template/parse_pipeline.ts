/** Reads what stands between `{{` and `}}` in a template: values, calls and pipes. */

import { goQuote } from "../../../core/output/go_quote.ts";
import { templateFunctions } from "./functions.ts";
import type { Fail } from "./parse.ts";
import type { Operand, Pipeline } from "./syntax.ts";

const fieldPattern = /\.[\p{L}_][\p{L}\p{N}_]*/uy;
const namePattern = /\$?[\p{L}_][\p{L}\p{N}_]*|\$/uy;
const numberPattern = /[+-]?\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const quotedPattern = /"(?:[^"\\\n]|\\.)*"/y;
const rawPattern = /`[^`]*`/y;
const blankPattern = /\s+/y;
const declarationPattern = /(\$[\p{L}\p{N}_]+)(?:\s*,\s*(\$[\p{L}\p{N}_]+))?\s*(:?=)\s*/uy;

/** Reads one action from a range of the template's source. */
export class OperandReader {
  readonly #source: string;
  readonly #end: number;
  readonly #fail: Fail;
  #at: number;

  constructor(source: string, start: number, end: number, fail: Fail) {
    this.#source = source;
    this.#at = start;
    this.#end = end;
    this.#fail = fail;
  }

  /** What is left to read. */
  get rest(): string {
    return this.#source.slice(this.#at, this.#end).trim();
  }

  get isAtEnd(): boolean {
    return this.rest === "";
  }

  /** Commands parted by `|`, up to the end or a closing parenthesis. */
  readPipeline(): Pipeline {
    this.#take(blankPattern);
    const [, first, second, operator] = this.#match(declarationPattern) ?? [];
    const commands = [this.#readCommand()];
    while (this.#takeText("|")) commands.push(this.#readCommand());
    const names = [first, second].filter((name) => name !== undefined);
    return { names, isAssignment: operator === "=", commands };
  }

  #readCommand(): Operand[] {
    const operands: Operand[] = [];
    this.#take(blankPattern);
    while (this.#at < this.#end && !/[|)]/.test(this.#source[this.#at] ?? "")) {
      operands.push(this.#readOperand());
      const before = this.#at;
      this.#take(blankPattern);
      const isParted = this.#at > before || this.#at === this.#end ||
        /[|)(]/.test(this.#source[this.#at] ?? "");
      if (!isParted) this.#unexpected("operand");
    }
    if (operands.length === 0) this.#fail(this.#at, "missing value for command");
    return operands;
  }

  #readOperand(): Operand {
    const start = this.#at;
    const base = this.#readBase();
    const fields: string[] = [];
    for (let field = this.#take(fieldPattern); field; field = this.#take(fieldPattern)) {
      fields.push(field.slice(1));
    }
    const before = this.#source.slice(0, start);
    const place = `${before.split("\n").length}:${start - before.lastIndexOf("\n") - 1}`;
    return { base, fields, place, source: this.#source.slice(start, this.#at) };
  }

  #readBase(): Operand["base"] {
    if (this.#takeText("(")) {
      const pipeline = this.readPipeline();
      if (!this.#takeText(")")) this.#fail(this.#at, "unclosed left paren");
      return { kind: "pipeline", pipeline };
    }
    const text = this.#take(quotedPattern);
    if (text !== undefined) return literal(this.#unquote(text));
    const raw = this.#take(rawPattern);
    if (raw !== undefined) return literal(raw.slice(1, -1));
    const number = this.#take(numberPattern);
    if (number !== undefined) return literal(toNumber(number));
    const name = this.#take(namePattern);
    if (name !== undefined) return this.#named(name);
    if (this.#source[this.#at] !== ".") this.#unexpected("operand");
    // A dot that begins a field is not the value itself: the caller takes it with its name.
    if (!this.#isNext(fieldPattern)) this.#at++;
    return { kind: "dot" };
  }

  #named(name: string): Operand["base"] {
    if (name === "true" || name === "false") return literal(name === "true");
    if (name === "nil") return literal(undefined);
    if (name.startsWith("$")) return { kind: "variable", name };
    const call = templateFunctions.get(name);
    if (call === undefined) return this.#fail(this.#at, `function ${goQuote(name)} not defined`);
    return { kind: "function", call };
  }

  #unquote(text: string): string {
    const json = text.replace(/\\x([0-9a-fA-F]{2})/g, "\\u00$1").replace(/\\a/g, "\\u0007")
      .replace(/\\v/g, "\\u000b").replaceAll("\t", "\\t");
    try {
      return JSON.parse(json);
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause;
      return this.#fail(this.#at, `invalid syntax: ${text}`);
    }
  }

  #unexpected(where: string): never {
    const character = String.fromCodePoint(this.#source.codePointAt(this.#at) ?? 0);
    return this.#fail(this.#at, `unexpected ${JSON.stringify(character)} in ${where}`);
  }

  #isNext(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    return pattern.test(this.#source);
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source);
    if (found === null || this.#at + found[0].length > this.#end) return null;
    this.#at += found[0].length;
    return found;
  }

  #take(pattern: RegExp): string | undefined {
    return this.#match(pattern)?.[0];
  }

  #takeText(text: string): boolean {
    this.#take(blankPattern);
    if (!this.#source.startsWith(text, this.#at) || this.#at >= this.#end) return false;
    this.#at += text.length;
    return true;
  }
}

function literal(value: string | bigint | number | boolean | undefined): Operand["base"] {
  return { kind: "literal", value };
}

function toNumber(text: string): bigint | number {
  const digits = text.replaceAll("_", "");
  return /^[+-]?\d+$/.test(digits) ? BigInt(digits.replace(/^\+/, "")) : Number(digits);
}
