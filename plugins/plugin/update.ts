/** `talosctl plugin update`: fetches plugins again from where they came, and shows what they want that is new. */

import type { Command, Context } from "../../core/command.ts";
import { withPrefix } from "../../core/error_prefix.ts";
import { CliError } from "../../core/errors.ts";
import { joinFailures } from "../../core/join_failures.ts";
import type { PluginGrant } from "../../core/plugin_grants.ts";
import { approvalFlags, approve } from "./approval.ts";
import { learnCommands, putInPlace } from "./install.ts";
import { findInstalled, type InstalledPlugin, readInstallation } from "./installed.ts";
import { changedRightsLines } from "./rights_text.ts";
import { type StagedPlugin, stagePlugin } from "./staged_plugin.ts";

/** What became of one plugin; `-o json` prints it as it is. */
interface UpdatedPlugin {
  name: string;
  status: "updated" | "current";
  /** The version before, where its manifest tells it. */
  from?: string;
  to?: string;
  source: string;
}

type UpdateContext = Context<typeof approvalFlags>;

export const update: Command<UpdatedPlugin, typeof approvalFlags> = {
  path: ["plugin", "update"],
  usage: "[<name>...]",
  summary: "Update plugins from where they were added from",
  description: `Fetches each named plugin, or all of them, from the source it was added from. What
is new is shown and has to be approved, for other code is another plugin. A plugin
whose files were changed here, or whose folder is gone, gets its content back.`,
  example: `  talosctl plugin update
  talosctl plugin update my-plugin --yes`,
  args: { rule: "any", completion: { positions: [], rest: "plugin" } },
  flags: approvalFlags,
  targets: "none",
  columns: [
    { header: "NAME", cell: ({ name }) => name },
    { header: "STATUS", cell: ({ status }) => status },
    { header: "FROM", cell: ({ from = "" }) => from },
    { header: "TO", cell: ({ to = "" }) => to },
    { header: "SOURCE", cell: ({ source }) => source },
  ],

  async *run(ctx) {
    const failures: CliError[] = [];
    for (const plugin of await chosenPlugins(ctx)) {
      try {
        yield await withPrefix(`updating ${plugin.name}`, updateOne(plugin, ctx));
      } catch (error) {
        // The others are not to wait for one whose source is out of reach.
        if (!(error instanceof CliError) || ctx.signal.aborted) throw error;
        failures.push(error);
      }
    }
    if (failures.length > 0) throw joinFailures(failures);
  },
};

/** Those named, else all that were ever approved: of the others nobody knows where they come from. */
async function chosenPlugins({ args, env }: UpdateContext): Promise<InstalledPlugin[]> {
  if (args.length === 0) {
    const { plugins, grantErrors } = await readInstallation(env);
    if (grantErrors.length > 0) throw joinFailures(grantErrors);
    return plugins.filter(({ grant }) => grant !== undefined);
  }
  const chosen: InstalledPlugin[] = [];
  for (const name of new Set(args)) chosen.push(await findInstalled(name, env));
  return chosen;
}

async function updateOne(plugin: InstalledPlugin, ctx: UpdateContext): Promise<UpdatedPlugin> {
  const { name, folder, pluginsFolder, grant, manifest, state } = plugin;
  if (grant === undefined || grant.source === folder) {
    throw new CliError("it is not known where it came from", {
      hint: `"talosctl plugin remove ${name}" it, and add it from its source`,
    });
  }
  await using staged = await stagePlugin(grant.source, pluginsFolder, ctx);
  const { version } = staged.manifest;
  if (staged.manifest.name !== name) {
    throw new CliError(`${grant.source} holds "${staged.manifest.name}" now`);
  }
  const record = {
    name,
    ...(manifest?.version === undefined ? {} : { from: manifest.version }),
    ...(version === undefined ? {} : { to: version }),
    source: grant.source,
  };
  const isSameContent = staged.sha256 === grant.sha256;
  if (isSameContent && state === "approved") return { ...record, status: "current" };

  // Content that was approved once needs no second answer: it only takes its place again.
  const rights = isSameContent ? grant : staged.manifest;
  if (!isSameContent) await approveUpdate(plugin, { grant, staged }, ctx);
  const candidate = { folder: staged.folder, place: folder, rights };
  await learnCommands(ctx, "its new version", candidate);
  await putInPlace(staged, rights, ctx);
  return { ...record, status: "updated" };
}

async function approveUpdate(
  { name, manifest, state }: InstalledPlugin,
  { grant, staged }: { grant: PluginGrant; staged: StagedPlugin },
  ctx: UpdateContext,
): Promise<void> {
  const { version } = staged.manifest;
  const changes = changedRightsLines(grant, staged.manifest);
  await approve(ctx, {
    attempt: "approving it",
    lines: [
      `plugin ${name} from ${grant.source}: ${manifest?.version ?? "no version"} -> ` +
      `${version ?? "no version"}`,
      ...(state === "changed" ? ["the changes made to its files here are lost"] : []),
      ...(changes.length === 0
        ? ["it may do the same as before"]
        : ["what it may do changes:", ...changes.map((line) => `  ${line}`)]),
    ],
    question: `Update ${name}?`,
  });
}
