/** `talosctl read`: the bytes of one file of a node. */

import { dataChunks } from "../../core/client/data_stream.ts";
import type { Command } from "../../core/command.ts";
import { streamForTerminal } from "../../core/output/raw_text.ts";
import { partialNotice } from "../../core/partial_notice.ts";

export const read: Command = {
  path: ["read"],
  aliases: ["cat"],
  usage: "<path>",
  summary: "Print a file of a node",
  example: `  talosctl read -n 10.5.0.2 /proc/cmdline
  talosctl read -n 10.5.0.2 /etc/os-release`,
  group: "talos",
  args: {
    rule: "exact",
    min: 1,
    max: 1,
    completion: { positions: ["nodePath"], rest: "error" },
  },
  flags: {},
  targets: "one",

  async *run({ args: [path = ""], nodes, note, talos, out, signal }) {
    const [node = ""] = await nodes();
    const machine = await talos.node(node).service("machine.MachineService");
    const chunks = dataChunks(machine.read({ path }, { joinsData: true }), {
      opening: "error reading file",
      receiving: "error reading",
      onPartial: () => {
        if (!signal.aborted) note(partialNotice(`what was read of "${path}"`));
      },
    });
    yield* streamForTerminal(chunks, out.stdout);
  },
};
