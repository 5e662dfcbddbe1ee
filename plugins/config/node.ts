/** `talosctl config node`: which nodes a context asks when a command line names none. */

import type { Command } from "../../core/command.ts";
import { chosenContext } from "./chosen_context.ts";

export const node: Command = {
  path: ["config", "node"],
  aliases: ["nodes"],
  usage: "<endpoint>...",
  summary: "Choose the nodes that the current context asks by default",
  description: `Nodes are asked when a command line names none. The list replaces the old one,
and is cleared when nothing is given; another context can be chosen with
--context.`,
  example: `  talosctl config node 10.5.0.2 10.5.0.3
  talosctl config node`,
  args: { rule: "any" },
  flags: {},
  targets: "none",

  async run({ args, config }) {
    await config.edit((talosconfig) => {
      const context = chosenContext(talosconfig, config.flags.context);
      context.nodes = args.map((address) => address.trim());
    });
  },
};
