/** `talosctl patch machineconfig`: patches for the configurations that nodes have. */

import type { Command, Flags } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import {
  type ApplicationRecord,
  applyRequest,
  recordOf,
  skippedRecord,
  tell,
} from "./application.ts";
import { configType, openConfigs } from "./config_in_force.ts";
import { modeFlags, namespaceFlag } from "./mode_flags.ts";
import { withoutComments } from "./without_comments.ts";

const flags = {
  ...modeFlags,
  ...namespaceFlag,
  patch: {
    type: "stringArray",
    short: "p",
    help: "Patch to apply, inline or as @file; can be repeated",
  },
  patchFile: { type: "string", help: "File with a patch, applied after those of --patch" },
} as const satisfies Flags;

export const patch: Command<ApplicationRecord, typeof flags> = {
  path: ["patch"],
  usage: "machineconfig",
  summary: "Change parts of the machine configuration of nodes",
  description: `Fetches the configuration of each node, applies the patches in the order given
and sends it back. A patch is a piece of configuration to merge, or a list of
JSON patch operations (RFC 6902), inline or as @file. Nodes are taken one after
the other, and the first failure ends the command.

The only type that can be patched is machineconfig, and its id need not be
given.`,
  example: `  talosctl patch machineconfig -n 10.5.0.2 -p @sysctls.yaml
  talosctl patch machineconfig -n 10.5.0.2,10.5.0.3 --patch-file labels.yaml --dry-run
  talosctl patch machineconfig -n 10.5.0.2 -p '{"machine":{"install":{"wipe":false}}}'`,
  group: "talos",
  args: { rule: "range", min: 1, max: 2 },
  flags,
  targets: "many",
  text: () => "",

  async *run(ctx) {
    const { patch, patchFile } = ctx.flags;
    const given = patchFile === "" ? patch : [...patch, `@${patchFile}`];
    if (given.length === 0) throw new CliError("either --patch or --patch-file should be defined");
    const { loadPatches } = await import("../../core/machine_config/load_patch.ts");
    const { applyPatches } = await import("../../core/machine_config/apply_patches.ts");
    const patches = await loadPatches(given);
    const nodes = await ctx.nodes();
    const configOf = await openConfigs(ctx, nodes);
    for (const node of nodes) {
      const before = await configOf(node);
      const after = await applyPatches(before, patches);
      const machine = await ctx.talos.node(node).service("machine.MachineService");
      const request = applyRequest(new TextEncoder().encode(after), ctx.flags);
      // Sent also where nothing changes: that counts as an application too, and ends one that is tried.
      const outcome = await Promise.allSettled([machine.applyConfiguration(request)]);
      if (withoutComments(before).trim() === withoutComments(after).trim()) {
        const record = skippedRecord(node, "no changes detected");
        tell(ctx, record);
        yield record;
        continue;
      }
      if (ctx.output === "table") ctx.note(`patched ${configType}/v1alpha1 at the node ${node}`);
      const [result] = outcome;
      if (result.status === "rejected") throw result.reason;
      const record = recordOf(node, result.value);
      tell(ctx, record);
      yield record;
    }
  },
};
