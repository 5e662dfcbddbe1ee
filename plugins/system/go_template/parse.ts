/** Reads templates of Go's text/template: what schema files of `cgroups` may use of it (spec/machine-read.md, 18). */

import { CliError } from "../../../core/errors.ts";
import { goQuote } from "../../../core/output/go_quote.ts";
import { OperandReader } from "./parse_pipeline.ts";
import type { Template, TemplateNode } from "./syntax.ts";

/** One `{{…}}`, or the text before it. */
interface Token {
  kind: "text" | "action";
  text: string;
  /** Where the text begins in the template. */
  offset: number;
}

/**
 * Reads a template.
 *
 * @param name What errors call it.
 * @throws {CliError} `template: <name>:<line>: <problem>`
 */
export function parseTemplate(name: string, source: string): Template {
  const fail = (offset: number, problem: string): never => {
    const line = source.slice(0, offset).split("\n").length;
    throw new CliError(`template: ${name}:${line}: ${problem}`);
  };
  const tokens = tokenize(source, fail);
  const parser = new BlockParser(source, tokens, fail);
  return { name, nodes: parser.parseAll() };
}

/** Ends the parsing with a problem at an offset. */
export type Fail = (offset: number, problem: string) => never;

/** Splits at `{{` and `}}`; `{{- ` and ` -}}` take the blanks beside them away. */
function tokenize(source: string, fail: Fail): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let trimNext = false;
  const addText = (end: number, trimEnd: boolean) => {
    let text = source.slice(at, end);
    if (trimNext) text = text.trimStart();
    if (trimEnd) text = text.trimEnd();
    if (text !== "") tokens.push({ kind: "text", text, offset: at });
  };
  for (;;) {
    const open = source.indexOf("{{", at);
    if (open < 0) break;
    const trimBefore = /^\{\{-\s/.test(source.slice(open, open + 4));
    const start = open + (trimBefore ? 3 : 2);
    addText(open, trimBefore);
    const close = endOfAction(source, start);
    if (close < 0) return fail(open, "unclosed action");
    trimNext = /\s-$/.test(source.slice(start, close));
    const text = source.slice(start, trimNext ? close - 1 : close);
    if (!/^\s*\/\*[^]*\*\/\s*$/.test(text)) tokens.push({ kind: "action", text, offset: start });
    at = close + 2;
  }
  addText(source.length, false);
  return tokens;
}

/** The place of the `}}` that is in no string and no comment. */
function endOfAction(source: string, start: number): number {
  const parts = /\/\*[^]*?\*\/|"(?:[^"\\\n]|\\.)*"|`[^`]*`|\}\}/g;
  parts.lastIndex = start;
  for (let part = parts.exec(source); part !== null; part = parts.exec(source)) {
    if (part[0] === "}}") return part.index;
  }
  return -1;
}

/** Nests the tokens by `if`, `range` and `with`, `else` and `end`. */
class BlockParser {
  readonly #source: string;
  readonly #tokens: readonly Token[];
  readonly #fail: Fail;
  #at = 0;

  constructor(source: string, tokens: readonly Token[], fail: Fail) {
    this.#source = source;
    this.#tokens = tokens;
    this.#fail = fail;
  }

  parseAll(): TemplateNode[] {
    const { nodes, end } = this.#parseList();
    if (end !== undefined) this.#fail(end.token.offset, `unexpected {{${end.word}}}`);
    return nodes;
  }

  /** Up to the end, or the `else` or `end` that is not of a block inside. */
  #parseList(): { nodes: TemplateNode[]; end?: { word: "else" | "end"; token: Token } } {
    const nodes: TemplateNode[] = [];
    for (let token = this.#tokens[this.#at]; token !== undefined; token = this.#tokens[this.#at]) {
      this.#at++;
      if (token.kind === "text") {
        nodes.push({ kind: "text", text: token.text });
        continue;
      }
      const word = /^\s*([a-z]*)/.exec(token.text)?.[1] ?? "";
      switch (word) {
        case "else":
        case "end":
          return { nodes, end: { word, token } };
        case "if":
        case "with":
        case "range":
          nodes.push(this.#parseBlock(word, token));
          break;
        case "block":
        case "break":
        case "continue":
        case "define":
        case "template":
          return this.#fail(token.offset, `{{${word}}} is not supported`);
        default:
          nodes.push({ kind: "action", pipeline: this.#pipeline(token, 0) });
      }
    }
    return { nodes };
  }

  #parseBlock(kind: "if" | "with" | "range", token: Token): TemplateNode {
    const pipeline = this.#pipeline(token, token.text.indexOf(kind) + kind.length, kind);
    const { nodes: body, end } = this.#parseList();
    if (end === undefined) return this.#fail(this.#source.length, "unexpected EOF");
    if (end.word === "end") return { kind, pipeline, body, otherwise: [] };
    return { kind, pipeline, body, otherwise: this.#parseElse(end.token) };
  }

  #parseElse(token: Token): TemplateNode[] {
    const nested = /^\s*else\s+(if|with)\b/.exec(token.text)?.[1];
    if (nested === "if" || nested === "with") {
      const text = " ".repeat(token.text.indexOf(nested)) +
        token.text.slice(token.text.indexOf(nested));
      return [this.#parseBlock(nested, { ...token, text })];
    }
    const { nodes, end } = this.#parseList();
    if (end === undefined) return this.#fail(this.#source.length, "unexpected EOF");
    if (end.word === "else") return this.#fail(end.token.offset, "expected end; found {{else}}");
    return nodes;
  }

  #pipeline({ text, offset }: Token, skip: number, context = "command") {
    if (text.slice(skip).trim() === "") {
      this.#fail(
        offset,
        context === "command" ? "missing value for command" : `missing value for ${context}`,
      );
    }
    const reader = new OperandReader(this.#source, offset + skip, offset + text.length, this.#fail);
    const pipeline = reader.readPipeline();
    if (!reader.isAtEnd) this.#fail(offset, `unexpected ${goQuote(reader.rest)} in ${context}`);
    return pipeline;
  }
}
