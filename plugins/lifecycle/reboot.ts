/** `talosctl reboot`: restarts nodes and follows them until they are up again. */

import { isRunningAndReady } from "../../core/action_tracker/expected_events.ts";
import { hasRebooted } from "../../core/action_tracker/post_checks.ts";
import { trackAction } from "../../core/action_tracker/track_action.ts";
import { trackerFlags } from "../../core/action_tracker/tracker_flags.ts";
import type { Command, Context, Flags } from "../../core/command.ts";
import { withPrefix } from "../../core/error_prefix.ts";
import { askBeforehand, guardFlags } from "../../core/guard_rail.ts";
import { progressFlags } from "../../core/progress_flags.ts";
import { rebootModeFlag } from "../../core/reboot_mode_flag.ts";
import { checkServerVersions } from "../../core/version_check.ts";
import { failuresOnly } from "./failures_only.ts";

const flags = {
  mode: rebootModeFlag,
  drain: {
    type: "bool",
    help: "Move pods off the node before the reboot, and let them back after it; implies --wait",
  },
  drainTimeout: {
    type: "duration",
    help: "Time for moving pods away before giving up",
    default: "5m0s",
  },
  ...progressFlags,
  ...trackerFlags,
  ...guardFlags,
} as const satisfies Flags;

const modes: Readonly<Record<string, "DEFAULT" | "FORCE" | "POWERCYCLE">> = {
  default: "DEFAULT",
  force: "FORCE",
  powercycle: "POWERCYCLE",
};

export const reboot: Command<object, typeof flags> = {
  path: ["reboot"],
  summary: "Restart nodes",
  description: `Restarts the nodes all at once and follows them until they are up again. Use
--drain to move their pods elsewhere first; to keep a cluster in service,
restart its nodes a few at a time. On a terminal you are asked first where
several nodes are named.`,
  example: `  talosctl reboot -n 10.5.0.3
  talosctl reboot -n 10.5.0.3 --drain --drain-timeout 10m
  talosctl reboot -n 10.5.0.3 --mode powercycle --wait=false`,
  group: "talos",
  args: { rule: "none" },
  flags,
  targets: "many",
  tracking: true,
  nodeError: (node, error) => `error executing reboot on node ${node}: ${error.message}`,

  async *run(ctx) {
    const { wait, debug, drain } = ctx.flags;
    const nodes = await ctx.nodes();
    const mode = modes[ctx.flags.mode];
    if (nodes.length > 1) {
      const consequences = nodes.map((node) => `${node}: restarts`);
      await askBeforehand(ctx, `Restart these ${nodes.length} nodes at once?`, consequences);
    }
    if (drain) return await rebootDrained(ctx, nodes);
    if (wait || debug) return await rebootTracked(ctx, nodes);
    await checkServerVersions(ctx, nodes);
    const machine = await ctx.talos.nodes(nodes).service("machine.MachineService");
    yield* failuresOnly(machine.reboot({ mode }));
  },
};

async function rebootTracked(
  ctx: Context<typeof flags>,
  nodes: readonly string[],
): Promise<void> {
  const mode = modes[ctx.flags.mode];
  await trackAction(ctx, {
    name: "reboot",
    nodes,
    start: (machine, options) => machine.reboot({ mode }, options),
    isExpected: isRunningAndReady,
    postCheck: hasRebooted,
  });
}

/** Nodes whose reboot has failed take pods again too. */
async function rebootDrained(
  ctx: Context<typeof flags>,
  nodes: readonly string[],
): Promise<void> {
  const { drainTimeout, timeout } = ctx.flags;
  const { drainNodes, thenUncordon } = await import("../../core/drain/drain.ts");
  await withPrefix("error draining nodes", drainNodes(ctx, nodes, { timeoutMs: drainTimeout }));
  await thenUncordon(ctx, nodes, { timeoutMs: timeout }, rebootTracked(ctx, nodes));
}
