/** `talosctl logs`: the log of a service or container, as each node has it. */

import { containerFlags, containerSource } from "../../core/client/container_source.ts";
import type { Command, Context, Flags, NodeError } from "../../core/command.ts";
import { RpcError } from "../../core/errors.ts";
import { insecureFlags } from "../../core/insecure_flags.ts";
import { mergeArrivals } from "../../core/merge_arrivals.ts";
import { compareCodePoints } from "../../core/output/code_point_order.ts";
import { forTerminal } from "../../core/output/raw_text.ts";
import { partialNotice } from "../../core/partial_notice.ts";
import { NodeLines } from "./node_lines.ts";

const flags = {
  ...insecureFlags,
  ...containerFlags,
  follow: {
    type: "bool",
    short: "f",
    help: "Keep printing what is added, until interrupted",
  },
  tail: {
    type: "int32",
    help: "Number of last lines to start with; -1 is all",
    default: -1,
  },
} as const satisfies Flags;

export const logs: Command<object, typeof flags> = {
  path: ["logs"],
  usage: "<service name>",
  summary: "Print the logs of a service or container",
  description: `Prints the log of a service of Talos, or with -k of a container of Kubernetes,
each line headed by its node. "talosctl services" and "talosctl containers -k"
show the names.`,
  example: `  talosctl logs -n 10.5.0.2 kubelet
  talosctl logs -n 10.5.0.2 etcd -f --tail 20
  talosctl logs -n 10.5.0.2 -k kube-system/kube-apiserver-cp-1:kube-apiserver`,
  group: "talos",
  args: {
    rule: "exact",
    min: 1,
    max: 1,
    completion: { positions: ["logSource"], rest: "error" },
  },
  flags,
  targets: "many",

  async *run(context) {
    const { stdout } = context.out;
    for await (const entry of logEntries(context)) {
      yield entry instanceof Uint8Array ? forTerminal(entry, stdout) : entry;
    }
  },
};

type LogsContext = Context<typeof flags>;

/** Whole lines as they come, failed nodes in between; lines without an end after everything else, by node. */
async function* logEntries(
  { args: [id = ""], flags, nodes, note, talos, signal }: LogsContext,
): AsyncGenerator<Uint8Array | NodeError> {
  const ended = new AbortController();
  const options = { signal: AbortSignal.any([signal, ended.signal]), joinsData: true };
  const { follow, tail: tailLines } = flags;
  const request = { ...containerSource(flags), id, follow, tailLines };
  const unfinished: { node: string; line: Uint8Array }[] = [];

  // A call a node and not one for all: a node that is named twice has two streams, whose chunks must not mix.
  async function* linesOf(node: string): AsyncGenerator<Uint8Array | NodeError> {
    const lines = new NodeLines(node);
    let hasBegun = false;
    const machine = await talos.nodes([node]).service("machine.MachineService");
    for await (const answer of machine.logs(request, options)) {
      if (!("error" in answer)) {
        hasBegun ||= answer.value.bytes.length > 0;
        yield lines.add(answer.value.bytes);
      } else if (!isCanceled(answer.error)) {
        if (hasBegun) note(partialNotice(`the log of node ${node}`));
        yield answer;
      }
    }
    unfinished.push({ node, line: lines.end() });
  }

  try {
    for await (const entry of mergeArrivals((await nodes()).map(linesOf))) {
      if ("error" in entry || entry.length > 0) yield entry;
    }
    unfinished.sort((a, b) => compareCodePoints(a.node, b.node));
    for (const { line } of unfinished) if (line.length > 0) yield line;
  } finally {
    ended.abort();
  }
}

/** An interrupt is how following ends, and a node that goes away may say the same. */
function isCanceled(error: Error): boolean {
  return error instanceof RpcError && error.code === "Canceled";
}
