/** Walks of a node's files as Talos does them: `list` from above (spec/machine-read.md, 13), `usage` from below (14). */

import { sizeOf } from "./file_tree.ts";
import { type FoundFile, type NodeFiles } from "./node_files.ts";

/** The kinds that a list can be narrowed to. */
export type ListedKind = "file" | "directory" | "link";

/** How far a list goes, and what it shows. */
export interface ListOptions {
  /** Levels below the root; undefined is all of them. */
  depth: number | undefined;
  /** Empty shows every kind. */
  kinds: readonly ListedKind[];
}

/** The files at and below `root`, which is followed when it is a link; each directory before what is in it. */
export function* listFiles(
  files: NodeFiles,
  root: string,
  { depth, kinds }: ListOptions,
): Generator<FoundFile> {
  const rootFile = followRoot(files, root);
  const isShown = ({ file }: FoundFile) =>
    kinds.length === 0 || kinds.some((kind) => kind === file.kind);

  function* below(found: FoundFile): Generator<FoundFile> {
    if (isShown(found)) {
      yield found;
      // What is not shown is entered at any depth: the filter comes before the check of the depth.
      const isTooDeep = depth !== undefined && levelBelow(rootFile.path, found.path) >= depth;
      if (found !== rootFile && isTooDeep) return;
    }
    for (const entry of files.entries(found)) yield* below(entry);
  }
  yield* below(rootFile);
}

/** A file or directory with the bytes in it and below it. */
export interface FileUsage {
  path: string;
  sizeBytes: number;
}

/** What `usage` shows. */
export interface UsageOptions {
  /** Levels to show; undefined is all of them. */
  depth: number | undefined;
  /** Whether other files than directories are shown. */
  showsFiles: boolean;
  /** Positive: only what is at least so big. Negative: only what is at most so big. */
  threshold: number;
}

/** Sizes at and below `root`, each directory after what is in it. */
export function* measureFiles(
  files: NodeFiles,
  root: string,
  { depth, showsFiles, threshold }: UsageOptions,
): Generator<FileUsage> {
  const rootFile = followRoot(files, root);

  function* measure(found: FoundFile): Generator<FileUsage, number> {
    const entries = files.entries(found);
    let sizeBytes = sizeOf(found.file, entries.length);
    for (const entry of entries) sizeBytes += yield* measure(entry);

    const level = levelBelow(rootFile.path, found.path);
    const isHidden = (depth !== undefined && level >= depth) ||
      (found.file.kind !== "directory" && !showsFiles) ||
      (threshold > 0 && sizeBytes < threshold) ||
      (threshold < 0 && sizeBytes > -threshold);
    if (!isHidden) yield { path: found.path, sizeBytes };
    return sizeBytes;
  }
  yield* measure(rootFile);
}

/** The path of a file as seen from the root of a walk; `.` for the root itself. */
export function relativePath(root: string, path: string): string {
  if (path === root) return ".";
  return path.slice(root === "/" ? 1 : root.length + 1);
}

/** The file of a walk's root: itself, or what it leads to. */
export function followRoot(files: NodeFiles, root: string): FoundFile {
  const found = files.lstat(root);
  return found.file.kind === "link" ? files.stat(root) : found;
}

/** Talos counts slashes, so that everything below `/` is one level higher than below other roots. */
function levelBelow(root: string, path: string): number {
  return path.split("/").length - root.split("/").length;
}
