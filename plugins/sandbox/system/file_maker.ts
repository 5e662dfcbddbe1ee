/** A short way to write down a tree of files: what a file system's files have in common is said once. */

import {
  bytesContent,
  type FileAttributes,
  type FileContent,
  type FileNode,
  madeUpContent,
} from "./file_tree.ts";

/** The files of one file system. */
export interface FileSystemStyle {
  /** On a disk a directory has a block, in memory it grows with its entries, made-up ones have no size. */
  storage: "disk" | "memory" | "made up";
  modifiedAt: Date;
  /** Default none. */
  label?: string;
}

/** Names with their files. */
export type Entries = Readonly<Record<string, FileNode>>;

/** Makers of files in one style; attributes given differ from it. */
export interface FileMaker {
  directory(entries: Entries | (() => Entries), attributes?: Partial<FileAttributes>): FileNode;
  /** A function is content that is made up on reading. */
  file(
    content: string | (() => string) | FileContent,
    attributes?: Partial<FileAttributes>,
  ): FileNode;
  link(target: string): FileNode;
  device(major: number, minor: number, attributes?: Partial<FileAttributes>): FileNode;
}

const directorySizes: Record<FileSystemStyle["storage"], (count: number) => number> = {
  "disk": () => 4096,
  "memory": (count) => 40 + 20 * count,
  "made up": () => 0,
};

/** Makers for files in this style. */
export function fileMaker({ storage, modifiedAt, label = "" }: FileSystemStyle): FileMaker {
  const common = { uid: 0, gid: 0, modifiedAt, label };
  return {
    directory: (entries, attributes) => ({
      ...common,
      kind: "directory",
      permissions: 0o755,
      entries: () => new Map(Object.entries(typeof entries === "function" ? entries() : entries)),
      sizeBytes: directorySizes[storage],
      ...attributes,
    }),
    file: (content, attributes) => ({
      ...common,
      kind: "file",
      permissions: storage === "made up" ? 0o444 : 0o644,
      content: typeof content === "string"
        ? bytesContent(content)
        : typeof content === "function"
        ? madeUpContent(content)
        : content,
      ...attributes,
    }),
    link: (target) => ({ ...common, kind: "link", permissions: 0o777, target }),
    device: (major, minor, attributes) => ({
      ...common,
      kind: "device",
      permissions: 0o666,
      major,
      minor,
      ...attributes,
    }),
  };
}
