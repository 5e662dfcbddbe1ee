/** `talosctl rollback`: back to the system that the last upgrade replaced. */

import type { Command } from "../../core/command.ts";
import { failuresOnly } from "./failures_only.ts";

export const rollback: Command = {
  path: ["rollback"],
  summary: "Go back to the Talos version installed before",
  description: `Restarts the nodes into the system that the last upgrade replaced. It returns as
soon as the nodes have agreed. The machine configuration and the data on the
node stay as they are.`,
  example: "  talosctl rollback -n 10.5.0.3",
  group: "talos",
  args: { rule: "unchecked" },
  flags: {},
  targets: "many",
  nodeError: (node, error) => `error executing rollback on node ${node}: ${error.message}`,

  async *run({ nodes, talos }) {
    const machine = await talos.nodes(await nodes()).service("machine.MachineService");
    yield* failuresOnly(machine.rollback({}));
  },
};
