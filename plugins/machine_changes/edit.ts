/** `talosctl edit machineconfig`: the configurations that nodes have, changed in an editor. */

import type { Command, Context, Flags } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { goQuote } from "../../core/output/go_quote.ts";
import {
  type ApplicationRecord,
  applyRequest,
  recordOf,
  skippedRecord,
  tell,
} from "./application.ts";
import { configType, openConfigs } from "./config_in_force.ts";
import { readEditedFile, removeEditedFiles, writeEditedFile } from "./edited_file.ts";
import { openEditor } from "./editor.ts";
import { modeFlags, namespaceFlag } from "./mode_flags.ts";
import { withoutComments } from "./without_comments.ts";

const flags = { ...modeFlags, ...namespaceFlag } as const satisfies Flags;

export const edit: Command<ApplicationRecord, typeof flags> = {
  path: ["edit"],
  usage: "machineconfig",
  summary: "Change the machine configuration of nodes in an editor",
  description: `Opens the configuration in the editor (TALOS_EDITOR, then EDITOR, else vi) and
applies what was saved. If a node refuses it, the editor opens again with the
reason. Nodes are edited one after the other; leave the text unchanged or empty
to skip one.

The only type that can be edited is machineconfig, and its id need not be given.`,
  example: `  talosctl edit machineconfig -n 10.5.0.2
  EDITOR=nano talosctl edit machineconfig -n 10.5.0.2 --mode=staged`,
  group: "talos",
  args: { rule: "range", min: 1, max: 2 },
  flags,
  targets: "many",
  text: () => "",

  async *run(ctx) {
    const nodes = await ctx.nodes();
    const configOf = await openConfigs(ctx, nodes);
    // Kept from node to node, as the official client does: the next one's first round shows it.
    const refusal: Refusal = { text: "" };
    for (const node of nodes) {
      const record = await editNode(ctx, { node, body: await configOf(node), refusal });
      tell(ctx, record);
      yield record;
    }
  },
};

/** Why a configuration was refused last; empty before that. */
interface Refusal {
  text: string;
}

interface Edited {
  node: string;
  body: string;
  refusal: Refusal;
}

async function editNode(
  ctx: Context<typeof flags>,
  { node, body, refusal }: Edited,
): Promise<ApplicationRecord> {
  const files: string[] = [];
  let previous = body;
  while (true) {
    const header = `# Editing ${configType}/v1alpha1 at node ${node}\n`;
    const path = await writeEditedFile(ctx.env, header + commentOf(refusal) + previous);
    files.push(path);
    // Where the editor fails, the files stay: they may be all that is left of the changes.
    await openEditor(ctx, path);
    const saved = withoutHeader(await readEditedFile(path));

    if (refusal.text !== "" && withoutComments(saved) === withoutComments(previous)) {
      await removeEditedFiles(files);
      throw new CliError(
        `${commentOf(refusal)}A copy of your changes has been stored to ${goQuote(path)}\n` +
          "Edit canceled, no valid changes were saved.\n",
      );
    }
    const outcome = await applyEdited(ctx, { node, body, saved });
    if (!("refused" in outcome)) {
      await removeEditedFiles(files);
      return outcome;
    }
    refusal.text = outcome.refused;
    previous = saved;
  }
}

async function applyEdited(
  ctx: Context<typeof flags>,
  { node, body, saved }: { node: string; body: string; saved: string },
): Promise<ApplicationRecord | { refused: string }> {
  if (withoutComments(saved).trim() === "") return skippedRecord(node, "empty file");
  if (saved === body) return skippedRecord(node, "no changes detected");
  const machine = await ctx.talos.node(node).service("machine.MachineService");
  try {
    const request = applyRequest(new TextEncoder().encode(saved), ctx.flags);
    return recordOf(node, await machine.applyConfiguration(request));
  } catch (error) {
    if (!(error instanceof CliError) || ctx.signal.aborted) throw error;
    return { refused: error.message };
  }
}

/** A refusal as lines that are taken out again, behind an empty one. */
function commentOf({ text }: Refusal): string {
  if (text === "") return "";
  const lines = text.replace(/\n$/, "").split("\n");
  return ["", ...lines].map((line) => `# ${line}\n`).join("");
}

/** The text behind the leading lines that begin with `# `. */
function withoutHeader(text: string): string {
  return text.replace(/^(?:# .*(?:\n|$))+/, "");
}
