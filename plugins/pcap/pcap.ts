/** `talosctl pcap`: the packets of a node's network interface, as text or as a file for other tools. */

import { dataChunks } from "../../core/client/data_stream.ts";
import type { Command, Context, Flags } from "../../core/command.ts";
import { CliError, RpcError, type StatusName, UnopenedCallError } from "../../core/errors.ts";
import { fileError } from "../../core/files/errors.ts";
import { refuseTerminal } from "../../core/output/raw_text.ts";
import { partialNotice } from "../../core/partial_notice.ts";
import { takeFirst } from "../../core/take_first.ts";
import { parseBpfFilter } from "./bpf_filter.ts";

const flags = {
  bpfFilter: { type: "string", help: "Filter for packets in the form that tcpdump -dd prints" },
  duration: { type: "duration", help: "End after this time; 0 goes on until interrupted" },
  interface: {
    type: "string",
    short: "i",
    help: "Network interface to capture on",
    default: "eth0",
  },
  output: {
    type: "string",
    short: "o",
    help: "File to save packets to; - is stdout; without it, packets are printed",
  },
  promiscuous: { type: "bool", help: "Capture packets that are meant for others too" },
  snaplen: {
    type: "int",
    short: "s",
    help: "Accepted for old scripts; without effect",
    default: 4096,
    hidden: true,
    deprecated: "support of snap length is removed",
  },
} as const satisfies Flags;

export const pcap: Command<object, typeof flags> = {
  path: ["pcap"],
  aliases: ["tcpdump"],
  summary: "Capture network packets on a node",
  description: `Captures what passes a network interface of the node. Packets are printed in
short; with --output they are saved for Wireshark and the like. It runs until it
is interrupted or --duration is over.`,
  example: `  talosctl pcap -n 10.5.0.2 -i eth0
  talosctl pcap -n 10.5.0.2 -i eth0 --duration 30s -o capture.pcap
  talosctl pcap -n 10.5.0.2 -o - --bpf-filter "$(tcpdump -dd -y EN10MB tcp port 80)" | tcpdump -r -`,
  group: "talos",
  args: { rule: "none" },
  flags,
  targets: "one",

  async *run(context) {
    const { output } = context.flags;
    if (output === "-") refuseTerminal(context.out.stdout, "a file of packets");
    const chunks = await capture(context);
    if (output === "") yield* packetTexts(chunks, context.signal);
    else if (output === "-") yield* untilDeadline(chunks);
    else await save(untilDeadline(chunks), output);
  },
};

type PcapContext = Context<typeof flags>;

/** What the node sends: one file of packets. */
async function capture(
  { flags, nodes, note, talos, signal }: PcapContext,
): Promise<AsyncGenerator<Uint8Array>> {
  const { interface: name, promiscuous, bpfFilter, duration } = flags;
  const [node = ""] = await nodes();
  const request = { interface: name, promiscuous, bpfFilter: parseBpfFilter(bpfFilter) };
  const machine = await talos.node(node).service("machine.MachineService");
  const begun = await takeFirst(dataChunks(
    machine.packetCapture(request, duration > 0 ? { timeoutMs: duration } : {}),
    {
      opening: "error copying",
      onPartial: (failure) => {
        const isAsked = signal.aborted || failure.code === "DeadlineExceeded";
        if (!isAsked) note(partialNotice("the capture"));
      },
    },
  ));
  // No file is made for a capture that cannot begin.
  if (begun.error instanceof CliError && begun.error.cause instanceof UnopenedCallError) {
    throw begun.error;
  }
  return begun.all();
}

/** Running out of time is how `--duration` ends a capture. */
async function* untilDeadline(
  chunks: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    if (!hasCode(error, "DeadlineExceeded")) throw error;
  }
}

async function* packetTexts(
  chunks: AsyncGenerator<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const { readPackets } = await import("./packet_texts.ts");
  try {
    yield* readPackets(chunks);
  } catch (error) {
    // An interrupt is how watching ends.
    if (!signal.aborted || !hasCode(error, "Canceled")) throw error;
  }
}

function hasCode(error: unknown, code: StatusName): boolean {
  if (error instanceof RpcError) return error.code === code;
  return error instanceof CliError && hasCode(error.cause, code);
}

async function save(chunks: AsyncIterable<Uint8Array>, path: string): Promise<void> {
  const options = { write: true, create: true, truncate: true };
  using file = await Deno.open(path, options).catch((error: unknown) => {
    throw fileError("open", path, error);
  });
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      at += await file.write(chunk.subarray(at)).catch((error: unknown) => {
        throw fileError("write", path, error);
      });
    }
  }
}
