/** One process at a time: guards reading a file, changing it and writing it back. */

import { CliError } from "../errors.ts";
import { fileError, notReplaceable } from "./errors.ts";
import { directoryOf, linkTarget, makeDirectories } from "./location.ts";
import { exists } from "./exists.ts";

/** How long {@linkcode withLock} waits. */
export interface LockOptions {
  /** Ends the wait with the signal's reason. */
  signal?: AbortSignal;
  /** Default 10 s. */
  timeoutMs?: number;
}

const retryMs = 20;

/**
 * Runs an action while this process alone holds the lock of a file.
 *
 * The lock is the system's, on `<path>.lock` beside the file (of the link's target), which is removed
 * afterwards. A killed process holds no lock any more; the empty file it leaves is harmless and is
 * taken over by the next. Missing directories are made, for the file is about to be written there.
 *
 * @throws {CliError} when the lock file cannot be made, or the wait is over.
 */
export async function withLock<T>(
  path: string,
  action: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const target = await linkTarget(path);
  await makeDirectories(directoryOf(target));
  const lockPath = `${target}.lock`;
  const file = await acquire(lockPath, path, options);
  try {
    return await action();
  } finally {
    await release(file, lockPath);
  }
}

async function acquire(
  lockPath: string,
  path: string,
  options: LockOptions,
): Promise<Deno.FsFile> {
  const { signal, timeoutMs = 10_000 } = options;
  const startMs = performance.now();
  while (true) {
    signal?.throwIfAborted();
    const file = await tryAcquire(lockPath, path);
    if (file !== undefined) return file;
    if (performance.now() - startMs >= timeoutMs) {
      throw new CliError(`lock ${lockPath}: held by another process for ${timeoutMs / 1000} s`, {
        hint: "Wait for the other talosctl to end, or end it, then try again.",
      });
    }
    await pause(signal);
  }
}

async function tryAcquire(lockPath: string, path: string): Promise<Deno.FsFile | undefined> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(lockPath, { write: true, create: true, mode: 0o600 });
  } catch (error) {
    // Where no lock file can be made, no new file can be put in the place of the old one either.
    throw await exists(path) ? notReplaceable(path, error) : fileError("open", path, error);
  }
  let isHeld = false;
  try {
    // The last holder may have removed the file between our opening and locking it.
    isHeld = await file.tryLock(true) && await isStillAt(file, lockPath);
  } catch (error) {
    throw fileError("lock", lockPath, error);
  } finally {
    if (!isHeld) file.close();
  }
  return isHeld ? file : undefined;
}

async function isStillAt(file: Deno.FsFile, lockPath: string): Promise<boolean> {
  try {
    const [opened, current] = [await file.stat(), await Deno.stat(lockPath)];
    return opened.ino === current.ino && opened.dev === current.dev;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Removed while held, so that nobody can hold a file that is no longer there for others. */
async function release(file: Deno.FsFile, lockPath: string): Promise<void> {
  try {
    await Deno.remove(lockPath);
  } catch {
    // Windows does not remove an open file; what stays is empty and harmless.
  } finally {
    file.close();
  }
}

/** Waits a moment; an abort ends it at once. */
function pause(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, retryMs);
    signal?.addEventListener("abort", done);
  });
}
