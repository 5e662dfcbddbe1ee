/** Errors as they cross to and from a confined plugin: text, hint and code, and none of what is behind them. */

import { CliError, hintOf, RpcError, statusNames } from "../errors.ts";

/** An error as data. */
export interface WireError {
  name: string;
  message: string;
  hint?: string;
  exitCode?: number;
  /** Of a failed call. */
  code?: string;
  description?: string;
  /** Where a plugin threw it. */
  stack?: string;
}

/** Longer texts are cut. */
const maxLength = 16 * 1024;

/** What is told of an error; whatever was thrown. */
export function wireError(thrown: unknown): WireError {
  if (!(thrown instanceof Error)) return { name: "Error", message: cut(String(thrown)) };
  const { hint = hintOf(thrown), exitCode } = thrown as Partial<CliError>;
  return {
    name: cut(thrown.name),
    message: cut(thrown.message),
    ...(typeof hint === "string" ? { hint: cut(hint) } : {}),
    ...(typeof exitCode === "number" ? { exitCode } : {}),
    ...(thrown instanceof RpcError
      ? { code: thrown.code, description: cut(thrown.description) }
      : {}),
  };
}

/** As {@linkcode wireError}, and where it was thrown. */
export function wireErrorOfPlugin(thrown: unknown): WireError {
  const stack = thrown instanceof Error ? thrown.stack : undefined;
  return { ...wireError(thrown), ...(stack === undefined ? {} : { stack: cut(stack) }) };
}

/**
 * The error again. What is meant for the user keeps its text; of others `prefix` tells where they come from.
 *
 * @param value Checked here, for it may come from a plugin.
 */
export function errorOfWire(value: unknown, prefix = ""): CliError {
  const { name, message, hint, exitCode, code, description, stack } = Object(value);
  const options = {
    ...(typeof hint === "string" ? { hint: cut(hint) } : {}),
    ...(Number.isInteger(exitCode) && exitCode > 0 && exitCode < 256 ? { exitCode } : {}),
  };
  const status = statusNames.find((known) => known === code);
  const text = typeof message === "string" ? cut(message) : "it failed and does not say why";
  const isForUser = name === "CliError" || "hint" in options || "exitCode" in options;
  const error = status !== undefined && typeof description === "string"
    ? new RpcError(status, cut(description), options)
    : new CliError(isForUser ? text : prefix + text, options);
  if (typeof stack === "string") error.stack = cut(stack);
  return error;
}

function cut(text: string): string {
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}
