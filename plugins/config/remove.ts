/** `talosctl config remove`: deletes the contexts that match a pattern, but never the current one. */

import type { Command, Flags } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { compareCodePoints } from "../../core/output/code_point_order.ts";
import { goQuote } from "../../core/output/go_quote.ts";
import { openConfig } from "./chosen_context.ts";

const flags = {
  dryRun: { type: "bool", help: "Show what would be done, and change nothing" },
  noconfirm: { type: "bool", short: "y", help: "Remove without asking" },
} as const satisfies Flags;

export const remove: Command<object, typeof flags> = {
  path: ["config", "remove"],
  usage: "<context>",
  summary: "Delete contexts by name or pattern",
  description: `Removes the contexts whose names match, where * stands for any text, asking for
each. The current context is never removed.`,
  example: `  talosctl config remove lab
  talosctl config remove 'lab-*' --noconfirm`,
  args: { rule: "exact", min: 1, max: 1, completion: { positions: [], rest: "contextName" } },
  flags,
  targets: "none",

  async run({ args: [pattern = ""], flags, config: access, prompt, note }) {
    if (pattern === "") throw new CliError("no context specified");
    const { config } = await openConfig(access);
    if (config.contexts.size === 0) throw new CliError("no contexts defined");
    const matches = [...config.contexts.keys()].filter((name) => isMatch(name, pattern));
    if (matches.length === 0) throw new CliError(`no contexts matched ${goQuote(pattern)}`);

    const removed: string[] = [];
    for (const name of matches.sort(compareCodePoints)) {
      if (name === config.context) {
        const remedy = "please change it to another before removing";
        note(`skipping removal of current context ${goQuote(name)}, ${remedy}`);
      } else if (flags.noconfirm) {
        note(`removing context ${goQuote(name)}`);
        removed.push(name);
      } else if (await prompt.confirm(`remove context ${goQuote(name)}? (y/N): `)) {
        removed.push(name);
      }
    }
    if (removed.length === 0 || flags.dryRun) return;

    // Nobody is kept waiting while the user decides: the file is read anew.
    await access.edit((talosconfig) => {
      for (const name of removed) {
        if (name !== talosconfig.context) talosconfig.contexts.delete(name);
      }
    });
  },
};

/** `*` stands for any text; all else is literal. Linear in the name, whatever the pattern. */
function isMatch(name: string, pattern: string): boolean {
  const [head = "", ...rest] = pattern.split("*");
  const tail = rest.pop();
  if (tail === undefined) return name === pattern;
  if (!name.startsWith(head)) return false;
  let at = head.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - at >= tail.length && name.endsWith(tail);
}
