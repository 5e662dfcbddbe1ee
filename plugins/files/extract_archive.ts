/** Unpacking an archive of a node below a local folder, and nowhere else (spec/machine-read.md, 17). */

import type { Header } from "tar-stream";
import { withPrefix } from "../../core/error_prefix.ts";
import type { CopyProgress } from "./copy_progress.ts";
import { gunzip } from "../../core/gunzip.ts";
import { takeFirst } from "../../core/take_first.ts";
import { tarEntries, type TarEntry } from "./tar_entries.ts";
import { createUnpackedTree, type UnpackedTree } from "./unpacked_tree.ts";

/** Where an archive goes, and who hears of it. */
export interface ExtractOptions {
  /** An existing folder. */
  folder: string;
  note(line: string): void;
  progress: CopyProgress;
  /** Told when the archive cannot be read on: what is there so far stays. */
  onBroken(): void;
}

/**
 * Unpacks a gzip'ed tar archive entry by entry.
 *
 * @throws {CliError} at the first entry that cannot be made; what was made before stays.
 */
export async function extractArchive(
  chunks: AsyncIterable<Uint8Array>,
  { folder, note, progress, onBroken }: ExtractOptions,
): Promise<void> {
  const warn = (text: string) => note(`WARNING: ${text}`);
  // The official client hides it: files that are missing from a copy should not go unnoticed.
  const lateFailure = (error: unknown) => warn(error instanceof Error ? error.message : `${error}`);
  const begun = await takeFirst(gunzip(chunks, lateFailure));
  if ("error" in begun) await withPrefix("error initializing gzip", Promise.reject(begun.error));

  const tree = createUnpackedTree(folder);
  const entries = tarEntries(begun.all(), onBroken);
  try {
    for (;;) {
      const next = await withPrefix("error reading tar header", entries.next());
      if (next.done) return;
      await unpack(tree, next.value, { warn, progress });
    }
  } finally {
    await entries.return(undefined);
  }
}

const standIns: Partial<Record<Header["type"], string>> = {
  "link": "a second name of another file",
  "block-device": "a device",
  "character-device": "a device",
  "fifo": "a pipe",
};

async function unpack(
  tree: UnpackedTree,
  { header: { name, type, mode, linkname }, content }: TarEntry,
  { warn, progress }: { warn(text: string): void; progress: CopyProgress },
): Promise<void> {
  const path = await tree.place(name);
  if (type === "directory") {
    await tree.makeFolder(path, mode);
    progress.addFile();
  } else if (type === "symlink") {
    await tree.makeLink(path, linkname);
    progress.addFile();
  } else {
    const kind = standIns[type];
    if (kind !== undefined) warn(`"${path}" is ${kind} on the node: an empty file is in its place`);
    await tree.makeFile(path, mode, counted(content, progress));
  }
  // Folders and links have no content, and one that a hostile archive gives them is passed over.
  for await (const _ of content);
}

async function* counted(
  content: AsyncIterable<Uint8Array>,
  progress: CopyProgress,
): AsyncGenerator<Uint8Array> {
  progress.addFile();
  for await (const chunk of content) {
    progress.addBytes(chunk.length);
    yield chunk;
  }
}
