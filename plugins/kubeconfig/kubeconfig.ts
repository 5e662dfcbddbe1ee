/** `talosctl kubeconfig`: admin access to Kubernetes, fetched from a control plane node and merged, written or printed. */

import { dataChunks } from "../../core/client/data_stream.ts";
import type { Command, Context, Flags } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { unpackKubeconfig } from "../../core/kubernetes/unpack_kubeconfig.ts";
import { forTerminal } from "../../core/output/raw_text.ts";
import type { Conflict, Decision, Rename } from "./merge.ts";
import { saveKubeconfig } from "./save.ts";
import { findTarget } from "./target.ts";

const flags = {
  force: {
    type: "bool",
    short: "f",
    help: "Replace entries that exist, without asking; with --merge=false, the file",
  },
  forceContextName: {
    type: "string",
    help: "Name for the new context when merging; without it, its own",
  },
  merge: {
    type: "bool",
    short: "m",
    help:
      "Merge into the file if it exists; with --merge=false write a new file, or with --force in the place of the old one",
    default: true,
  },
} as const satisfies Flags;

/** What was done, for `-o json` and the like. */
interface SavedRecord {
  node: string;
  /** The file that was written. */
  path: string;
  /** The context that is current in it now. */
  context: string;
  /** Entries that got another name than the node gave them. */
  renamed: readonly Rename[];
}

export const kubeconfig: Command<SavedRecord, typeof flags> = {
  path: ["kubeconfig"],
  usage: "[local-path]",
  summary: "Fetch a kubeconfig with admin rights from a control plane node",
  description: `Fetches a kubeconfig with full rights from a control plane node. Without a path
it is merged into the file named by KUBECONFIG, or into ~/.kube/config, and its
context becomes the current one. With a path, a file or a folder, it is merged
or written there; "-" prints it.

Names that exist already are asked about on a terminal, and else renamed.`,
  example: `  talosctl kubeconfig -n 10.5.0.2
  talosctl kubeconfig -n 10.5.0.2 ./kubeconfig --merge=false
  talosctl kubeconfig -n 10.5.0.2 - > kubeconfig`,
  group: "talos",
  args: { rule: "max", max: 1 },
  flags,
  targets: "one",
  text: ({ renamed }) => renamed.map(renameNotice).join(""),
  nameOf: ({ context }) => context,

  async *run({ args: [named], flags, nodes, talos, env, out, output, prompt, signal }) {
    const [node = ""] = await nodes();
    // What stands in the way here is said before the node is asked.
    const target = await findTarget({ named, env, ...flags });
    const machine = await talos.node(node).service("machine.MachineService");
    const stream = machine.kubeconfig({}, { joinsData: true });
    const bytes = await unpackKubeconfig(dataChunks(stream, { opening: "error copying" }));
    if (target.isStdout) {
      yield forTerminal(bytes, out.stdout);
      return;
    }
    const saved = await saveKubeconfig(bytes, {
      ...flags,
      ...target,
      ...(out.stdout.isTerminal && !flags.force ? { ask: asker(prompt) } : {}),
      wantsContext: output !== "table",
      signal,
    });
    yield { node, path: target.path, ...saved };
  },
};

/** Asks about a conflict until the answer is one (spec/kubeconfig.md, 5.4). */
function asker(prompt: Context["prompt"]): (conflict: Conflict) => Promise<Decision> {
  return async ({ component, name }) => {
    while (true) {
      const question = `${component} "${name}" already exists [(r)ename/(o)verwrite]: `;
      const line = await prompt.line(question);
      if (line === undefined) throw new CliError("EOF");
      const answer = line.trim().toLowerCase();
      if (answer === "r" || answer === "rename") return "rename";
      if (answer === "o" || answer === "overwrite") return "overwrite";
    }
  };
}

function renameNotice({ kind, from, to }: Rename): string {
  return `renamed ${kind === "user" ? "auth info" : kind} "${from}" -> "${to}"\n`;
}
