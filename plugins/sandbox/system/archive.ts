/** A file or directory of a node as a tar archive, made while it is read (spec/machine-read.md, 17). */

import { type Pack, pack } from "tar-stream";
import { FileError, type FileNode, sizeOf } from "./file_tree.ts";
import { baseName, type FoundFile, type NodeFiles } from "./node_files.ts";
import { listFiles, relativePath } from "./walk_files.ts";

/** What went wrong with an archive. */
export interface ArchiveProblems {
  /** What could not be read: the archive goes on without it. */
  skipped: { path: string; cause: string }[];
  /** Bytes that a file has no more, though its header says so: the archive ends there. */
  missedBytes: number;
}

/** Files without a stated length are read up to here. */
const madeUpBytes = 4096;

/**
 * The bytes of the archive. Nothing is read ahead of the reader; leaving early ends it.
 *
 * @param problems is added to.
 */
export async function* archiveFiles(
  files: NodeFiles,
  root: FoundFile,
  problems: ArchiveProblems,
): AsyncGenerator<Uint8Array> {
  const archive = pack();
  const written = writeEntries(archive, files, root, problems).then(
    () => problems.missedBytes === 0 ? archive.finalize() : archive.push(null),
    (error) => archive.destroy(error),
  );
  try {
    yield* archive as AsyncIterable<Uint8Array>;
    await written;
  } finally {
    archive.destroy();
  }
}

async function writeEntries(
  archive: Pack,
  files: NodeFiles,
  root: FoundFile,
  problems: ArchiveProblems,
): Promise<void> {
  for (const found of listFiles(files, root.path, { depth: undefined, kinds: [] })) {
    const isRoot = found.path === root.path;
    if (isRoot && found.file.kind === "directory") continue;
    const name = isRoot ? baseName(root.path) : relativePath(root.path, found.path);
    try {
      problems.missedBytes = await writeEntry(archive, name, found.file);
      if (problems.missedBytes > 0) return;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      problems.skipped.push({ path: found.path, cause: error.message });
    }
  }
}

/** Writes one entry; how many bytes are missing from it. */
async function writeEntry(archive: Pack, name: string, file: FileNode): Promise<number> {
  const header = {
    name: file.kind === "directory" ? `${name}/` : name,
    mode: file.permissions,
    uid: file.uid,
    gid: file.gid,
    mtime: file.modifiedAt,
  };
  switch (file.kind) {
    case "directory":
      return await writeBody(archive, { ...header, type: "directory" }, []);
    case "link":
      return await writeBody(archive, { ...header, type: "symlink", linkname: file.target }, []);
    case "device": {
      const { major: devmajor, minor: devminor } = file;
      return await writeBody(archive, {
        ...header,
        type: "character-device",
        devmajor,
        devminor,
      }, []);
    }
    case "file": {
      if (file.content.statedBytes > 0) {
        const size = sizeOf(file);
        return await writeBody(archive, { ...header, type: "file", size }, file.content.read());
      }
      const body = readMadeUp(file.content.read());
      return await writeBody(archive, { ...header, type: "file", size: body.length }, [body]);
    }
  }
}

/** What has no stated length goes in whole if it is short, else it is left empty. */
function readMadeUp(content: Iterable<Uint8Array>): Uint8Array {
  const body = new Uint8Array(madeUpBytes);
  let length = 0;
  for (const block of content) {
    if (length + block.length >= madeUpBytes) return new Uint8Array();
    body.set(block, length);
    length += block.length;
  }
  return body.subarray(0, length);
}

/** Writes one entry; resolves when there is room for the next. Content that has grown is cut at the header's size. */
async function writeBody(
  archive: Pack,
  header: Parameters<Pack["entry"]>[0],
  content: Iterable<Uint8Array>,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const entry = archive.entry(header, (error) => error ? reject(error) : resolve());
  let missingBytes = header.size ?? 0;
  for (const block of content) {
    const part = block.subarray(0, missingBytes);
    missingBytes -= part.length;
    if (!entry.write(part)) await drained(entry);
    if (missingBytes === 0 || entry.destroyed) break;
  }
  if (missingBytes > 0 && !entry.destroyed) {
    promise.catch(() => {}); // the entry stays open, and goes with its archive
    return missingBytes;
  }
  entry.end(undefined);
  await promise;
  return 0;
}

/** Until there is room again, or nobody reads any more. */
async function drained(entry: ReturnType<Pack["entry"]>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const wake = () => resolve();
  entry.on("drain", wake);
  entry.on("close", wake);
  await promise;
  entry.off("drain", wake);
  entry.off("close", wake);
}
