/** The first two pages of a bbolt database: each says what the database is as of one transaction; the newer whole one counts. */

import { CliError } from "../errors.ts";

/** What a meta page says. */
export interface DatabaseMeta {
  pageBytes: number;
  /** The page of the bucket of all buckets. */
  rootPage: number;
  /** The page that lists the free ones; undefined where the database leaves them to be found. */
  freePage: number | undefined;
  /** Pages up to the highest that was ever used. */
  pageCount: number;
}

/** The length of what stands before a page's content. */
export const pageHeaderBytes = 16;

const magic = 0xed0cdaed;
const version = 2;
const metaBytes = 64;
const checkedBytes = 56;
const noFreePage = 0xffff_ffff_ffff_ffffn;
/** By the operating system where a database was made; the second meta page stands behind a page of one of these. */
const pageSizes = Array.from({ length: 8 }, (_, power) => 512 << power);

/** How many bytes of a file {@linkcode readMeta} looks at. */
export const metaAreaBytes = (pageSizes.at(-1) ?? 0) + pageHeaderBytes + metaBytes;

/**
 * Reads the meta pages from the beginning of a file.
 *
 * @throws {CliError} `invalid database` (spec/machine-ops.md, 15.3) where there is no whole one.
 */
export function readMeta(beginning: Uint8Array): DatabaseMeta {
  const first = parseMeta(beginning, 0);
  const second = pageSizes.filter((size) => first === undefined || size === first.meta.pageBytes)
    .map((size) => parseMeta(beginning, size))
    .find((found) => found !== undefined);
  const newest = [first, second].filter((found) => found !== undefined)
    .toSorted((one, other) => one.transaction < other.transaction ? 1 : -1)[0];
  if (newest === undefined) throw new CliError("invalid database");
  return newest.meta;
}

function parseMeta(
  bytes: Uint8Array,
  offset: number,
): { meta: DatabaseMeta; transaction: bigint } | undefined {
  const start = offset + pageHeaderBytes;
  if (bytes.length < start + metaBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, metaBytes);
  const long = (at: number) => view.getBigUint64(at, true);
  if (view.getUint32(0, true) !== magic || view.getUint32(4, true) !== version) return undefined;
  if (long(checkedBytes) !== fnv1a(bytes.subarray(start, start + checkedBytes))) return undefined;
  const pageBytes = view.getUint32(8, true);
  const pageCount = Number(long(40));
  // A second page that stands elsewhere than its own size says is no meta page.
  if (!pageSizes.includes(pageBytes) || (offset !== 0 && offset !== pageBytes)) return undefined;
  if (!Number.isSafeInteger(pageCount * pageBytes)) return undefined;
  return {
    meta: {
      pageBytes,
      pageCount,
      rootPage: Number(long(16)),
      freePage: long(32) === noFreePage ? undefined : Number(long(32)),
    },
    transaction: long(48),
  };
}

/** FNV-1a, 64 bits. */
export function fnv1a(bytes: Uint8Array): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}
