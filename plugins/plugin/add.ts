/** `talosctl plugin add`: fetches a plugin, shows what it asks for, and installs it if the user agrees. */

import type { Command, Context, Flags } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { makeDirectories } from "../../core/files/location.ts";
import { pluginFolders } from "../../core/plugin_folders.ts";
import { type PluginGrant, readGrants } from "../../core/plugin_grants.ts";
import { hashFolder } from "../../core/plugin_hash.ts";
import {
  parseRights,
  type PluginManifest,
  type PluginRights,
  readManifest,
} from "../../core/plugin_manifest.ts";
import { approvalFlags, approve } from "./approval.ts";
import { grantOf, learnCommands, putInPlace, remember, withChangeLock } from "./install.ts";
import { type InstalledPlugin, readPlugin } from "./installed.ts";
import { changedRightsLines, rightsLines } from "./rights_text.ts";
import { resolveSource } from "./source.ts";
import { stagePlugin } from "./staged_plugin.ts";

/** What was installed; `-o json` prints it as it is. */
interface AddedPlugin extends PluginRights {
  name: string;
  version?: string;
  folder: string;
  source: string;
  /** `unchanged`: it was there and approved already. */
  status: "added" | "unchanged";
  /** What it adds, without the word `talosctl`. */
  commands?: readonly string[];
}

const flags = {
  ...approvalFlags,
  rpcs: {
    type: "strings",
    help: "Methods of nodes it may call: all, read-only, none, or names such as " +
      "machine.MachineService/Version; without it those it asks for",
  },
} as const satisfies Flags;

type AddContext = Context<typeof flags>;

export const add: Command<AddedPlugin, typeof flags> = {
  path: ["plugin", "add"],
  usage: "<path|url|npm:name[@version]>",
  summary: "Install a plugin, or approve one again that has changed",
  description: `Takes a folder, an archive (tar, tar.gz, zip), a module with its plugin.json
beside it, an https address of one of these, or a package of an npm registry.

It is shown what the plugin asks for, and nothing of it runs before you agree.
What is installed is a copy, and only this content is approved: a plugin whose
files change afterwards does not run until it is added again. To approve one
where it is, name its folder among the installed ones.`,
  example: `  talosctl plugin add ./my-plugin
  talosctl plugin add https://example.com/my-plugin-1.0.0.tar.gz
  talosctl plugin add npm:talosctl-my-plugin@1.0.0 --yes
  talosctl plugin add ./my-plugin --rpcs read-only`,
  args: { rule: "exact", min: 1, max: 1, completion: { positions: ["localFile"], rest: "noFile" } },
  flags,
  targets: "none",
  text: ({ name, version, status, commands = [] }) => {
    const what = version === undefined ? name : `${name} ${version}`;
    const lines = commands.map((command) => `  talosctl ${command}\n`);
    return status === "added"
      ? `added ${what}\n${lines.join("")}`
      : `${what} is installed and approved already\n`;
  },

  async run(ctx) {
    const [word = ""] = ctx.args;
    const [pluginsFolder] = pluginFolders(ctx.env);
    if (pluginsFolder === undefined) {
      throw new CliError(`adding ${word}: there is no place for plugins`, {
        hint: "set HOME or TALOSCTL_PLUGINS",
      });
    }
    const source = await resolveSource(word);
    await makeDirectories(pluginsFolder);
    const inPlace = await installedAt(source, ctx);
    return inPlace === undefined
      ? await addCopy(source, await Deno.realPath(pluginsFolder), ctx)
      : await approveInPlace(inPlace, ctx);
  },
};

async function addCopy(
  source: string,
  pluginsFolder: string,
  ctx: AddContext,
): Promise<AddedPlugin> {
  await using staged = await stagePlugin(source, pluginsFolder, ctx);
  const { manifest, sha256, folder } = staged;
  const { name, version } = manifest;
  const place = `${pluginsFolder}/${name}`;
  // Somebody else may be between putting a folder there and approving it.
  const existing = await withChangeLock(pluginsFolder, ctx.signal, async () => {
    const found = await readPlugin(pluginsFolder, name, readGrants(pluginsFolder));
    await checkFree(found, source);
    return found;
  });
  const rights = grantedRights(manifest, ctx);
  const record = recordOf(manifest, rights, { folder: place, source });
  const isApproved = existing.state === "approved" && isApproval(existing.grant, sha256, rights);
  if (isApproved) return { ...record, status: "unchanged" };

  await approve(ctx, {
    attempt: `adding ${name}`,
    lines: proposalLines(manifest, rights, source),
    question: `Install ${version === undefined ? name : `${name} ${version}`}?`,
  });
  const commands = await learnCommands(ctx, `adding ${name}`, { folder, place, rights });
  await putInPlace(staged, rights, ctx);
  return { ...record, status: "added", commands: commands.map(({ path }) => path.join(" ")) };
}

/** A name belongs to where it came from: another plugin of that name is another plugin. */
async function checkFree(existing: InstalledPlugin, source: string): Promise<void> {
  const { name, folder, grant } = existing;
  if (grant !== undefined && grant.source !== source) {
    throw new CliError(`adding ${name}: a plugin of this name is installed from ${grant.source}`, {
      hint: `"talosctl plugin remove ${name}" makes room`,
    });
  }
  const isThere = await Deno.lstat(folder).then(() => true, () => false);
  if (grant === undefined && isThere) {
    throw new CliError(`adding ${name}: a folder that was never approved is in its place`, {
      hint: `"talosctl plugin add ${folder}" approves that one, "talosctl plugin remove ${name}" ` +
        "makes room",
    });
  }
}

/** The installed plugin whose folder a source is. */
async function installedAt(
  source: string,
  { env }: Pick<Context, "env">,
): Promise<InstalledPlugin | undefined> {
  for (const configured of pluginFolders(env)) {
    const pluginsFolder = await Deno.realPath(configured).catch(() => undefined);
    if (pluginsFolder === undefined || !source.startsWith(`${pluginsFolder}/`)) continue;
    const name = source.slice(pluginsFolder.length + 1);
    if (name.includes("/")) continue;
    return await readPlugin(pluginsFolder, name, readGrants(pluginsFolder));
  }
  return undefined;
}

async function approveInPlace(installed: InstalledPlugin, ctx: AddContext): Promise<AddedPlugin> {
  const { name, folder, pluginsFolder, state, grant, problem } = installed;
  if (state === "broken") throw new CliError(`adding ${folder}: ${problem}`);
  // What is approved is what was there before it was shown: a change while the user reads is none of it.
  const sha256 = await hashFolder(folder);
  const manifest = await readManifest(folder);
  const source = grant?.source ?? folder;
  const rights = grantedRights(manifest, ctx);
  const record = recordOf(manifest, rights, { folder, source });
  if (isApproval(grant, sha256, rights)) return { ...record, status: "unchanged" };

  await approve(ctx, {
    attempt: `adding ${name}`,
    lines: proposalLines(manifest, rights, folder),
    question: `Approve ${name} as it is?`,
  });
  const candidate = { folder, place: folder, rights };
  const commands = await learnCommands(ctx, `adding ${name}`, candidate);
  await withChangeLock(pluginsFolder, ctx.signal, async () => {
    await remember(pluginsFolder, name, grantOf({ source, sha256 }, rights, ctx));
  });
  return { ...record, status: "added", commands: commands.map(({ path }) => path.join(" ")) };
}

/** What it asks for, with the methods that the user allows it in the place of those it wants. */
function grantedRights(
  { permissions, rpcs }: PluginManifest,
  { flags, given }: AddContext,
): PluginRights {
  if (!given.has("rpcs")) return { permissions, rpcs };
  const [first] = flags.rpcs;
  const isWord = flags.rpcs.length === 1 && (first === "all" || first === "read-only");
  const chosen = isWord ? first : flags.rpcs.filter((method) => method !== "none");
  return { permissions, rpcs: parseRights({ rpcs: chosen }, "--rpcs").rpcs };
}

/** Whether a grant is for this content and these rights. */
function isApproval(
  grant: PluginGrant | undefined,
  sha256: string,
  rights: PluginRights,
): boolean {
  return grant?.sha256 === sha256 && changedRightsLines(grant, rights).length === 0;
}

function recordOf(
  { name, version }: PluginManifest,
  { permissions, rpcs }: PluginRights,
  { folder, source }: { folder: string; source: string },
): Omit<AddedPlugin, "status"> {
  return {
    name,
    ...(version === undefined ? {} : { version }),
    folder,
    source,
    permissions,
    rpcs,
  };
}

function proposalLines(
  { name, version, description }: PluginManifest,
  rights: PluginRights,
  source: string,
): string[] {
  return [
    `plugin ${version === undefined ? name : `${name} ${version}`} from ${source}`,
    ...(description === undefined ? [] : [description]),
    "it may:",
    ...rightsLines(rights).map((line) => `  ${line}`),
  ];
}
