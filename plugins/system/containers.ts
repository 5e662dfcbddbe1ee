/** `talosctl containers`: the containers that run on nodes. */

import { containerFlags, containerSource } from "../../core/client/container_source.ts";
import { perNode } from "../../core/client/per_node.ts";
import type { Column, Command } from "../../core/command.ts";
import { containerIdCell, sortById } from "./container_rows.ts";

/** One container, or the sandbox of one pod. */
interface ContainerRecord {
  node: string;
  namespace: string;
  id: string;
  image: string;
  /** 0 when it does not run. */
  pid: number;
  status: string;
  podId: string;
  name: string;
  /** Empty in the network of the host. */
  networkNamespace: string;
  internalId: string;
  /** The UID of the pod, for its sandbox only. */
  uid: string;
}

export const containers: Command<ContainerRecord, typeof containerFlags> = {
  path: ["containers"],
  aliases: ["c"],
  summary: "List the containers of nodes",
  description: `Lists the containers of Talos itself, or with -k the pods of Kubernetes with
their containers.`,
  example: `  talosctl containers -n 10.5.0.2
  talosctl containers -n 10.5.0.2 -k`,
  group: "talos",
  args: { rule: "none" },
  flags: containerFlags,
  targets: "many",
  layout: () => ({ columns, flush: "idle" }),

  async *run({ flags, nodes, talos }) {
    const machine = await talos.nodes(await nodes()).service("machine.MachineService");
    const answers = machine.containers(containerSource(flags));
    yield* perNode(
      answers,
      ({ messages }) => messages.flatMap((message) => sortById(message.containers)),
    );
  },
};

// Spec/machine-read.md, 4.
const columns: Column<ContainerRecord>[] = [
  { header: "NODE", cell: ({ node }) => node },
  { header: "NAMESPACE", cell: ({ namespace }) => namespace },
  { header: "ID", cell: containerIdCell },
  { header: "IMAGE", cell: ({ image }) => image },
  { header: "PID", cell: ({ pid }) => String(pid) },
  { header: "STATUS", cell: ({ status }) => status },
];
