/** Where a plugin comes from: a folder, an archive, a module with its manifest beside it, an https address, or npm. */

import { withPrefix } from "../../core/error_prefix.ts";
import { CliError } from "../../core/errors.ts";
import { fileError } from "../../core/files/errors.ts";
import { directoryOf } from "../../core/files/location.ts";
import { readBounded } from "../../core/files/read_bounded.ts";
import { download } from "./download.ts";
import { gatherFiles, maxPluginBytes, type PluginFiles } from "./gathered_files.ts";
import { downloadPackage, parseNpmPackage } from "./npm_package.ts";
import { readFolder } from "./read_folder.ts";
import { unpack } from "./unpack.ts";

/** What reading a source takes of the command's context. */
export interface SourceContext {
  env(name: string): string | undefined;
  signal: AbortSignal;
}

const manifestName = "plugin.json";
const modulePattern = /\.(ts|mts|js|mjs)$/;

/**
 * A source as it is remembered: addresses and packages as they were given, paths from the root.
 *
 * @throws {CliError} for an address that cannot be meant, and a path at which nothing is
 */
export async function resolveSource(word: string): Promise<string> {
  if (word.startsWith("npm:")) {
    parseNpmPackage(word.slice("npm:".length));
    return word;
  }
  if (!isAddress(word)) return await realPath(word);
  const { protocol, username, password } = new URL(word);
  if (protocol !== "https:") {
    throw new CliError(
      `reading ${word}: plugins come over https, not over ${protocol.slice(0, -1)}`,
    );
  }
  if (username !== "" || password !== "") {
    throw new CliError("reading an address with a password in it: addresses are remembered", {
      hint: "download the archive yourself and add the file",
    });
  }
  return word;
}

/** One letter and a colon is a drive of Windows. */
function isAddress(word: string): boolean {
  return /^[a-z][a-z0-9+.-]+:/i.test(word) && URL.canParse(word);
}

async function realPath(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    throw fileError("open", path, error);
  }
}

/**
 * The files of a plugin, by what {@linkcode resolveSource} gave; nothing of it is run.
 *
 * @throws {CliError} `reading <source>: …`
 */
export async function readSource(source: string, context: SourceContext): Promise<PluginFiles> {
  if (source.startsWith("npm:")) {
    const wanted = parseNpmPackage(source.slice("npm:".length));
    const archive = await downloadPackage(wanted, context.env, context.signal);
    return await withPrefix(`reading ${source}`, unpack(archive));
  }
  return isAddress(source)
    ? await readAddress(source, context)
    : await withPrefix(`reading ${source}`, readPath(source));
}

async function readAddress(source: string, { signal }: SourceContext): Promise<PluginFiles> {
  const options = { signal, maxSizeBytes: maxPluginBytes };
  const bytes = await download(source, options);
  const name = new URL(source).pathname.split("/").at(-1) ?? "";
  if (!modulePattern.test(name)) return await withPrefix(`reading ${source}`, unpack(bytes));
  const manifest = await download(new URL(manifestName, source).href, options);
  return await moduleFiles(decodeURIComponent(name), bytes, manifest);
}

async function readPath(path: string): Promise<PluginFiles> {
  if (await isFolder(path)) {
    const gathered = gatherFiles();
    await readFolder(path, gathered);
    return gathered.files;
  }
  const bytes = await readBounded(path, maxPluginBytes);
  if (!modulePattern.test(path)) return await unpack(bytes);
  const folder = directoryOf(path);
  const manifest = await readBounded(`${folder}/${manifestName}`, maxPluginBytes);
  return await moduleFiles(path.slice(folder.length + 1), bytes, manifest);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    throw fileError("open", path, error);
  }
}

async function moduleFiles(
  name: string,
  module: Uint8Array,
  manifest: Uint8Array,
): Promise<PluginFiles> {
  const gathered = gatherFiles();
  await gathered.add(name, [module]);
  await gathered.add(manifestName, [manifest]);
  return gathered.files;
}
