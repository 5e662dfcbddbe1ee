/** A file or directory of a node as a tar archive, made while it is read (spec/machine-read.md, 17). */

import { type Pack, pack } from "tar-stream";
import { FileError, type FileNode, sizeOf } from "./file_tree.ts";
import { baseName, type FoundFile, type NodeFiles } from "./node_files.ts";
import { listFiles, relativePath } from "./walk_files.ts";

/** What `archiveFiles` could not read. */
export interface SkippedFile {
  path: string;
  cause: string;
}

/** Files without a stated length are read up to here. */
const madeUpBytes = 4096;

/**
 * The bytes of the archive. Nothing is read ahead of the reader; leaving early ends it.
 *
 * @param skipped is added to: the archive goes on without what cannot be read.
 */
export async function* archiveFiles(
  files: NodeFiles,
  root: FoundFile,
  skipped: SkippedFile[],
): AsyncGenerator<Uint8Array> {
  const archive = pack();
  const written = writeEntries(archive, files, root, skipped)
    .then(() => archive.finalize(), (error) => archive.destroy(error));
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
  skipped: SkippedFile[],
): Promise<void> {
  for (const found of listFiles(files, root.path, { depth: undefined, kinds: [] })) {
    const isRoot = found.path === root.path;
    if (isRoot && found.file.kind === "directory") continue;
    const name = isRoot ? baseName(root.path) : relativePath(root.path, found.path);
    try {
      await writeEntry(archive, name, found.file);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      skipped.push({ path: found.path, cause: error.message });
    }
  }
}

async function writeEntry(archive: Pack, name: string, file: FileNode): Promise<void> {
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

/** Writes one entry; resolves when there is room for the next. */
async function writeBody(
  archive: Pack,
  header: Parameters<Pack["entry"]>[0],
  content: Iterable<Uint8Array>,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const entry = archive.entry(header, (error) => error ? reject(error) : resolve());
  for (const block of content) {
    if (entry.write(block)) continue;
    await drained(entry);
    if (entry.destroyed) break;
  }
  entry.end(undefined);
  await promise;
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
