/** `talosctl sandbox fault`, `heal` and `power-on`: what happens to machines from outside, to see what clients make of it. */

import { clusterFlags } from "../../core/cluster_flags.ts";
import { clusterFolder } from "../../core/cluster_state.ts";
import type { Command, Context, Flags } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { goQuote } from "../../core/output/go_quote.ts";
import { faultKinds } from "./fault_kinds.ts";
import type { Order } from "./running.ts";

const { name, state } = clusterFlags;
const groupFlags = { name, state } as const satisfies Flags;

const faultFlags = {
  delay: {
    type: "duration",
    help:
      "How late answers are (slow), how long calls may still run (goaway), how long others wait (black-hole)",
  },
  after: { type: "int", help: "Bytes that still come through (reset)" },
} as const satisfies Flags;

export const sandboxGroup: Command<object, typeof groupFlags> = {
  path: ["sandbox"],
  summary: "Break and mend parts of a simulated cluster, and press power buttons",
  group: "cluster",
  args: { rule: "unchecked" },
  flags: groupFlags,
  targets: "none",
};

export const fault: Command<object, typeof faultFlags, typeof groupFlags> = {
  path: ["sandbox", "fault"],
  usage: "<node|endpoint> <fault>",
  summary: "Switch a fault on for a node or an endpoint",
  description: `Faults are ${faultKinds.join(", ")}.

A node is named by address or hostname: it fails for clients and for other nodes. An endpoint
(host:port) fails for its clients only. A new fault replaces the one before.`,
  example: `  talosctl sandbox fault 10.5.0.3 down
  talosctl sandbox fault 127.0.0.1:40001 slow --delay 2s`,
  args: {
    rule: "exact",
    min: 2,
  },
  flags: faultFlags,
  targets: "none",

  async run(ctx) {
    const { args: [target = "", kind = ""], flags, given } = ctx;
    const known = faultKinds.find((candidate) => candidate === kind);
    if (known === undefined) {
      throw new CliError(`switching a fault on: there is no ${goQuote(kind)}`, {
        hint: `known are ${faultKinds.join(", ")}`,
      });
    }
    const options = {
      ...(given.has("delay") ? { delayMs: flags.delay } : {}),
      ...(given.has("after") ? { afterBytes: flags.after } : {}),
    };
    await order(ctx, { kind: "fault", target, fault: known, options });
  },
};

// deno-lint-ignore ban-types -- no flags of its own
export const heal: Command<object, {}, typeof groupFlags> = {
  path: ["sandbox", "heal"],
  usage: "<node|endpoint>",
  summary: "Switch the fault of a node or an endpoint off",
  example: "  talosctl sandbox heal 10.5.0.3",
  args: { rule: "exact", min: 1 },
  flags: {},
  targets: "none",

  async run(ctx) {
    const [target = ""] = ctx.args;
    await order(ctx, { kind: "heal", target });
  },
};

// deno-lint-ignore ban-types -- no flags of its own
export const powerOn: Command<object, {}, typeof groupFlags> = {
  path: ["sandbox", "power-on"],
  usage: "<node>",
  summary: "Switch a node on that was shut down",
  description:
    `Presses the power button of a node, which is named by address or hostname. A node that was shut
down, or wiped by "reset", starts again; nothing happens to one that is on.`,
  example: `  talosctl shutdown -n 10.5.0.5
  talosctl sandbox power-on 10.5.0.5`,
  args: { rule: "exact", min: 1 },
  flags: {},
  targets: "none",

  async run(ctx) {
    const [target = ""] = ctx.args;
    await order(ctx, { kind: "power-on", target });
  },
};

async function order({ flags, signal }: Context<typeof groupFlags>, order: Order): Promise<void> {
  const { giveOrder, readRunning } = await import("./running.ts");
  const running = await readRunning(clusterFolder(flags.state, flags.name));
  if (running !== undefined && await giveOrder(running, order, signal)) return;
  throw new CliError(`reaching sandbox ${goQuote(flags.name)}: it is not running`, {
    hint: 'start one with "talosctl cluster create sandbox"',
  });
}
