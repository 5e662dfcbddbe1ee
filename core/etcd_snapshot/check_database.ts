/** Goes through all pages of a bbolt database in the order of its keys, and notes what is wrong with them: one pass for check and content. */

import { type DatabaseMeta, pageHeaderBytes } from "./meta_page.ts";
import {
  type Element,
  elementOf,
  type Page,
  PageError,
  type PageFile,
  pageKinds,
  viewOf,
} from "./page_file.ts";
import { PageSet } from "./page_set.ts";

/** Is told of the content of the top-level buckets as it is met, in order. */
export interface DatabaseVisitor {
  bucket(name: Uint8Array): void;
  /** `value` is empty for a bucket within a bucket. */
  pair(key: Uint8Array, value: Uint8Array): void;
}

/** What is wrong; texts of the first thousand. */
export interface Findings {
  count: number;
  texts: readonly string[];
}

const mostTexts = 1000;
const deepestLevel = 64;
const bucketFlag = 1;
const bucketHeaderBytes = 16;
const empty = new Uint8Array(0);

/** Work that pauses after each page, for others to have their turn. */
type Steps<T> = Generator<undefined, T>;

/** Is given the elements of one leaf; gives steps only where it has more pages to look at. */
type LeafReader = (elements: readonly Element[], id: number) => Steps<void> | undefined;

/** Keys of a page lie from `min` up to below `max`; absent is open. */
interface Bounds {
  min?: Uint8Array;
  max?: Uint8Array;
}

/**
 * Checks that every page is used once or free, is of a kind that may stand where it is, and holds its keys in order.
 * Damage is noted and gone around, whatever it is: a page is never looked at twice.
 */
export function* checkDatabase(
  pages: PageFile,
  meta: DatabaseMeta,
  visitor: DatabaseVisitor,
): Generator<undefined, Findings> {
  const limit = Math.min(meta.pageCount, pages.pageCount);
  const [used, freed] = [new PageSet(limit), new PageSet(limit)];
  const texts: string[] = [];
  let count = 0;
  const note = (text: string) => {
    if (++count <= mostTexts) texts.push(text);
  };

  if (meta.pageCount > pages.pageCount) {
    note(`the database has ${meta.pageCount} pages, and its file only ${pages.pageCount}`);
  }
  used.add(0);
  used.add(1);
  if (meta.freePage !== undefined) yield* readFreePages(meta.freePage);
  yield* readTree(meta.rootPage, 0, {}, readRootLeaf);
  if (meta.freePage !== undefined) {
    for (let id = 0; id < limit; id++) {
      if (!used.has(id) && !freed.has(id)) note(`page ${id}: neither in use nor free`);
    }
  }
  return { count, texts };

  function* readRootLeaf(elements: readonly Element[], id: number): Steps<void> {
    for (const element of elements) {
      if (!isBucket(element)) {
        note(`page ${id}: an entry outside of all buckets`);
        continue;
      }
      visitor.bucket(element.key);
      yield* readBucket(element.value, 1, visitor.pair);
    }
  }

  function* readFreePages(id: number): Steps<void> {
    const page = yield* claim(id);
    if (page === undefined) return;
    if (page.kind !== pageKinds.free) return note(`page ${id}: no list of free pages`);
    const isLong = page.count === 0xffff;
    const first = pageHeaderBytes + (isLong ? 8 : 0);
    const length = isLong ? Number(page.view.getBigUint64(pageHeaderBytes, true)) : page.count;
    if (first + length * 8 > page.bytes.length) {
      return note(`page ${id}: its list of ${length} free pages reaches beyond the page`);
    }
    for (let index = 0; index < length; index++) {
      const free = Number(page.view.getBigUint64(first + index * 8, true));
      if (free >= limit) note(`page ${free}: free, and beyond the end`);
      else if (used.has(free)) note(`page ${free}: in use and free`);
      else if (!freed.add(free)) note(`page ${free}: free twice`);
    }
  }

  /** The page, which from now on is in use; undefined where it cannot be had. */
  function* claim(id: number): Steps<Page | undefined> {
    yield;
    if (id >= limit) {
      note(`page ${id}: beyond the end`);
      return undefined;
    }
    try {
      const overflow = pages.overflowOf(id);
      // Before its content is read: that may be long, and named again and again.
      for (let at = id; at <= id + overflow; at++) {
        if (at >= limit) note(`page ${at}: beyond the end`);
        else if (freed.has(at)) note(`page ${at}: in use and free`);
        else if (!used.add(at)) {
          note(`page ${at}: in use twice`);
          return undefined;
        }
      }
      return pages.read(id, overflow);
    } catch (error) {
      if (!(error instanceof PageError)) throw error;
      note(error.message);
      return undefined;
    }
  }

  /** Reads the leaves of a tree from left to right. */
  function* readTree(
    id: number,
    level: number,
    bounds: Bounds,
    read: LeafReader,
  ): Steps<void> {
    if (level > deepestLevel) return note(`page ${id}: more than ${deepestLevel} levels deep`);
    const page = yield* claim(id);
    if (page === undefined) return;
    if (page.kind !== pageKinds.leaf && page.kind !== pageKinds.branch) {
      return note(`page ${id}: of the unknown kind 0x${page.kind.toString(16)}`);
    }
    const found = elementsOf(page, bounds);
    // What is needed while other pages are read.
    const isKept = page.kind === pageKinds.branch || found.some(isBucket);
    const elements = isKept ? kept(found, page) : found;
    if (page.kind === pageKinds.leaf) {
      const more = read(elements, id);
      if (more !== undefined) yield* more;
      return;
    }
    if (page.count === 0) note(`page ${id}: a branch that leads nowhere`);
    for (const [index, { key, child }] of elements.entries()) {
      const max = elements[index + 1]?.key ?? bounds.max;
      const inside = max === undefined ? { min: key } : { min: key, max };
      yield* readTree(child, level + 1, inside, read);
    }
  }

  function* readBucket(
    bucket: Uint8Array,
    level: number,
    visit: DatabaseVisitor["pair"],
  ): Steps<void> {
    if (level > deepestLevel) return note(`buckets are more than ${deepestLevel} levels deep`);
    if (bucket.length < bucketHeaderBytes) return note("a bucket without its header");
    const root = Number(viewOf(bucket).getBigUint64(0, true));
    const read: LeafReader = (elements) => {
      const inner: Element[] = [];
      for (const element of elements) {
        visit(element.key, isBucket(element) ? empty : element.value);
        if (isBucket(element)) inner.push(element);
      }
      return inner.length === 0 ? undefined : readInner(inner, level);
    };
    if (root !== 0) return yield* readTree(root, 0, {}, read);
    const page = inlinePage(bucket.subarray(bucketHeaderBytes));
    if (page === undefined) return note("a bucket without its content");
    yield* read(elementsOf(page, {}), page.id) ?? [];
  }

  /** Buckets within a bucket: checked, and not told of. */
  function* readInner(buckets: readonly Element[], level: number): Steps<void> {
    for (const { value } of buckets) yield* readBucket(value, level + 1, () => {});
  }

  /** Those before the first that is damaged. All together are no longer than the page, or a small one could be endless work. */
  function elementsOf(page: Page, { min, max }: Bounds): Element[] {
    const elements: Element[] = [];
    let length = 0;
    try {
      for (let index = 0; index < page.count; index++) {
        const element = elementOf(page, index);
        length += element.key.length + element.value.length;
        if (length > page.bytes.length) {
          throw new PageError(`page ${page.id}: element ${index} overlaps others`);
        }
        const last = elements[index - 1]?.key;
        const isBefore = last === undefined
          ? min !== undefined && compareBytes(element.key, min) < 0
          : compareBytes(element.key, last) <= 0;
        if (isBefore || (max !== undefined && compareBytes(element.key, max) >= 0)) {
          note(`page ${page.id}: key ${index} is out of order`);
        }
        elements.push(element);
      }
    } catch (error) {
      if (!(error instanceof PageError)) throw error;
      note(error.message);
    }
    return elements;
  }
}

/** A small bucket has its only page within its parent's. */
function inlinePage(bytes: Uint8Array): Page | undefined {
  if (bytes.length < pageHeaderBytes) return undefined;
  const view = viewOf(bytes);
  const [kind, count] = [view.getUint16(8, true), view.getUint16(10, true)];
  return kind === pageKinds.leaf ? { id: 0, kind, count, bytes, view } : undefined;
}

function isBucket({ flags }: Element): boolean {
  return (flags & bucketFlag) !== 0;
}

/** The elements over a copy of their page. */
function kept(elements: readonly Element[], { bytes }: Page): Element[] {
  const copy = bytes.slice();
  const moved = ({ byteOffset, length }: Uint8Array) => {
    const start = byteOffset - bytes.byteOffset;
    return copy.subarray(start, start + length);
  };
  return elements.map(({ key, value, child, flags }) => ({
    key: moved(key),
    value: moved(value),
    child,
    flags,
  }));
}

function compareBytes(one: Uint8Array, other: Uint8Array): number {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index++) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}
