/** Expressions of the Common Expression Language, checked against what they may name (spec/machine-config.md, 12.1). */

import types from "../data/expression_types.json" with { type: "json" };

/** Where an expression stands decides which variables it has, and of which type it must be. */
export type Scope = "disk" | "volume" | "link" | "oom trigger" | "oom ranking";

const variables: Readonly<Record<Scope, Readonly<Record<string, string>> | undefined>> = {
  disk: { disk: "Disk", system_disk: "bool" },
  volume: { volume: "DiscoveredVolume", disk: "Disk", system_disk: "bool" },
  link: { link: "LinkStatus" },
  "oom trigger": undefined, // their variables are not documented: names are not checked
  "oom ranking": undefined,
};

const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "kB", "MB", "GB", "TB", "PB", "EB"];

/** What of a failed check of the library is used. */
interface Failure {
  code?: string;
  message: string;
  summary?: string;
  node?: { pos?: number };
}

/** Why an expression cannot be used; nothing where it can, or is absent. */
export async function expressionProblem(text: string, scope: Scope): Promise<string | undefined> {
  if (isPlainComparison(text, scope)) return undefined;
  const { Environment, parse } = await import("@marcbachmann/cel-js");
  const known = variables[scope];
  if (known === undefined) {
    try {
      parse(text);
      return undefined;
    } catch (error) {
      return explain(text, error as Failure);
    }
  }
  const environment = new Environment({ unlistedVariablesAreDyn: false });
  for (const [name, fields] of Object.entries(types)) environment.registerType(name, { fields });
  for (const [name, type] of Object.entries(known)) environment.registerVariable(name, type);
  for (const unit of units) environment.registerVariable(unit, "uint");
  environment.registerFunction("glob(string, string): bool", () => true);
  environment.registerFunction("mac(bytes): string", () => "");

  const result = environment.check(text);
  if (!result.valid) return explain(text, (result.error ?? { message: "" }) as Failure);
  if (result.type === "bool" || result.type === "dyn") return undefined;
  return `expression output type is ${result.type}, expected bool`;
}

const fieldTypes: Readonly<Record<string, Readonly<Record<string, string>>>> = types;

/**
 * Whether a text of a known variable is compared with a literal: what every generated configuration has. The
 * library, which is asked about everything else, takes longer to load than the rest of the command.
 */
function isPlainComparison(text: string, scope: Scope): boolean {
  const [, variable = "", field = ""] = /^(\w+)\.(\w+) == "[^"\\\n]*"$/.exec(text) ?? [];
  return fieldTypes[variables[scope]?.[variable] ?? ""]?.[field] === "string";
}

/** The failure in the words of Go's library, with the place below the text. */
function explain(text: string, { code, message, summary, node }: Failure): string | undefined {
  const [reason = ""] = (summary ?? message).split("\n");
  const offset = node?.pos ?? 0;
  const [, name = ""] = /: (\S+)$/.exec(reason) ?? [];
  switch (code) {
    case "no_such_key":
      return located(text, offset - 1, `undefined field '${name}'`); // its place is the dot
    case "unknown_variable":
      return located(text, offset, `undeclared reference to '${name}' (in container '')`);
    case "no_such_overload":
    case "unknown_function":
      // The library knows fewer functions and mixed comparisons than nodes do.
      return undefined;
    default:
      return located(text, offset, `Syntax error: ${reason}`);
  }
}

function located(text: string, offset: number, problem: string): string {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  const line = text.slice(lineStart).split("\n")[0] ?? "";
  const column = offset - lineStart;
  const place = `${before.split("\n").length}:${column + 1}`;
  return `ERROR: <input>:${place}: ${problem}\n | ${line}\n | ${".".repeat(column)}^`;
}
