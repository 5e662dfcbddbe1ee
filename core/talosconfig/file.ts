/** A talosconfig on disk: read, created when absent, and changed so that nobody's change is lost. */

import { withPrefix } from "../error_prefix.ts";
import { CliError } from "../errors.ts";
import { writeFileAtomic } from "../files/atomic.ts";
import { withLock } from "../files/lock.ts";
import { readBounded } from "../files/read_bounded.ts";
import { parseTalosconfig } from "./load.ts";
import type { TalosconfigPlace } from "./lookup.ts";
import { renderTalosconfig } from "./save.ts";
import { emptyTalosconfig, type Talosconfig } from "./talosconfig.ts";

/** What was read, and from where. */
export interface TalosconfigFile {
  /** Where it lies. */
  readonly path: string;
  /** What is in it. */
  readonly config: Talosconfig;
}

/** How long, and until when, others who edit the file are waited for. */
export interface EditOptions {
  signal?: AbortSignal;
}

/** Real ones hold some kilobytes a context. */
const maxSizeBytes = 16 * 1024 * 1024;

/**
 * Reads a talosconfig; an absent one is first created without contexts, as the official client does.
 *
 * @throws {CliError} whose text bears no prefix: each command has its own
 */
export async function openTalosconfig(
  { path }: TalosconfigPlace,
  options: EditOptions = {},
): Promise<TalosconfigFile> {
  const config = await readTalosconfig(path) ?? await createConfig(path, options);
  return { path, config };
}

/**
 * Reads a talosconfig, has it changed and writes it back, while others who edit it wait.
 *
 * The old file stays whole until the new one is complete, and keeps its mode.
 *
 * @param change Changes what it is given; what it throws passes through, and nothing is written. It is
 * called twice: on what is there before the lock is had, whose result is dropped, and after.
 * @throws {CliError} prefixed `error reading config: ` or `error writing config: `
 */
export async function editTalosconfig(
  place: TalosconfigPlace,
  change: (config: Talosconfig) => void,
  options: EditOptions = {},
): Promise<void> {
  const { path } = place;
  const opened = await withPrefix("error reading config", openTalosconfig(place, options));
  // What is wrong with the request is said before anything about writing.
  change(opened.config);
  if (!place.canWrite) {
    throw new CliError(`error writing config: not allowed to write to config: ${path}`);
  }
  let failure: unknown;
  const save = async () => {
    let config: Talosconfig;
    try {
      // Others may have changed it between the reading above and the lock.
      config = await withPrefix("error reading config", readTalosconfig(path)) ??
        emptyTalosconfig();
      change(config);
    } catch (error) {
      failure = error;
      return;
    }
    await writeTalosconfig(path, config);
  };
  await withPrefix("error writing config", withLock(path, save, options));
  if (failure !== undefined) throw failure;
}

/** Writes a talosconfig whole, readable by its owner alone where it is new; missing folders are made. */
export async function writeTalosconfig(path: string, config: Talosconfig): Promise<void> {
  await writeFileAtomic(path, renderTalosconfig(config), { mode: 0o600, createParents: true });
}

/** Creates the file, unless another process was faster; what it then holds. */
async function createConfig(path: string, options: EditOptions): Promise<Talosconfig> {
  return await withLock(path, async () => {
    const config = await readTalosconfig(path);
    if (config !== undefined) return config;
    await writeTalosconfig(path, emptyTalosconfig());
    return emptyTalosconfig();
  }, options);
}

/** The configuration at a path; undefined where there is no file, which is not created. */
export async function readTalosconfig(path: string): Promise<Talosconfig | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await readBounded(path, maxSizeBytes);
  } catch (error) {
    const cause = error instanceof CliError ? error.cause : undefined;
    if (cause instanceof Deno.errors.NotFound) return undefined;
    if (!(cause instanceof Deno.errors.IsADirectory)) throw error;
    const place = "go-yaml load error in reader at <unknown position>";
    throw new CliError(`${place}: input error: read ${path}: is a directory`, { cause });
  }
  return await parseTalosconfig(bytes);
}
