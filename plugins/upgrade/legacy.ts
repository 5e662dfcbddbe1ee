/** Upgrading in one call that pulls, installs and restarts: for nodes that know no other way (spec/machine-ops.md, 9.5). */

import { isRunningAndReady } from "../../core/action_tracker/expected_events.ts";
import { hasRebooted } from "../../core/action_tracker/post_checks.ts";
import { trackAction } from "../../core/action_tracker/track_action.ts";
import type { Entry } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { checkServerVersions } from "../../core/version_check.ts";
import { type UpgradeContext, waits } from "./flags.ts";

/** A node that has agreed to upgrade itself. */
export interface UpgradeRecord {
  node: string;
  ack: string;
  /** By this machine's clock. */
  startedAt: string;
  /** How long this program had been running by then. */
  elapsedSeconds: number;
}

const header = ["NODE", "ACK", "STARTED"];

/**
 * Asks all nodes at once. They are followed where the command waits, else each that has agreed is a record.
 *
 * @throws {CliError} `invalid reboot mode: …` for what the call does not know
 */
export async function* upgradeTheOldWay(
  ctx: UpgradeContext,
  nodes: readonly string[],
): AsyncGenerator<Entry<UpgradeRecord>> {
  const { image, preserve, stage, force, rebootMode } = ctx.flags;
  if (rebootMode !== "default" && rebootMode !== "powercycle") {
    throw new CliError(`invalid reboot mode: ${rebootMode}`);
  }
  const mode = rebootMode === "default" ? "DEFAULT" : "POWERCYCLE";
  const request = { image, preserve, stage, force, rebootMode: mode } as const;
  if (waits(ctx)) {
    return await trackAction(ctx, {
      name: "upgrade",
      nodes,
      start: (machine, options) => machine.upgrade(request, options),
      isExpected: isRunningAndReady,
      postCheck: hasRebooted,
    });
  }
  await checkServerVersions(ctx, nodes);
  const machine = await ctx.talos.nodes(nodes).service("machine.MachineService");
  let hasRow = false;
  for await (const answer of machine.upgrade(request)) {
    if ("error" in answer) {
      yield answer;
      continue;
    }
    for (const { ack } of answer.value.messages) {
      hasRow = true;
      const elapsedSeconds = performance.now() / 1000;
      yield { node: answer.node, ack, startedAt: ctx.now().toISOString(), elapsedSeconds };
    }
  }
  // The header stands there whatever the nodes have said.
  if (!hasRow && ctx.output === "table") yield `${header.join("   ")}\n`;
}

/** The rows of a record: each ends in an empty cell. */
export function acknowledgementRows(
  { node, ack, startedAt, elapsedSeconds }: UpgradeRecord,
  isFirst: boolean,
): readonly (readonly string[])[] {
  const time = startedAt.replace("T", " ").replace("Z", "").replace(/\.?0+$/, "");
  const started = `${time} +0000 UTC m=+${elapsedSeconds.toFixed(9)}`;
  const row = [node, ack, started, ""];
  return isFirst ? [header, row] : [row];
}
