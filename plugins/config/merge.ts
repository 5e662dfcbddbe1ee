/** `talosctl config merge`: the contexts of another talosconfig, added to the user's. */

import type { Command, Flags } from "../../core/command.ts";
import { withPrefix } from "../../core/error_prefix.ts";
import { goQuote } from "../../core/output/go_quote.ts";
import { mergeTalosconfig, type NameConflict } from "../../core/talosconfig/merge.ts";
import { openConfig } from "./chosen_context.ts";

const flags = {
  overwrite: {
    type: "bool",
    help: "Replace contexts of the same name; without it the new ones get a number behind theirs",
  },
} as const satisfies Flags;

export const merge: Command<object, typeof flags> = {
  path: ["config", "merge"],
  usage: "<from>",
  summary: "Add the contexts of another talosconfig",
  description: `Adds all contexts of a file to yours; names that exist already get a number
behind them. The current context of that file becomes yours.`,
  example: "  talosctl config merge ./talosconfig",
  args: { rule: "min", min: 1 },
  flags,
  targets: "none",

  async run({ args: [from = ""], flags: { overwrite }, config, note }) {
    await openConfig(config);
    const source = await withPrefix("error reading config", config.openPath(from));

    let conflicts: NameConflict[] = [];
    await config.edit((talosconfig) => {
      conflicts = mergeTalosconfig(talosconfig, source.config, { overwrite });
    });
    for (const { from, to } of conflicts) {
      note(
        overwrite
          ? `overwrote talosconfig context ${goQuote(to)}`
          : `renamed talosconfig context ${goQuote(from)} -> ${goQuote(to)}`,
      );
    }
  },
};
