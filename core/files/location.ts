/** Where a file really is: its directory, and the end of a chain of symbolic links. */

import { fileError } from "./errors.ts";

/** The directory part of a path: `.` for a bare name. */
export function directoryOf(path: string): string {
  const separators = Deno.build.os === "windows" ? /[\\/]+[^\\/]*$/ : /\/+[^/]*$/;
  const start = path.search(separators);
  if (start === 0) return path.charAt(0);
  return start < 0 ? "." : path.slice(0, start);
}

/** What Linux allows. */
const linkLimit = 40;

/** The file a path stands for: symbolic links are followed, also when nothing is at their end yet. */
export async function linkTarget(path: string): Promise<string> {
  let target = path;
  for (let links = 0; links < linkLimit; links++) {
    const next = await nextTarget(target);
    if (next === undefined) return target;
    target = next;
  }
  throw fileError("open", path, new Error("too many levels of symbolic links"));
}

async function nextTarget(path: string): Promise<string | undefined> {
  try {
    const info = await Deno.lstat(path);
    if (!info.isSymlink || await leadsToSpecial(path)) return undefined;
    const link = await Deno.readLink(path);
    const isAbsolute = link.startsWith("/") || /^[A-Za-z]:|^\\/.test(link);
    return isAbsolute ? link : `${directoryOf(path)}/${link}`;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw fileError("open", path, error);
  }
}

/** Whether a link leads to a device or a pipe: that of `/dev/stdout` names nothing that could be opened. */
async function leadsToSpecial(path: string): Promise<boolean> {
  try {
    const info = await Deno.stat(path);
    return !info.isFile && !info.isDirectory;
  } catch {
    // Where it leads to nothing, or in a circle, its target says more.
    return false;
  }
}

/**
 * Makes a directory and the missing ones above it.
 *
 * @param mode Of each that is made, under the umask; by default they are for their owner alone.
 * @throws {CliError} that names the first directory that could not be made.
 */
export async function makeDirectories(path: string, mode = 0o700): Promise<void> {
  const isDirectory = await isDirectoryAt(path);
  if (isDirectory === true) return;
  if (isDirectory === false) throw fileError("mkdir", path, new Error("not a directory"));

  const parent = directoryOf(path);
  if (parent !== path) await makeDirectories(parent, mode);
  try {
    await Deno.mkdir(path, { mode });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!(error instanceof Deno.errors.AlreadyExists)) throw fileError("mkdir", path, error);
  }
}

async function isDirectoryAt(path: string): Promise<boolean | undefined> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw fileError("mkdir", path, error);
  }
}

/** Whether nothing is at a path; a file in the place of a directory shows in the next step. */
function isAbsent(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}
