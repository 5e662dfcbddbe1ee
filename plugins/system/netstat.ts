/** `talosctl netstat`: the connections and sockets of nodes and of the pods on them. */

import { perNode } from "../../core/client/per_node.ts";
import type { Column, Command, Context, Entry, Flags, FlagsOf } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { goFixed } from "../../core/output/go_float.ts";
import type { ConnectRecord } from "../../proto/gen/machine/machine.ts";
import { netstatRequest } from "./netstat_request.ts";
import { findPodNetworks, type PodNetworks } from "./pods.ts";

/** One socket; its fields are those of the node's answer. */
type SocketRecord = { node: string; pod?: string } & ConnectRecord;

const flags = {
  all: { type: "bool", short: "a", help: "Show connected and listening sockets" },
  extend: { type: "bool", short: "x", help: "Add user and inode" },
  ipv4: { type: "bool", short: "4", help: "IPv4 only" },
  ipv6: { type: "bool", short: "6", help: "IPv6 only" },
  listening: { type: "bool", short: "l", help: "Show listening sockets" },
  pods: { type: "bool", short: "k", help: "Show sockets of all pods, with their names" },
  programs: { type: "bool", short: "p", help: "Add the process" },
  raw: { type: "bool", short: "w", help: "Show raw sockets" },
  tcp: { type: "bool", short: "t", help: "Show TCP sockets" },
  timers: { type: "bool", short: "o", help: "Add timers" },
  udp: { type: "bool", short: "u", help: "Show UDP sockets" },
  udplite: { type: "bool", short: "U", help: "Show UDP-Lite sockets" },
  verbose: { type: "bool", short: "v", help: "Show sockets of all protocols" },
} as const satisfies Flags;

export const netstat: Command<SocketRecord, typeof flags> = {
  path: ["netstat"],
  aliases: ["ss"],
  summary: "List network connections and sockets of nodes",
  description: `Lists sockets of the node: TCP and UDP unless other protocols are chosen,
connected ones unless -l or -a is given. With a pod, as namespace/name, those in
its network; with -k those of all pods.`,
  example: `  talosctl netstat -n 10.5.0.2 -l -p
  talosctl netstat -n 10.5.0.2 -a -t -4
  talosctl netstat -n 10.5.0.2 kube-system/coredns-6d4b75cb6d-x2x7k`,
  group: "talos",
  args: { rule: "max", max: 1, completion: { positions: ["pod"], rest: "error" } },
  flags,
  targets: "many",
  layout: ({ flags }) => ({ columns: columnsFor(flags), header: "first row" }),
  nameOf: ({ l4proto, localip, localport }) => `${l4proto}/${localip}:${localport}`,

  async *run({ args: [pod], flags, nodes, talos }) {
    if (pod !== undefined && flags.pods) {
      throw new CliError("cannot use --pods and specify a pod");
    }
    const all = await nodes();
    if (pod === undefined && !flags.pods) {
      yield* askSockets({ talos, nodes: all }, netstatRequest(flags));
      return;
    }

    const networks = await findPodNetworks(talos, all);
    if (pod === undefined) {
      yield* withPods(askSockets({ talos, nodes: all }, netstatRequest(flags)), networks);
    } else {
      const { node, network } = findPod(networks, pod);
      yield* askSockets({ talos, nodes: [node] }, netstatRequest(flags, network));
    }
  },
};

async function* askSockets(
  { talos, nodes }: { talos: Context["talos"]; nodes: readonly string[] },
  request: ReturnType<typeof netstatRequest>,
): AsyncGenerator<Entry<SocketRecord>> {
  const machine = await talos.nodes(nodes).service("machine.MachineService");
  yield* perNode(
    machine.netstat(request),
    ({ messages }) => messages.flatMap((message) => message.connectrecord),
  );
}

async function* withPods(
  entries: AsyncIterable<Entry<SocketRecord>>,
  networks: ReadonlyMap<string, PodNetworks>,
): AsyncGenerator<Entry<SocketRecord>> {
  for await (const entry of entries) {
    if (typeof entry !== "object" || !("netns" in entry)) yield entry;
    else yield { ...entry, pod: podText(entry, networks.get(entry.node)) };
  }
}

/** A dash for the node's own network; empty for one that no known pod has (spec/machine-read.md, 8). */
function podText({ netns }: ConnectRecord, pods: PodNetworks | undefined): string {
  if (netns === "" || pods === undefined || pods.size === 0) return "-";
  return pods.get(netns) ?? "";
}

/** @throws {CliError} when it is on none of the nodes, or has no network of its own. */
function findPod(
  networks: ReadonlyMap<string, PodNetworks>,
  wanted: string,
): { node: string; network: string } {
  for (const [node, pods] of networks) {
    for (const [network, id] of pods) {
      if (id === wanted.toLowerCase()) return { node, network };
    }
  }
  throw new CliError(`pod ${wanted} not found`);
}

const firstColumns: Column<SocketRecord>[] = [
  { header: "NODE", cell: ({ node }) => node },
  { header: "Proto", cell: ({ l4proto }) => l4proto },
  { header: "Recv-Q", cell: ({ rxqueue }) => rxqueue },
  { header: "Send-Q", cell: ({ txqueue }) => txqueue },
  { header: "Local Address", cell: ({ localip, localport }) => `${localip}:${localport}` },
  {
    header: "Foreign Address",
    cell: ({ remoteip, remoteport }) => `${remoteip}:${remoteport === 0 ? "*" : remoteport}`,
  },
  { header: "State", cell: ({ state }) => state === "CLOSE" ? "" : state },
];

function columnsFor(
  { extend, programs, pods, timers }: FlagsOf<typeof flags>,
): Column<SocketRecord>[] {
  const columns = [...firstColumns];
  if (extend) {
    columns.push({ header: "Uid", cell: ({ uid }) => String(uid) });
    columns.push({ header: "Inode", cell: ({ inode }) => inode });
  }
  if (programs) columns.push({ header: "PID/Program name", cell: programCell });
  if (pods) columns.push({ header: "Pod", cell: ({ pod = "" }) => pod });
  if (timers) columns.push({ header: "Timer", cell: timerCell });
  return columns;
}

function programCell({ process }: SocketRecord): string {
  return process === undefined || process.pid === 0 ? "-" : `${process.pid}/${process.name}`;
}

function timerCell({ tr, timerwhen, retrnsmt, timeout }: SocketRecord): string {
  return `${tr.toLowerCase()} (${goFixed(Number(timerwhen) / 100, 2)}/${retrnsmt}/${timeout})`;
}
