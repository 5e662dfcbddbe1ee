/** `talosctl config context`: makes another context the current one. */

import type { Command } from "../../core/command.ts";
import { chosenContext, definedContext } from "./chosen_context.ts";

export const context: Command = {
  path: ["config", "context"],
  aliases: ["use-context"],
  usage: "<context>",
  summary: "Choose the current context",
  example: "  talosctl config context lab",
  args: { rule: "exact", min: 1, max: 1, completion: { positions: [], rest: "contextName" } },
  flags: {},
  targets: "none",

  async run({ args: [name = ""], config }) {
    await config.edit((talosconfig) => {
      // An empty name asks for the current context, and then clears it (spec/client.md, 2.4).
      if (name === "") chosenContext(talosconfig, "");
      else definedContext(talosconfig, name);
      talosconfig.context = name;
    });
  },
};
