/** `talosctl cgroups`: the control groups of a node and what they use. */

import type { Command, Context, Flags } from "../../core/command.ts";
import { withPrefix } from "../../core/error_prefix.ts";
import type { Cgroup } from "./cgroups/tree.ts";

const flags = {
  preset: {
    type: "string",
    help: "Ready-made set of columns",
    completion: "values",
    completionValues: ["cpu", "cpuset", "io", "memory", "process", "psi", "swap"],
  },
  schemaFile: { type: "string", help: "YAML file that describes the columns" },
  skipCriResolve: { type: "bool", help: "Show pods and containers by their ids" },
} as const satisfies Flags;

/** One control group: all that the kernel tells of it. */
interface CgroupRecord {
  node: string;
  /** From the root, with names in the place of ids; `/` for the root. */
  path: string;
}

/** A row of the tree, as the columns asked for make it. */
interface TreeRow {
  cells: string[];
}

export const cgroups: Command<CgroupRecord | TreeRow, typeof flags> = {
  path: ["cgroups"],
  aliases: ["cg"],
  summary: "Show the control groups of a node with their use of resources",
  description: `Shows the tree of control groups with the columns of a preset, or of a schema
file of your own; one of the two is needed for the table. Kubernetes groups
appear with the names of their pods and containers.`,
  example: `  talosctl cgroups -n 10.5.0.2 --preset memory
  talosctl cgroups -n 10.5.0.2 --schema-file columns.yaml
  talosctl cgroups -n 10.5.0.2 -o json`,
  group: "talos",
  args: { rule: "none" },
  flags,
  exclusive: [["schema-file", "preset"]],
  targets: "one",
  layout: () => ({ rows: (record) => "cells" in record ? [record.cells] : [] }),
  nameOf: (record) => "path" in record ? record.path : "",

  async *run(context) {
    const [node = ""] = await context.nodes();
    const { loadSchema } = await import("./cgroups/schema.ts");
    const columns = context.output === "table" ? await loadSchema(context.flags) : undefined;
    const root = await readTree(context, node);
    const { treeRecords, treeRows } = await import("./cgroups/rows.ts");
    if (columns === undefined) {
      for (const record of treeRecords(root)) yield { node, ...record };
      return;
    }
    yield { cells: ["NAME", ...columns.map(({ name }) => name)] };
    for (const cells of treeRows(root, columns)) yield { cells };
  },
};

/** The calls stand in the official order; only the files of the control groups themselves are needed. */
async function readTree(
  { flags: { skipCriResolve }, note, talos }: Context<typeof flags>,
  node: string,
): Promise<Cgroup> {
  const [{ buildTree }, { readArchive }, names] = await Promise.all([
    import("./cgroups/tree.ts"),
    import("./cgroups/archive.ts"),
    import("./cgroups/names.ts"),
  ]);
  const machine = await talos.node(node).service("machine.MachineService");
  const processes = await names.namesOrWarning(names.findProcessNames(machine), note);
  const devices = await names.namesOrWarning(names.findDeviceNames(machine), note);
  const entries = await readArchive(machine.copy({ rootPath: "/sys/fs/cgroup" }), {
    opening: "error copying",
    receiving: "error reading cgroups",
  });
  const pods = skipCriResolve
    ? new Map<string, string>()
    : await names.namesOrWarning(names.findPodNames(machine), note);
  return await withPrefix(
    "error reading cgroups",
    Promise.try(() => buildTree(entries, { processes, devices, cgroups: pods })),
  );
}
