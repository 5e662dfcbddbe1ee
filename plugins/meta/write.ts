/** `talosctl meta write`: store a value in the META partition of nodes. */

import type { Command } from "../../core/command.ts";
import { parseKey } from "./key.ts";

export const write: Command = {
  path: ["meta", "write"],
  usage: "key value",
  summary: "Write a value to the META partition",
  description: `Stores the value under a number from 0 to 255, written in decimal or as 0x
hexadecimal; what was there is replaced. 0x0c, 0x0d and 0x0e are free for your
own use, the others have a meaning for Talos.`,
  example: "  talosctl meta write 0x0c 'rack 4' -n 10.5.0.2",
  args: { rule: "exact", min: 2, max: 2 },
  flags: {},
  targets: "many",
  nodeError: (node, error) => `error writing meta to node ${node}: ${error.message}`,

  async *run({ args: [key = "", text = ""], talos, nodes }) {
    const request = { key: parseKey(key), value: new TextEncoder().encode(text) };
    const machine = await talos.nodes(await nodes()).service("machine.MachineService");
    for await (const answer of machine.metaWrite(request)) {
      if ("error" in answer) yield answer;
    }
  },
};
