/** The mode of a file as the API gives it: Go's mode word (spec/machine-read.md, 2). */

import type { FileNode } from "./file_tree.ts";

const kindBits: Record<FileNode["kind"], number> = {
  file: 0,
  directory: 2 ** 31,
  link: 2 ** 27,
  // A device, and of characters.
  device: 2 ** 26 + 2 ** 21,
};
const stickyBit = 2 ** 20;

/** Kind, sticky bit and permissions in one number. */
export function goFileMode({ kind, permissions }: FileNode): number {
  return kindBits[kind] + (permissions & 0o1000 ? stickyBit : 0) + (permissions & 0o777);
}
