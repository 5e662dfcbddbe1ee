/** `talosctl dmesg`: the kernel's messages, as each node has them. */

import { concatBytes } from "../../core/bytes.ts";
import type { Command, Flags } from "../../core/command.ts";
import { insecureFlags } from "../../core/insecure_flags.ts";
import { forTerminal } from "../../core/output/raw_text.ts";
import { partialNotice } from "../../core/partial_notice.ts";

const flags = {
  ...insecureFlags,
  follow: {
    type: "bool",
    short: "f",
    help: "Keep printing what is added, until interrupted",
  },
  tail: {
    type: "bool",
    help: "Leave out messages that are there already; for use with --follow",
  },
} as const satisfies Flags;

export const dmesg: Command<object, typeof flags> = {
  path: ["dmesg"],
  summary: "Print the kernel log of nodes",
  description: "Prints the messages of the kernel, each headed by its node.",
  example: `  talosctl dmesg -n 10.5.0.2
  talosctl dmesg -n 10.5.0.2 --follow --tail`,
  group: "talos",
  args: { rule: "none" },
  flags,
  targets: "many",

  async *run({ flags: { follow, tail }, nodes, note, talos, signal, out }) {
    const machine = await talos.nodes(await nodes()).service("machine.MachineService");
    const encoder = new TextEncoder();
    const begun = new Set<string>();
    for await (const answer of machine.dmesg({ follow, tail })) {
      if ("error" in answer) {
        // An interrupt is how following ends.
        if (signal.aborted) continue;
        if (begun.has(answer.node)) note(partialNotice(`the kernel log of node ${answer.node}`));
        yield answer;
        continue;
      }
      const { node, value: { bytes } } = answer;
      if (bytes.length === 0) continue;
      begun.add(node);
      // One message is whole lines, newline included (spec/machine-read.md, 11).
      const line = concatBytes([encoder.encode(`${node}: `), bytes]);
      yield forTerminal(line, out.stdout);
    }
  },
};
