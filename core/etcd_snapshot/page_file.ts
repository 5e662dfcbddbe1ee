/** Pages of a database file, read as they are asked for: a few windows of the file are kept, whatever its length. */

import { pageHeaderBytes } from "./meta_page.ts";

/** What a page is. */
export const pageKinds = { branch: 0x01, leaf: 0x02, meta: 0x04, free: 0x10 } as const;

/** A page with those that continue it. */
export interface Page {
  id: number;
  /** Of {@linkcode pageKinds}; other values are damage. */
  kind: number;
  /** How many elements it holds. */
  count: number;
  bytes: Uint8Array;
  view: DataView;
}

/** A page that cannot be had; its text stands in the list of what is wrong. */
export class PageError extends Error {}

/** Larger than any value etcd takes, so that a page of the whole file is not read into memory. */
const longestPageBytes = 64 * 1024 * 1024;
const windowBytes = 128 * 1024;
const windowCount = 32;

/** What is read from. */
export interface PageSource {
  file: Deno.FsFile;
  fileBytes: number;
  pageBytes: number;
}

/** Reads pages by their number. The bytes of a page are its own only until the next is read. */
export class PageFile {
  readonly #source: PageSource;
  /** By their index in the file; the least recently used first. */
  readonly #windows = new Map<number, Uint8Array>();

  constructor(source: PageSource) {
    this.#source = source;
  }

  /** How many pages the file has room for. */
  get pageCount(): number {
    return Math.floor(this.#source.fileBytes / this.#source.pageBytes);
  }

  /**
   * How many further pages the content of a page takes.
   *
   * @throws {PageError} for pages that are not in the file, or too long to be any.
   */
  overflowOf(id: number): number {
    const { pageBytes } = this.#source;
    if (id >= this.pageCount) throw new PageError(`page ${id}: beyond the end of the file`);
    const overflow = littleEndian(this.#bytes(id * pageBytes, pageBytes), 12);
    if (id + overflow >= this.pageCount) {
      throw new PageError(`page ${id}: its ${overflow} further pages end beyond the file`);
    }
    const length = (overflow + 1) * pageBytes;
    if (length > longestPageBytes) {
      throw new PageError(`page ${id}: ${length} bytes are more than etcd stores in one`);
    }
    return overflow;
  }

  /** A page with its further pages; to be done with before another is read. */
  read(id: number, overflow: number): Page {
    const { pageBytes } = this.#source;
    const bytes = this.#bytes(id * pageBytes, (overflow + 1) * pageBytes);
    const view = viewOf(bytes);
    return { id, kind: view.getUint16(8, true), count: view.getUint16(10, true), bytes, view };
  }

  #bytes(offset: number, length: number): Uint8Array {
    const index = Math.floor(offset / windowBytes);
    const start = offset - index * windowBytes;
    if (start + length > windowBytes) return readAt(this.#source.file, offset, length);
    const window = this.#windows.get(index) ?? this.#readWindow(index);
    this.#windows.delete(index);
    this.#windows.set(index, window);
    return window.subarray(start, start + length);
  }

  /** Takes the memory of the window that was not used for longest: fresh memory costs more than reading does. */
  #readWindow(index: number): Uint8Array {
    const [oldest] = this.#windows.keys();
    let memory: Uint8Array | undefined;
    if (this.#windows.size >= windowCount && oldest !== undefined) {
      memory = this.#windows.get(oldest);
      this.#windows.delete(oldest);
    }
    memory ??= new Uint8Array(windowBytes);
    const { file, fileBytes } = this.#source;
    const offset = index * windowBytes;
    readInto(file, offset, memory.subarray(0, Math.min(windowBytes, fileBytes - offset)));
    return memory;
  }
}

/** So many bytes of a file, from an offset; what it no longer has are zeros. */
export function readAt(file: Deno.FsFile, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  readInto(file, offset, bytes);
  return bytes;
}

function readInto(file: Deno.FsFile, offset: number, bytes: Uint8Array): void {
  file.seekSync(offset, Deno.SeekMode.Start);
  for (let filled = 0; filled < bytes.length;) {
    const count = file.readSync(bytes.subarray(filled));
    if (count === null) {
      bytes.fill(0, filled);
      return;
    }
    filled += count;
  }
}

/** 32 bits; a view for one number costs more than the number. */
function littleEndian(bytes: Uint8Array, at: number): number {
  const low = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
  return (low | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0;
}

/** The bytes as numbers. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** One element of a branch or leaf. */
export interface Element {
  key: Uint8Array;
  /** Of a branch: the page below. */
  child: number;
  /** Of a leaf: 1 for a bucket. */
  flags: number;
  value: Uint8Array;
}

const elementBytes = 16;

/**
 * An element of a branch or leaf page.
 *
 * @throws {PageError} where it reaches out of its page.
 */
export function elementOf({ id, kind, bytes, view }: Page, index: number): Element {
  const at = pageHeaderBytes + index * elementBytes;
  const outside = () => new PageError(`page ${id}: element ${index} reaches beyond the page`);
  if (at + elementBytes > bytes.length) throw outside();
  const isLeaf = kind === pageKinds.leaf;
  const start = at + view.getUint32(isLeaf ? at + 4 : at, true);
  const keyEnd = start + view.getUint32(isLeaf ? at + 8 : at + 4, true);
  const end = isLeaf ? keyEnd + view.getUint32(at + 12, true) : keyEnd;
  if (end > bytes.length) throw outside();
  return {
    key: bytes.subarray(start, keyEnd),
    child: isLeaf ? 0 : Number(view.getBigUint64(at + 8, true)),
    flags: isLeaf ? view.getUint32(at, true) : 0,
    value: bytes.subarray(keyEnd, end),
  };
}
