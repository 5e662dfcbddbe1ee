/** `talosctl config contexts`: what the talosconfig holds, as a table. */

import type { Command } from "../../core/command.ts";
import { compareCodePoints } from "../../core/output/code_point_order.ts";
import { openConfig } from "./chosen_context.ts";

/** One context; `-o json` prints it as it is. */
interface ContextRecord {
  current: boolean;
  name: string;
  endpoints: readonly string[];
  nodes: readonly string[];
}

export const contexts: Command<ContextRecord> = {
  path: ["config", "contexts"],
  aliases: ["get-contexts"],
  summary: "List the contexts",
  example: "  talosctl config contexts",
  args: { rule: "unchecked" },
  flags: {},
  targets: "none",
  columns: [
    { header: "CURRENT", cell: ({ current }) => current ? "*" : "" },
    { header: "NAME", cell: ({ name }) => name },
    { header: "ENDPOINTS", cell: ({ endpoints }) => endpoints.join(",") },
    { header: "NODES", cell: ({ nodes }) => shortened(nodes) },
  ],

  async *run({ config: access }) {
    const { config } = await openConfig(access);
    const byName = [...config.contexts].sort(([left], [right]) => compareCodePoints(left, right));
    for (const [name, { endpoints = [], nodes = [] }] of byName) {
      yield { current: name === config.context, name, endpoints, nodes };
    }
  },
};

const shownNodes = 3;

function shortened(nodes: readonly string[]): string {
  const shown = nodes.slice(0, shownNodes).join(",");
  return nodes.length > shownNodes ? `${shown}...` : shown;
}
