/** Go's `printf` for the values that templates have: verbs with flags, width and precision. */

import { goFixed } from "../../../core/output/go_float.ts";
import { goQuote } from "../../../core/output/go_quote.ts";
import { defaultText, isTemplateObject } from "./values.ts";

/** One `%…`, taken apart. */
interface Verb {
  name: string;
  flags: string;
  width: number;
  precision: number | undefined;
}

/** Formats as `fmt.Sprintf` does: what does not fit is said in the text itself. */
export function goPrintf(format: string, args: readonly unknown[]): string {
  let used = 0;
  const text = format.replace(
    /%([-+# 0]*)(\d*)(?:\.(\d*))?(.?)/gsu,
    (_whole, flags: string, width: string, precision: string | undefined, name: string) => {
      if (name === "%") return "%";
      if (name === "") return "%!(NOVERB)";
      if (used >= args.length) return `%!${name}(MISSING)`;
      const verb = {
        name,
        flags,
        width: Math.min(Number(width), 1000),
        precision: precision === undefined ? undefined : Math.min(Number(precision), 1000),
      };
      return formatValue(args[used++], verb);
    },
  );
  const extra = args.slice(used).map((value) => `${typeText(value)}=${defaultText(value)}`);
  return extra.length === 0 ? text : `${text}%!(EXTRA ${extra.join(", ")})`;
}

/** Lists are formatted item by item. */
function formatValue(value: unknown, verb: Verb): string {
  if (value === undefined) return verb.name === "v" ? pad("<nil>", verb) : `%!${verb.name}(<nil>)`;
  if (Array.isArray(value)) return `[${value.map((item) => formatValue(item, verb)).join(" ")}]`;
  const text = verbText(value, verb);
  return text === undefined
    ? `%!${verb.name}(${typeText(value)}=${defaultText(value)})`
    : pad(text, verb);
}

function verbText(value: unknown, { name, flags, precision }: Verb): string | undefined {
  if (typeof value === "number" || typeof value === "bigint") {
    const text = numberText(value, name, precision);
    return text !== undefined && flags.includes("+") && !text.startsWith("-") ? `+${text}` : text;
  }
  if (typeof value === "boolean") return name === "t" || name === "v" ? String(value) : undefined;
  if (name !== "s" && name !== "v" && name !== "q") return undefined;
  const text = defaultText(value);
  const cut = precision === undefined ? text : [...text].slice(0, precision).join("");
  return name === "q" ? goQuote(cut) : cut;
}

function numberText(
  value: number | bigint,
  name: string,
  precision: number | undefined,
): string | undefined {
  if (name === "v") return defaultText(value);
  if (typeof value === "number") {
    return name === "f" || name === "F"
      ? goFixed(value, precision ?? 6)
      : name === "g"
      ? defaultText(value)
      : undefined;
  }
  switch (name) {
    case "d":
      return String(value);
    case "x":
      return value.toString(16);
    case "o":
      return value.toString(8);
    case "b":
      return value.toString(2);
  }
}

function pad(text: string, { flags, width, name }: Verb): string {
  const missing = Math.max(0, width - [...text].length);
  if (flags.includes("-")) return text + " ".repeat(missing);
  if (!flags.includes("0") || !/[dfFxob]/.test(name)) return " ".repeat(missing) + text;
  const [, sign = "", digits = ""] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  return sign + "0".repeat(missing) + digits;
}

function typeText(value: unknown): string {
  if (isTemplateObject(value)) return value.goType;
  if (value instanceof Map) return "map";
  if (Array.isArray(value)) return "[]interface {}";
  return {
    string: "string",
    bigint: "int",
    number: "float64",
    boolean: "bool",
  }[typeof value as string] ?? "<nil>";
}
