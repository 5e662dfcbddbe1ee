/** What a simulated file system is made of: directories, links, devices, and files whose content is made when it is read. */

/** The content of a file. It is made anew by each reader, so a file of gigabytes takes no memory. */
export interface FileContent {
  /** The length that `lstat` gives; 0 for what a kernel makes up, whatever comes out of it. */
  readonly statedBytes: number;
  /** Throws a {@linkcode FileError} where reading fails. */
  read(): Iterable<Uint8Array>;
}

/** What every file has. */
export interface FileAttributes {
  /** The low nine bits of the mode, and the sticky bit 0o1000. */
  permissions: number;
  uid: number;
  gid: number;
  modifiedAt: Date;
  /** The SELinux label; empty where the node has none. */
  label: string;
}

/** A file of any kind. */
export type FileNode =
  & Readonly<FileAttributes>
  & (
    | {
      kind: "directory";
      entries(): ReadonlyMap<string, FileNode>;
      sizeBytes(count: number): number;
    }
    | { kind: "file"; content: FileContent }
    | { kind: "link"; target: string }
    | { kind: "device"; major: number; minor: number }
  );

/** What an operation on a file failed with, in the words of the system. */
export class FileError extends Error {
  /** Such as `no such file or directory`. */
  readonly reason: string;

  constructor(operation: string, path: string, reason: string) {
    super(`${operation} ${path}: ${reason}`);
    this.name = "FileError";
    this.reason = reason;
  }
}

const blockBytes = 64 * 1024;

/** Content that is known as a whole. */
export function bytesContent(content: string | Uint8Array): FileContent {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return { statedBytes: bytes.length, read: () => [bytes] };
}

/** What a kernel makes up when it is read: no length beforehand. */
export function madeUpContent(text: () => string): FileContent {
  return { statedBytes: 0, read: () => [new TextEncoder().encode(text())] };
}

/** So many bytes of a repeated pattern. */
export function patternContent(sizeBytes: number): FileContent {
  return {
    statedBytes: sizeBytes,
    *read() {
      const block = Uint8Array.from({ length: blockBytes }, (_, index) => index % 251);
      for (let rest = sizeBytes; rest > 0; rest -= blockBytes) yield block.subarray(0, rest);
    },
  };
}

/** Content that cannot be read. */
export function unreadableContent(path: string, reason: string): FileContent {
  return {
    statedBytes: 0,
    read: () => {
      throw new FileError("read", path, reason);
    },
  };
}

/** Cuts content into pieces of at most `pieceBytes`, as it is read. */
export function* inPieces(
  content: Iterable<Uint8Array>,
  pieceBytes: number,
): Generator<Uint8Array> {
  for (const block of content) {
    for (let at = 0; at < block.length; at += pieceBytes) {
      yield block.subarray(at, at + pieceBytes);
    }
  }
}

/** The length that `lstat` gives. */
export function sizeOf(file: FileNode, entryCount = 0): number {
  switch (file.kind) {
    case "directory":
      return file.sizeBytes(entryCount);
    case "file":
      return file.content.statedBytes;
    case "link":
      return new TextEncoder().encode(file.target).length;
    case "device":
      return 0;
  }
}
