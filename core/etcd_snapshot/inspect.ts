/** Looks into an etcd snapshot: a bbolt database in a file, of any length and from anybody (spec/machine-ops.md, 15.3). */

import { CliError } from "../errors.ts";
import { fileError } from "../files/errors.ts";
import { checkDatabase } from "./check_database.ts";
import { crc32c } from "./crc32c.ts";
import type { SnapshotInfo } from "./info.ts";
import { KeyCount } from "./key_count.ts";
import { metaAreaBytes, readMeta } from "./meta_page.ts";
import { PageFile, readAt } from "./page_file.ts";
import { readRevision, revisionNumber } from "./revisions.ts";

/**
 * Checks a snapshot and says what is in it. It is read page by page: memory does not grow with its length.
 *
 * @throws {CliError} `invalid database` for a file of another kind, the list of what is wrong with a damaged one, and
 * errors of files in Go's words, `context canceled` when the signal aborts.
 */
export async function inspectSnapshot(path: string, signal: AbortSignal): Promise<SnapshotInfo> {
  const { isFile, size } = await orFileError("stat", path, () => Deno.stat(path));
  // A pipe or device would keep us waiting.
  if (!isFile) throw new CliError("invalid database", { hint: `${path} is no regular file` });
  using file = await orFileError("open", path, () => Deno.open(path, { read: true }));
  return await orFileError("read", path, () => inspect(file, size, signal));
}

async function inspect(
  file: Deno.FsFile,
  fileBytes: number,
  signal: AbortSignal,
): Promise<SnapshotInfo> {
  const meta = readMeta(readAt(file, 0, Math.min(metaAreaBytes, fileBytes)));
  const pages = new PageFile({ file, fileBytes, pageBytes: meta.pageBytes });
  const keys = new KeyCount();
  const strange: string[] = [];
  const lastRevision = new Uint8Array(8);
  let [hash, isKeys] = [0, false];

  const findings = await inTurns(
    checkDatabase(pages, meta, {
      bucket: (name) => {
        hash = crc32c(hash, name);
        isKeys = new TextDecoder().decode(name) === "key";
      },
      pair: (key, value) => {
        hash = crc32c(crc32c(hash, key), value);
        if (!isKeys) return;
        const change = readRevision(key, value);
        if (change === undefined) strange[0] = 'the bucket "key" holds what is no revision';
        else {
          lastRevision.set(key.subarray(0, lastRevision.length));
          if (change.isRemoval) keys.delete(change.changedKey);
          else keys.add(change.changedKey);
        }
      },
    }),
    signal,
  );
  const count = findings.count + strange.length;
  if (count > 0) {
    const list = [...findings.texts, ...strange].join("\n");
    throw new CliError(
      `snapshot file integrity check failed. ${count} errors found.\n${list}`,
    );
  }
  return {
    hash: hash.toString(16).padStart(8, "0"),
    revision: String(revisionNumber(lastRevision)),
    totalKeys: keys.size,
    totalSize: meta.pageCount * meta.pageBytes,
  };
}

/** Longer than this nobody notices a signal. */
const turnMs = 50;

/** Does work to its end, and lets others have their turn in between. */
async function inTurns<T>(steps: Generator<undefined, T>, signal: AbortSignal): Promise<T> {
  let since = performance.now();
  for (let step = steps.next();; step = steps.next()) {
    if (step.done) return step.value;
    if (performance.now() - since < turnMs) continue;
    await new Promise((resolve) => setTimeout(resolve));
    if (signal.aborted) throw new CliError("context canceled", { cause: signal.reason });
    since = performance.now();
  }
}

async function orFileError<T>(
  operation: string,
  path: string,
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    // What the system refused; everything else that is thrown is an answer, or our own mistake.
    const isRefusal = error instanceof Deno.errors.NotCapable ||
      (error instanceof Error && !(error instanceof CliError) && "code" in error);
    throw isRefusal ? fileError(operation, path, error) : error;
  }
}
