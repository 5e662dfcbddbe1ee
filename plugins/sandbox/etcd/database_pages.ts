/** Writes etcd's database as a bbolt file, page by page in their order, so that one of a gigabyte takes no memory. */

import { fnv1a } from "../../../core/etcd_snapshot/meta_page.ts";
import { decimalId } from "./members.ts";
import { registryEntry } from "./registry_entries.ts";

/** What is in the small buckets besides the revisions. */
export interface DatabaseContent {
  /** How many revisions the bucket `key` holds; the first is 2. */
  revisionCount: number;
  /** Pages that are free. */
  freePages: number;
  /** By its id in 16 hex digits, what etcd keeps of a member besides that. */
  members: ReadonlyMap<string, object>;
  raftIndex: number;
  raftTerm: number;
}

/** The length of a page. */
export const pageBytes = 4096;

const headerBytes = 16;
const elementBytes = 16;
const entriesOfLeaf = 3;
const childrenOfBranch = 100;
const kinds = { branch: 0x01, leaf: 0x02, meta: 0x04 } as const;
const bucketFlag = 1;
const firstPage = 2;

/** Revisions that fit in so many pages. */
export function revisionsIn(pages: number): number {
  const perLeaf = 1 + 1 / (childrenOfBranch - 1);
  return Math.max(1, Math.floor((pages - firstPage - 2) / perLeaf)) * entriesOfLeaf;
}

/** Pages of the database: those in use, and all. */
export function pageCounts(content: DatabaseContent): { inUse: number; all: number } {
  const { rootPage, rootPages } = planPages(content);
  const inUse = rootPage + rootPages;
  return { inUse, all: inUse + content.freePages };
}

/** The database, in blocks of whole pages. */
export function* databasePages(content: DatabaseContent): Generator<Uint8Array> {
  const plan = planPages(content);
  for (const id of [0, 1]) yield metaPage(id, plan.rootPage, pageCounts(content).all);
  const { revisionCount } = content;
  for (let leaf = 0; leaf < plan.leaves; leaf++) {
    const entries = range(leaf * entriesOfLeaf, entriesOfLeaf, revisionCount)
      .map((index) => registryEntry(index));
    yield pageOf(firstPage + leaf, { kind: kinds.leaf, entries });
  }
  let [below, covered] = [firstPage, entriesOfLeaf];
  for (const level of plan.levels) {
    for (let branch = 0; branch < level.branches; branch++) {
      const entries = range(branch * childrenOfBranch, childrenOfBranch, level.children)
        .map((child) => ({
          key: registryEntry(child * covered).key,
          value: new Uint8Array(0),
          child: below + child,
        }));
      yield pageOf(level.firstPage + branch, { kind: kinds.branch, entries });
    }
    below = level.firstPage;
    covered *= childrenOfBranch;
  }
  yield pageOf(plan.rootPage, { kind: kinds.leaf, entries: plan.rootEntries, isBuckets: true });
  const free = new Uint8Array(pageBytes);
  for (let count = content.freePages; count > 0; count--) yield free;
}

/** Which page holds what: the leaves of `key`, the branches above them, the bucket of buckets. */
function planPages(content: DatabaseContent) {
  const leaves = Math.ceil(content.revisionCount / entriesOfLeaf);
  const levels: { children: number; branches: number; firstPage: number }[] = [];
  let next = firstPage + leaves;
  for (let children = leaves; children > 1;) {
    const branches = Math.ceil(children / childrenOfBranch);
    levels.push({ children, branches, firstPage: next });
    next += branches;
    children = branches;
  }
  const rootEntries = bucketEntries(content, next - 1);
  const rootPages = Math.ceil(lengthOf(rootEntries) / pageBytes);
  return { leaves, levels, rootPage: next, rootPages, rootEntries };
}

/** An entry of a page. */
interface Entry {
  key: Uint8Array;
  value: Uint8Array;
  /** Of a branch. */
  child?: number;
}

const bytesOf = (text: string) => new TextEncoder().encode(text);

function bucketEntries(
  { members, raftIndex, raftTerm }: DatabaseContent,
  keyRoot: number,
): Entry[] {
  const storedMembers = [...members].sort(([one], [other]) => one < other ? -1 : 1)
    .map(([id, member]) => ({ key: bytesOf(id), value: withId(id, member) }));
  // 64 bits are more than a number of ours holds, so these are written by hand.
  const voters = [...members.keys()].map(decimalId).join(",");
  const buckets: Record<string, Entry[] | number> = {
    alarm: [],
    auth: [],
    authRoles: [],
    authUsers: [],
    cluster: [{ key: bytesOf("clusterVersion"), value: bytesOf("3.7.0") }],
    key: keyRoot,
    lease: [],
    members: storedMembers,
    members_removed: [],
    meta: [
      { key: bytesOf("confState"), value: bytesOf(`{"voters":[${voters}],"auto_leave":false}`) },
      { key: bytesOf("consistent_index"), value: bigEndian(raftIndex) },
      { key: bytesOf("storageVersion"), value: bytesOf("3.7.0") },
      { key: bytesOf("term"), value: bigEndian(raftTerm) },
    ],
  };
  return Object.entries(buckets).map(([name, content]) => ({
    key: bytesOf(name),
    value: bucketValue(content),
  }));
}

function withId(id: string, member: object): Uint8Array {
  return bytesOf(JSON.stringify(member).replace("{", `{"id":${decimalId(id)},`));
}

/** A bucket with a page of its own, or with its only page behind the header. */
function bucketValue(content: Entry[] | number): Uint8Array {
  const header = new Uint8Array(headerBytes);
  if (typeof content === "number") {
    new DataView(header.buffer).setBigUint64(0, BigInt(content), true);
    return header;
  }
  const value = new Uint8Array(headerBytes + lengthOf(content));
  writePage(value.subarray(headerBytes), { id: 0, kind: kinds.leaf, entries: content });
  return value;
}

interface PageContent {
  kind: number;
  entries: readonly Entry[];
  isBuckets?: boolean;
}

function lengthOf(entries: readonly Entry[]): number {
  return entries.reduce(
    (sum, { key, value }) => sum + elementBytes + key.length + value.length,
    headerBytes,
  );
}

function pageOf(id: number, content: PageContent): Uint8Array {
  const page = new Uint8Array(Math.ceil(lengthOf(content.entries) / pageBytes) * pageBytes);
  writePage(page, { id, ...content });
  return page;
}

function writePage(
  page: Uint8Array,
  { id, kind, entries, isBuckets = false }: PageContent & { id: number },
): void {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  view.setUint32(0, id, true);
  view.setUint16(8, kind, true);
  view.setUint16(10, entries.length, true);
  view.setUint32(12, Math.max(0, Math.ceil(page.length / pageBytes) - 1), true);
  let data = headerBytes + entries.length * elementBytes;
  for (const [index, { key, value, child }] of entries.entries()) {
    const at = headerBytes + index * elementBytes;
    if (child === undefined) {
      view.setUint32(at, isBuckets ? bucketFlag : 0, true);
      view.setUint32(at + 4, data - at, true);
      view.setUint32(at + 8, key.length, true);
      view.setUint32(at + 12, value.length, true);
    } else {
      view.setUint32(at, data - at, true);
      view.setUint32(at + 4, key.length, true);
      view.setBigUint64(at + 8, BigInt(child), true);
    }
    page.set(key, data);
    page.set(value, data + key.length);
    data += key.length + value.length;
  }
}

/** etcd keeps no list of free pages, and finds them when it opens the file. */
function metaPage(id: number, rootPage: number, pageCount: number): Uint8Array {
  const page = new Uint8Array(pageBytes);
  const view = new DataView(page.buffer);
  view.setUint32(0, id, true);
  view.setUint16(8, kinds.meta, true);
  const meta = new DataView(page.buffer, headerBytes);
  meta.setUint32(0, 0xed0cdaed, true);
  meta.setUint32(4, 2, true);
  meta.setUint32(8, pageBytes, true);
  meta.setBigUint64(16, BigInt(rootPage), true);
  meta.setBigUint64(32, 0xffff_ffff_ffff_ffffn, true);
  meta.setBigUint64(40, BigInt(pageCount), true);
  meta.setBigUint64(48, BigInt(100 + id), true);
  meta.setBigUint64(56, fnv1a(page.subarray(headerBytes, headerBytes + 56)), true);
  return page;
}

function bigEndian(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), false);
  return bytes;
}

function range(start: number, length: number, limit: number): number[] {
  return Array.from({ length: Math.min(length, limit - start) }, (_, index) => start + index);
}
