/** `talosctl restart`: stops a container, for whoever runs it to start it again. */

import { containerFlags, containerSource } from "../../core/client/container_source.ts";
import type { Command } from "../../core/command.ts";

export const restart: Command<object, typeof containerFlags> = {
  path: ["restart"],
  usage: "<id>",
  summary: "Restart a container",
  description: `Stops a container of the node, which is then started again by whoever runs it.
The id is one that "talosctl containers" shows; services are restarted with
"talosctl service".`,
  example: `  talosctl restart -n 10.5.0.2 apid
  talosctl restart -n 10.5.0.2 -k kube-system/coredns-6d4b75cb6d-x2x7k:coredns`,
  group: "talos",
  args: {
    rule: "exact",
    min: 1,
    max: 1,
    completion: { positions: ["container"], rest: "error" },
  },
  flags: containerFlags,
  targets: "many",
  nodeError: (node, error) => `error restarting process on node ${node}: ${error.message}`,

  async *run({ args: [id = ""], flags, nodes, talos }) {
    const machine = await talos.nodes(await nodes()).service("machine.MachineService");
    for await (const answer of machine.restart({ ...containerSource(flags), id })) {
      if ("error" in answer) yield answer;
    }
  },
};
