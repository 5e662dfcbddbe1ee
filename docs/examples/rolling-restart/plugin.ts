/** `talosctl rolling-restart`: nodes, or a service on them, one after the other; the next only when all are healthy. */

import type { Command, Context, Flags, Plugin } from "../talosctl.d.ts";
import { nodesWithTrouble, startOf } from "./health.ts";

/** A node that was restarted and is healthy again. */
interface RestartedNode {
  node: string;
  restarted: string;
  /** From the order until all nodes were healthy. */
  seconds: number;
}

const flags = {
  service: {
    type: "string",
    help: "Service to restart; without it the nodes are rebooted",
    completion: "rollingService",
  },
  timeout: {
    type: "duration",
    default: "10m",
    help: "How long a node may take until it is healthy again",
  },
  checkInterval: { type: "duration", default: "2s", help: "Pause between looks at the nodes" },
  yes: { type: "bool", help: "Do not ask beforehand" },
} as const satisfies Flags;

type RestartContext = Context<typeof flags>;

const rollingRestart: Command<RestartedNode, typeof flags> = {
  path: ["rolling-restart"],
  summary: "Restart nodes one after the other, waiting for each to be healthy",
  description: `Reboots the nodes in the order given, or restarts one service on them. Nothing
starts unless all of them are healthy, and no node is touched before those restarted
are healthy again. At the first that stays unhealthy it stops.`,
  example: `  talosctl rolling-restart --nodes 10.0.0.2,10.0.0.3,10.0.0.4
  talosctl rolling-restart --service kubelet --nodes 10.0.0.5,10.0.0.6 --yes`,
  group: "talos",
  args: { rule: "none" },
  flags,
  targets: "many",
  tracking: true, // nodes vanish and come back
  layout: () => ({
    columns: [
      { header: "NODE", cell: ({ node }) => node },
      { header: "RESTARTED", cell: ({ restarted }) => restarted },
      { header: "HEALTHY AFTER", cell: ({ seconds }) => `${seconds}s` },
    ],
    flush: "each",
  }),

  async *run(ctx) {
    const nodes = [...new Set(await ctx.nodes())];
    const troubles = await nodesWithTrouble(ctx.talos, nodes);
    if (troubles.length > 0) {
      throw failure(
        `nothing was restarted: ${troubles.join("; ")}`,
        "all nodes have to be healthy",
      );
    }
    await askBeforehand(ctx, nodes);
    for (const [place, node] of nodes.entries()) {
      try {
        yield await restart(ctx, node, nodes);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        const reason = ctx.signal.aborted ? "interrupted" : message;
        const left = nodes.slice(place + 1);
        throw failure(
          `stopped at ${node}: ${reason}`,
          left.length === 0 ? "it was the last one" : `not touched: ${left.join(", ")}`,
        );
      }
    }
  },
};

async function askBeforehand(ctx: RestartContext, nodes: readonly string[]): Promise<void> {
  if (ctx.flags.yes) return;
  const what = ctx.flags.service === "" ? "reboot" : `restart ${ctx.flags.service} on`;
  const isSure = await ctx.prompt.confirm(`${what} ${nodes.join(", ")}, one by one? [y/N]: `);
  if (!isSure) throw failure("nothing was restarted: the answer was not yes", "--yes answers it");
}

async function restart(
  { talos, flags, progress, signal }: RestartContext,
  node: string,
  nodes: readonly string[],
): Promise<RestartedNode> {
  const startMs = performance.now();
  const machine = await talos.node(node).service("machine.MachineService");
  const before = await startOf(talos, node, flags.service);
  if (flags.service === "") await machine.reboot({});
  else await machine.serviceRestart({ id: flags.service });

  let told = "";
  while (true) {
    const hasRestarted = ![before, undefined].includes(await startOf(talos, node, flags.service));
    const troubles = hasRestarted ? await nodesWithTrouble(talos, nodes) : ["not restarted yet"];
    const tookMs = performance.now() - startMs;
    if (troubles.length === 0) {
      progress.update(`${node}: healthy`, "succeeded");
      const restarted = flags.service || "node";
      return { node, restarted, seconds: Math.round(tookMs / 1000) };
    }
    const state = troubles.join("; ");
    if (tookMs > flags.timeout) throw new Error(`not healthy in time: ${state}`);
    if (state !== told) progress.update(`${node}: ${state}`);
    told = state;
    await pause(flags.checkInterval, signal);
  }
}

async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const stop = () => reject(signal.reason);
  const timer = setTimeout(resolve, durationMs);
  signal.addEventListener("abort", stop);
  try {
    signal.throwIfAborted();
    await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

/** An error with a hint is one for the user: it is printed as it stands. */
function failure(message: string, hint: string): Error {
  return Object.assign(new Error(message), { hint });
}

export default {
  name: "rolling-restart",
  apiVersion: 1,
  register(registry) {
    registry.command(rollingRestart);
    registry.completer("rollingService", async ({ talos, nodes }) => {
      const [node = ""] = await nodes();
      const machine = await talos.node(node).service("machine.MachineService");
      const { messages } = await machine.serviceList({});
      const candidates = messages.flatMap(({ services }) => services.map(({ id }) => id));
      return { candidates, directive: 4 }; // 4: no file names besides
    });
  },
} satisfies Plugin;
