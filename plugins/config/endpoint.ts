/** `talosctl config endpoint`: where a context connects to. */

import type { Command } from "../../core/command.ts";
import { chosenContext } from "./chosen_context.ts";

export const endpoint: Command = {
  path: ["config", "endpoint"],
  aliases: ["endpoints"],
  usage: "<endpoint>...",
  summary: "Choose the endpoints that the current context connects to",
  description: `Endpoints are the control plane addresses that this program connects to, or a
load balancer before them. The list replaces the old one; another context can be
chosen with --context.`,
  example: "  talosctl config endpoint 10.5.0.2 10.5.0.3 10.5.0.4",
  args: { rule: "min", min: 1 },
  flags: {},
  targets: "none",

  async run({ args, config }) {
    await config.edit((talosconfig) => {
      const context = chosenContext(talosconfig, config.flags.context);
      context.endpoints = args.map((address) => address.trim());
    });
  },
};
