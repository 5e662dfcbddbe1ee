/** `talosctl plugin-name`: what each node runs. */

import type { Command, Flags, Plugin } from "./talosctl.d.ts";

/** One line of the table; `-o json` prints it as it is. */
interface NodeVersion {
  node: string;
  tag: string;
  platform: string;
}

const flags = {
  platform: { type: "bool", help: "Show what each node runs on" },
} as const satisfies Flags;

const command: Command<NodeVersion, typeof flags> = {
  path: ["plugin-name"],
  summary: "Show which Talos each node runs",
  group: "talos",
  args: { rule: "none" },
  flags,
  targets: "many",
  layout: ({ flags }) => ({
    columns: [
      { header: "NODE", cell: ({ node }) => node },
      { header: "TAG", cell: ({ tag }) => tag },
      ...(flags.platform
        ? [{ header: "PLATFORM", cell: ({ platform }: NodeVersion) => platform }]
        : []),
    ],
  }),

  async *run({ nodes, talos }) {
    const machine = await talos.nodes(await nodes()).service("machine.MachineService");
    for await (const answer of machine.version({})) {
      if ("error" in answer) {
        yield answer; // printed after the table; the others' rows stand
        continue;
      }
      for (const { version, platform } of answer.value.messages) {
        yield { node: answer.node, tag: version?.tag ?? "", platform: platform?.name ?? "" };
      }
    }
  },
};

export default {
  name: "plugin-name",
  apiVersion: 1,
  register: (registry) => registry.command(command),
} satisfies Plugin;
