/** Writing files so that at any moment the old or the new content is there, whole. */

import { fileError, notReplaceable } from "./errors.ts";
import { directoryOf, linkTarget, makeDirectories } from "./location.ts";

/** How {@linkcode writeFileAtomic} makes a file that does not exist yet. */
export interface WriteFileOptions {
  /** Its mode, under the umask; a file that exists keeps its own. Default 0600. */
  mode?: number;
  /** Makes missing directories above it, with mode 0700; default false. */
  createParents?: boolean;
}

/** Text, bytes, or bytes as they arrive. */
export type FileContent = string | Uint8Array | AsyncIterable<Uint8Array>;

/**
 * Writes a file by way of a temporary one beside it, which is synced to disk and renamed.
 *
 * A symbolic link stays: the file it leads to is replaced. Mode and, where allowed, owner of an existing
 * file are kept; one that its mode forbids to write is refused. What is no regular file (`/dev/stdout`)
 * is written to directly. Killed in between, a `.talosctl-….tmp` file remains and nothing else.
 *
 * @throws {CliError} in Go's words (spec/client.md, 1.2); then the old file is as it was. An error of
 * `content` itself is passed on.
 */
export async function writeFileAtomic(
  path: string,
  content: FileContent,
  options: WriteFileOptions = {},
): Promise<void> {
  await commitFiles([await stageFile(path, content, options)]);
}

/** Files that were staged take their places; where one cannot, the others that have not yet do not either. */
export async function commitFiles(staged: readonly StagedFile[]): Promise<void> {
  try {
    for (const file of staged) await file.commit();
  } catch (error) {
    for (const file of staged) await file.discard();
    throw error;
  }
  for (const directory of new Set(staged.map((file) => file.directory))) {
    if (directory !== undefined) await syncDirectory(directory);
  }
}

/** A file that is written whole beside its place: {@linkcode commitFiles} or `discard` must be called. */
export interface StagedFile {
  /** Where it takes its place, which must be seen to the disk too; absent for what is no regular file. */
  directory?: string;
  /** Puts it in its place. */
  commit(): Promise<void>;
  /** Removes it; nothing has changed. */
  discard(): Promise<void>;
}

/** The first half of {@linkcode writeFileAtomic}, for files that must appear together. */
export async function stageFile(
  path: string,
  content: FileContent,
  options: WriteFileOptions = {},
): Promise<StagedFile> {
  const target = await linkTarget(path);
  const directory = directoryOf(target);
  if (options.createParents === true) await makeDirectories(directory);

  const existing = await writableFile(target, path);
  if (existing !== undefined && !existing.isFile) {
    return {
      commit: async () => await fill(await openInPlace(path), content, path),
      discard: () => Promise.resolve(),
    };
  }

  const temporary = `${directory}/.talosctl-${crypto.randomUUID().slice(0, 8)}.tmp`;
  const mode = options.mode ?? 0o600;
  const file = await openTemporary(temporary, { path, mode, replaces: existing !== undefined });
  try {
    await fill(file, content, path);
    if (existing !== undefined) await copyAccess(existing, temporary);
  } catch (error) {
    await removeQuietly(temporary);
    throw error;
  }
  return {
    directory,
    commit: () => replace(temporary, target, path),
    discard: () => removeQuietly(temporary),
  };
}

/** What is at a path, once it is known that it may be written; nothing when there is nothing. */
async function writableFile(target: string, path: string): Promise<Deno.FileInfo | undefined> {
  try {
    const info = await Deno.stat(target);
    // Opening a pipe waits for its reader, so only plain files and directories are tried.
    if (info.isFile || info.isDirectory) (await Deno.open(target, { write: true })).close();
    return info;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw fileError("open", path, error);
  }
}

async function openInPlace(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path, { write: true });
  } catch (error) {
    throw fileError("open", path, error);
  }
}

async function openTemporary(
  temporary: string,
  { path, mode, replaces }: { path: string; mode: number; replaces: boolean },
): Promise<Deno.FsFile> {
  try {
    return await Deno.open(temporary, { write: true, createNew: true, mode });
  } catch (error) {
    throw replaces ? notReplaceable(path, error) : fileError("open", path, error);
  }
}

/** Writes all content, sees it to the disk, and closes the file in any case. */
async function fill(file: Deno.FsFile, content: FileContent, path: string): Promise<void> {
  try {
    if (typeof content === "string") await writeAll(file, new TextEncoder().encode(content), path);
    else if (content instanceof Uint8Array) await writeAll(file, content, path);
    else for await (const chunk of content) await writeAll(file, chunk, path);
    if ((await file.stat()).isFile) await file.sync();
  } finally {
    file.close();
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array, path: string): Promise<void> {
  let written = 0;
  try {
    while (written < bytes.length) written += await file.write(bytes.subarray(written));
  } catch (error) {
    throw fileError("write", path, error);
  }
}

/** Gives the new file the owner and mode of the one it replaces. */
async function copyAccess(existing: Deno.FileInfo, temporary: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  try {
    const { uid, gid } = await Deno.stat(temporary);
    if (uid !== existing.uid || gid !== existing.gid) {
      await Deno.chown(temporary, existing.uid, existing.gid);
    }
  } catch (error) {
    // Only root can give files away; anybody else saves the file as their own.
    if (!(error instanceof Deno.errors.PermissionDenied || errorCode(error) === "EPERM")) {
      throw fileError("chown", temporary, error);
    }
  }
  try {
    if (existing.mode !== null) await Deno.chmod(temporary, existing.mode & 0o7777);
  } catch (error) {
    throw fileError("chmod", temporary, error);
  }
}

async function replace(temporary: string, target: string, path: string): Promise<void> {
  try {
    await Deno.rename(temporary, target);
  } catch (error) {
    // A file mounted into a container cannot be renamed over.
    throw errorCode(error) === "EBUSY"
      ? notReplaceable(path, error)
      : fileError("rename", path, error);
  }
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

async function removeQuietly(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch {
    // The error that led here is the one the user must see.
  }
}

/** Makes the rename last; the new content is in place, so that a failure here loses nothing. */
async function syncDirectory(directory: string): Promise<void> {
  try {
    using handle = await Deno.open(directory, { read: true });
    await handle.sync();
  } catch {
    // Windows and some network file systems cannot sync directories: they order renames themselves.
  }
}
