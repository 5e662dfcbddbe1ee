/** Runs a template over data, as Go's text/template does, with its error texts. */

import { CliError } from "../../../core/errors.ts";
import { CallError } from "./functions.ts";
import type { BlockNode, Operand, Pipeline, Template, TemplateNode } from "./syntax.ts";
import { defaultText, isTemplateObject, isTrue, sortedEntries } from "./values.ts";

/** Variables, the innermost last. */
type Scope = { name: string; value: unknown }[];

/** What a piece is run with. */
interface State {
  template: string;
  dot: unknown;
  scope: Scope;
}

/**
 * The text that a template makes of `data`.
 *
 * @throws {CliError} `template: <name>:<line>:<column>: executing "<name>" at <…>: <problem>`
 */
export function executeTemplate({ name, nodes }: Template, data: unknown): string {
  return runAll(nodes, { template: name, dot: data, scope: [{ name: "$", value: data }] });
}

/** Variables that are declared inside end with the list. */
function runAll(nodes: readonly TemplateNode[], state: State): string {
  const inner = { ...state, scope: [...state.scope] };
  return nodes.map((node) => run(node, inner)).join("");
}

function run(node: TemplateNode, state: State): string {
  switch (node.kind) {
    case "text":
      return node.text;
    case "action": {
      const value = evaluate(node.pipeline, state);
      if (node.pipeline.names.length > 0) return "";
      return value === undefined ? "<no value>" : defaultText(value);
    }
    case "if":
    case "with": {
      const inner = { ...state, scope: [...state.scope] };
      const value = evaluate(node.pipeline, inner);
      if (!isTrue(value)) return runAll(node.otherwise, inner);
      return runAll(node.body, node.kind === "with" ? { ...inner, dot: value } : inner);
    }
    case "range":
      return runRange(node, state);
  }
}

function runRange({ pipeline, body, otherwise }: BlockNode, state: State): string {
  const value = evaluate({ ...pipeline, names: [] }, state);
  const items: [unknown, unknown][] = value instanceof Map
    ? sortedEntries(value)
    : Array.isArray(value)
    ? value.map((item, index) => [BigInt(index), item])
    : [];
  if (items.length === 0 && value !== undefined && typeof value !== "object") {
    throw new CliError(
      `template: ${state.template}: range can't iterate over ${defaultText(value)}`,
    );
  }
  if (items.length === 0) return runAll(otherwise, state);
  const [first, second] = pipeline.names;
  return items.map(([key, item]) => {
    const scope = [...state.scope];
    if (second !== undefined) scope.push({ name: second, value: item });
    if (first !== undefined) scope.push({ name: first, value: second === undefined ? item : key });
    return runAll(body, { ...state, dot: item, scope });
  }).join("");
}

function evaluate({ commands, names, isAssignment }: Pipeline, state: State): unknown {
  let value: unknown;
  for (const [index, command] of commands.entries()) {
    value = evaluateCommand(command, state, index === 0 ? [] : [value]);
  }
  for (const name of names) {
    const known = isAssignment
      ? state.scope.findLast((variable) => variable.name === name)
      : undefined;
    if (known !== undefined) known.value = value;
    else state.scope.push({ name, value });
  }
  return value;
}

/** A function or method gets the other operands, then the value before the pipe. */
function evaluateCommand(
  [operand, ...rest]: readonly Operand[],
  state: State,
  piped: readonly unknown[],
): unknown {
  if (operand === undefined) return undefined;
  const args = [...rest.map((argument) => argumentOf(argument, state)), ...piped];
  if (operand.base.kind === "function") {
    const { call } = operand.base;
    return follow(operand, attempt(operand, state, () => call(args)), [], state);
  }
  return follow(operand, baseValue(operand, state), args, state, rest);
}

function argumentOf(operand: Operand, state: State): unknown {
  return evaluateCommand([operand], state, []);
}

function baseValue({ base, ...operand }: Operand, state: State): unknown {
  switch (base.kind) {
    case "dot":
      return state.dot;
    case "literal":
      return base.value;
    case "variable": {
      const known = state.scope.findLast(({ name }) => name === base.name);
      if (known === undefined) {
        fail({ base, ...operand }, state, `undefined variable "${base.name}"`);
      }
      return known?.value;
    }
    case "pipeline":
      return evaluate(base.pipeline, { ...state, scope: [...state.scope] });
  }
}

/** Takes the fields one after the other; only the last one, when it is a method, can have arguments. */
function follow(
  operand: Operand,
  base: unknown,
  args: readonly unknown[],
  state: State,
  sources: readonly Operand[] = [],
): unknown {
  const { fields } = operand;
  let value = base;
  for (const [index, field] of fields.entries()) {
    const isLast = index === fields.length - 1;
    value = fieldOf(operand, value, field, { args: isLast ? args : [], state, sources });
  }
  if (fields.length === 0 && args.length > 0) {
    fail(operand, state, `can't give argument to non-function ${operand.source}`);
  }
  return value;
}

function fieldOf(
  operand: Operand,
  receiver: unknown,
  field: string,
  { args, state, sources }: { args: readonly unknown[]; state: State; sources: readonly Operand[] },
): unknown {
  if (receiver === undefined) return undefined;
  if (receiver instanceof Map) return receiver.get(field);
  const member = isTemplateObject(receiver) ? receiver.member(field) : undefined;
  if (member === undefined) {
    const type = isTemplateObject(receiver) ? receiver.goType : typeof receiver;
    return fail(operand, state, `can't evaluate field ${field} in type ${type}`);
  }
  if ("call" in member) {
    const blamed = sources.at(args.findIndex((argument) => argument === undefined)) ?? operand;
    return attempt(blamed, state, () => member.call(args));
  }
  if (args.length > 0) {
    fail(operand, state, `${field} has arguments but cannot be invoked as function`);
  }
  return member.value;
}

function attempt(operand: Operand, state: State, call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    return fail(operand, state, error.message);
  }
}

function fail({ place, source }: Operand, { template }: State, problem: string): never {
  throw new CliError(
    `template: ${template}:${place}: executing "${template}" at <${source}>: ${problem}`,
  );
}
