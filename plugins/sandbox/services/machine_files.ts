/** MachineService: the files of a node, listed, measured, read and copied (spec/machine-read.md, 13, 14, 16, 17). */

import { RpcError } from "../../../core/errors.ts";
import type { FileInfo, ListRequest_Type } from "../../../proto/gen/machine/machine.ts";
import type { DeepPartial } from "../../../core/client/talos.ts";
import { implement } from "../service_group.ts";
import type { ArchiveProblems } from "../system/archive.ts";
import { goFileMode } from "../system/file_mode.ts";
import { FileError, inPieces, sizeOf } from "../system/file_tree.ts";
import { baseName, type FoundFile, type NodeFiles } from "../system/node_files.ts";
import {
  followRoot,
  type ListedKind,
  listFiles,
  measureFiles,
  relativePath,
} from "../system/walk_files.ts";

/** Talos streams in pieces of this length (28.5). */
const pieceBytes = 1024;
const blockBytes = 64 * 1024;

export const machineFiles = implement("machine.MachineService", {
  list: async function* (request, { node: { files } }) {
    const { recurse, recursionDepth, types, reportXattrs } = request;
    const root = request.root.replace(/^\/?/, "/").replace(/(.)\/$/, "$1");
    const depth = !recurse ? 0 : recursionDepth > 0 ? recursionDepth : undefined;
    const found = asStatus("Unknown", () => followRoot(files, root));
    for (const entry of listFiles(files, found.path, { depth, kinds: types.map(listedKind) })) {
      yield fileInfo(files, found, entry, reportXattrs);
    }
  },

  diskUsage: async function* ({ paths, recursionDepth, all, threshold }, { node: { files } }) {
    for (const path of paths) {
      const found = orFileError(() => followRoot(files, path));
      if (found instanceof FileError) {
        yield { name: path, error: found.message, relativeName: path };
        continue;
      }
      const options = {
        depth: recursionDepth > 0 ? recursionDepth : undefined,
        showsFiles: all,
        threshold: Number(threshold),
      };
      for (const { path, sizeBytes } of measureFiles(files, found.path, options)) {
        const relativeName = relativePath(found.path, path);
        yield { name: path, size: String(sizeBytes), relativeName };
      }
      return;
    }
  },

  read: async function* ({ path }, { node: { files } }) {
    const { file } = asStatus("NotFound", () => files.stat(path));
    if (file.kind !== "file") throw new RpcError("Unknown", "path must be a regular file");
    try {
      for (const bytes of inPieces(file.content.read(), pieceBytes)) yield { bytes };
    } catch (error) {
      // What could be read is all there is.
      if (!(error instanceof FileError)) throw error;
    }
  },

  copy: async function* ({ rootPath }, { node: { files } }) {
    if (!rootPath.startsWith("/")) {
      throw new RpcError("Unknown", `path is not absolute ${rootPath}`);
    }
    const found = asStatus("Unknown", () => followRoot(files, rootPath));
    const { archiveFiles } = await import("../system/archive.ts");
    const problems: ArchiveProblems = { skipped: [], missedBytes: 0 };
    const archive = ReadableStream.from(inBlocks(archiveFiles(files, found, problems)))
      .pipeThrough(new CompressionStream("gzip") as ReadableWritablePair<Uint8Array, Uint8Array>);
    for await (const block of archive) {
      for (const bytes of inPieces([block], pieceBytes)) yield { bytes };
    }
    const { skipped, missedBytes } = problems;
    if (missedBytes > 0) {
      throw new RpcError("Unknown", `archive/tar: missed writing ${missedBytes} bytes`);
    }
    if (skipped.length > 0) throw new RpcError("Unknown", skippedText(skipped));
  },
});

/** Larger blocks: compressing each header by itself would leave it as it is. */
async function* inBlocks(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const block = new Uint8Array(blockBytes);
  let length = 0;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      const part = piece.subarray(at, at + blockBytes - length);
      block.set(part, length);
      length += part.length;
      at += part.length;
      if (length < blockBytes) continue;
      yield block.slice();
      length = 0;
    }
  }
  yield block.slice(0, length);
}

function fileInfo(
  files: NodeFiles,
  root: FoundFile,
  { path, file }: FoundFile,
  reportXattrs: boolean,
): DeepPartial<FileInfo> {
  const isRoot = path === root.path;
  const label = new TextEncoder().encode(file.label + "\0");
  return {
    name: path,
    relativeName: isRoot && file.kind !== "directory"
      ? baseName(path)
      : relativePath(root.path, path),
    size: String(sizeOf(file, files.entries({ path, file }).length)),
    mode: goFileMode(file),
    modified: String(Math.floor(file.modifiedAt.getTime() / 1000)),
    isDir: file.kind === "directory",
    link: file.kind === "link" ? file.target : "",
    uid: file.uid,
    gid: file.gid,
    xattrs: reportXattrs && file.label !== "" ? [{ name: "security.selinux", data: label }] : [],
  };
}

function listedKind(type: ListRequest_Type): ListedKind {
  const kinds: Partial<Record<ListRequest_Type, ListedKind>> = {
    REGULAR: "file",
    DIRECTORY: "directory",
    SYMLINK: "link",
  };
  const kind = kinds[type];
  if (kind === undefined) throw new RpcError("Unknown", `invalid file type: ${type}`);
  return kind;
}

function asStatus<T>(code: "NotFound" | "Unknown", find: () => T): T {
  const found = orFileError(find);
  if (found instanceof FileError) throw new RpcError(code, found.message);
  return found;
}

function orFileError<T>(find: () => T): T | FileError {
  try {
    return find();
  } catch (error) {
    if (error instanceof FileError) return error;
    throw error;
  }
}

/** The form in which Talos joins several errors. */
function skippedText(skipped: readonly { path: string; cause: string }[]): string {
  const count = skipped.length;
  const lines = skipped.map(({ path, cause }) => `\t* skipping "${path}": ${cause}\n`);
  return `${count} ${count === 1 ? "error" : "errors"} occurred:\n${lines.join("")}\n`;
}
