/** `talosctl machineconfig gen`: `gen config` with all its defaults. */

import type { Command } from "../../core/command.ts";

export const gen: Command = {
  path: ["machineconfig", "gen"],
  usage: "<cluster name> <cluster endpoint>",
  summary: "Generate the configuration files of a cluster, with all defaults",
  description: `The same as "gen config" without any of its options: controlplane.yaml,
worker.yaml and talosconfig go to the working directory, and files that exist
are never replaced.`,
  example: `  talosctl machineconfig gen lab https://10.5.0.1:6443`,
  args: { rule: "exact", min: 2, max: 2 },
  flags: {},
  targets: "none",

  async run(ctx) {
    const { generateFiles } = await import("../../core/machine_config/generate/files.ts");
    const { configDefaults } = await import("../../core/machine_config/generate/flags.ts");
    await generateFiles(ctx.args, configDefaults, ctx);
  },
};
