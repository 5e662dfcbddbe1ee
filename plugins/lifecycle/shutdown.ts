/** `talosctl shutdown`: powers nodes off and follows them until their services stop. */

import { isStoppingAllServices } from "../../core/action_tracker/expected_events.ts";
import { trackAction } from "../../core/action_tracker/track_action.ts";
import { trackerFlags } from "../../core/action_tracker/tracker_flags.ts";
import type { Command, Flags } from "../../core/command.ts";
import { askBeforehand, guardFlags } from "../../core/guard_rail.ts";
import { checkServerVersions } from "../../core/version_check.ts";
import { failuresOnly } from "./failures_only.ts";

const flags = {
  force: { type: "bool", help: "Do not wait for pods to be moved elsewhere" },
  ...trackerFlags,
  ...guardFlags,
} as const satisfies Flags;

export const shutdown: Command<object, typeof flags> = {
  path: ["shutdown"],
  summary: "Power off nodes",
  description: `Drains the nodes, stops their services and powers them off, all at once. Someone
must be able to switch them on again. On a terminal you are asked first where
several nodes are named.`,
  example: `  talosctl shutdown -n 10.5.0.3
  talosctl shutdown -n 10.5.0.2,10.5.0.3 --force --wait=false`,
  group: "talos",
  args: { rule: "none" },
  flags,
  targets: "many",
  tracking: true,
  nodeError: (node, error) => `error executing shutdown on node ${node}: ${error.message}`,

  async *run(ctx) {
    const { force, wait, debug } = ctx.flags;
    const nodes = await ctx.nodes();
    if (nodes.length > 1) {
      const consequences = nodes.map((node) => `${node}: is powered off`);
      await askBeforehand(ctx, `Power off these ${nodes.length} nodes?`, consequences);
    }
    if (wait || debug) {
      return await trackAction(ctx, {
        name: "shutdown",
        nodes,
        start: (machine, options) => machine.shutdown({ force }, options),
        isExpected: isStoppingAllServices,
      });
    }
    await checkServerVersions(ctx, nodes);
    const machine = await ctx.talos.nodes(nodes).service("machine.MachineService");
    yield* failuresOnly(machine.shutdown({ force }));
  },
};
