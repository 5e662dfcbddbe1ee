/** `talosctl meta delete`: remove a value from the META partition of nodes. */

import type { Command } from "../../core/command.ts";
import { parseKey } from "./key.ts";

export const metaDelete: Command = {
  path: ["meta", "delete"],
  usage: "key",
  summary: "Delete a value from the META partition",
  description: `Deletes the value under a number from 0 to 255, written in decimal or as 0x
hexadecimal.`,
  example: "  talosctl meta delete 0x0c -n 10.5.0.2",
  args: { rule: "exact", min: 1, max: 1 },
  flags: {},
  targets: "many",
  nodeError: (node, error) => `error deleting meta from node ${node}: ${error.message}`,

  async *run({ args: [key = ""], talos, nodes }) {
    const request = { key: parseKey(key) };
    const machine = await talos.nodes(await nodes()).service("machine.MachineService");
    for await (const answer of machine.metaDelete(request)) {
      if ("error" in answer) yield answer;
    }
  },
};
