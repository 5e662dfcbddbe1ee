/** `talosctl upgrade`: has nodes install another version of Talos and restart into it (spec/machine-ops.md, 9). */

import { isRunningAndReady } from "../../core/action_tracker/expected_events.ts";
import { hasRebooted } from "../../core/action_tracker/post_checks.ts";
import { trackAction } from "../../core/action_tracker/track_action.ts";
import type { Command } from "../../core/command.ts";
import { containerdInstance } from "../../core/containerd_instance.ts";
import { withPrefix } from "../../core/error_prefix.ts";
import { CliError } from "../../core/errors.ts";
import { askBeforehand } from "../../core/guard_rail.ts";
import { pullImage } from "../../core/image_pull/pull_image.ts";
import { joinFailures } from "../../core/join_failures.ts";
import { checkServerVersions } from "../../core/version_check.ts";
import { flags, type UpgradeContext, waits } from "./flags.ts";
import { installImage } from "./install.ts";
import { acknowledgementRows, type UpgradeRecord, upgradeTheOldWay } from "./legacy.ts";
import { knowUpgradeApi } from "./upgrade_api.ts";

export const upgrade: Command<UpgradeRecord, typeof flags> = {
  path: ["upgrade"],
  summary: "Install another Talos version on nodes",
  description: `Has the nodes pull the installer image, install it, and restart into it, with
their pods moved elsewhere meanwhile. Each step is done on all nodes named at
once: name one at a time to keep a cluster in service. On a terminal you are
asked first where several are named.

The default image has no system extensions. For nodes that use some, give the
image of their own schematic from the Image Factory. Kubernetes is not touched:
see "upgrade-k8s".`,
  example: `  talosctl upgrade -n 10.5.0.3
  talosctl upgrade -n 10.5.0.3 --image factory.talos.dev/metal-installer/<schematic>:v1.14.0
  talosctl upgrade -n 10.5.0.3 --drain=false --reboot-mode powercycle`,
  group: "talos",
  args: { rule: "none" },
  flags,
  targets: "many",
  tracking: true,
  layout: ({ first }) => ({ rows: (record) => acknowledgementRows(record, record === first) }),
  nodeError: (node, error) => `error from node ${node}: error performing upgrade: ${error.message}`,

  async *run(ctx) {
    const { image, namespace, legacy } = ctx.flags;
    const nodes = await ctx.nodes();
    if (nodes.length > 1) {
      const restarts = ctx.flags.noReboot && !legacy ? "" : ", then restarts";
      const consequences = nodes.map((node) => `${node}: installs ${image}${restarts}`);
      await askBeforehand(ctx, `Upgrade these ${nodes.length} nodes at once?`, consequences);
    }
    if (legacy) {
      ctx.note(
        "WARNING: Forcing use of legacy upgrade method. This flag is deprecated and will be removed in Talos 1.18.",
      );
      return yield* upgradeTheOldWay(ctx, nodes);
    }
    containerdInstance(namespace); // a word that names none is said before any node is asked
    if (!await knowUpgradeApi(ctx, nodes)) {
      ctx.progress.update("New upgrade API is not available, falling back to legacy", "error");
      return yield* upgradeTheOldWay(ctx, nodes);
    }
    const isStyled = ctx.out.stderr.isTerminal && ctx.flags.progress !== "plain";
    const pull = { nodes, namespace, image, showsLayers: isStyled };
    await withPrefix("error pulling upgrade image", pullImage(ctx, pull));
    const installation = { nodes, namespace, image, showsOutput: isStyled };
    await withPrefix("error during upgrade", installImage(ctx, installation));
    if (!ctx.flags.noReboot) await restart(ctx, nodes);
  },
};

async function restart(ctx: UpgradeContext, nodes: readonly string[]): Promise<void> {
  const { drain, drainTimeout, timeout } = ctx.flags;
  const reboot = () => withPrefix("error during upgrade", rebootAll(ctx, nodes));
  if (!drain) return await reboot();
  const { drainNodes, thenUncordon } = await import("../../core/drain/drain.ts");
  await drainNodes(ctx, nodes, { timeoutMs: drainTimeout });
  await thenUncordon(ctx, nodes, { timeoutMs: timeout }, reboot());
}

const modes: Readonly<Record<string, "DEFAULT" | "FORCE" | "POWERCYCLE">> = {
  default: "DEFAULT",
  force: "FORCE",
  powercycle: "POWERCYCLE",
};

async function rebootAll(ctx: UpgradeContext, nodes: readonly string[]): Promise<void> {
  const mode = modes[ctx.flags.rebootMode];
  if (waits(ctx)) {
    return await trackAction(ctx, {
      name: "reboot",
      nodes,
      start: (machine, options) => machine.reboot({ mode }, options),
      isExpected: isRunningAndReady,
      postCheck: hasRebooted,
    });
  }
  await checkServerVersions(ctx, nodes);
  const machine = await ctx.talos.nodes(nodes).service("machine.MachineService");
  const failures: CliError[] = [];
  for await (const answer of machine.reboot({ mode })) {
    if (!("error" in answer)) continue;
    const { node, error: cause } = answer;
    failures.push(
      new CliError(`error executing reboot on node ${node}: ${cause.message}`, { cause }),
    );
  }
  if (failures.length > 0) throw joinFailures(failures);
}
