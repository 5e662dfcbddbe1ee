/** A snapshot as etcd streams it: its database, and the SHA-256 of that behind it. */

import { createHash } from "node:crypto";
import { type DatabaseContent, databasePages } from "./database_pages.ts";

/** The length of what stands behind the database. */
export const checksumBytes = 32;

/** The snapshot of a database that is there, or of one that is made up as it is sent. */
export function* snapshotBlocks(
  database: Uint8Array | DatabaseContent,
): Generator<Uint8Array> {
  const hash = createHash("sha256");
  const blocks = database instanceof Uint8Array ? [database] : databasePages(database);
  for (const block of blocks) {
    hash.update(block);
    yield block;
  }
  yield hash.digest();
}

/** The database in a snapshot; a text says why it is not accepted. */
export function databaseOf(
  snapshot: Uint8Array,
  { skipsChecksum }: { skipsChecksum: boolean },
): Uint8Array | string {
  const database = snapshot.subarray(0, snapshot.length - snapshot.length % 512);
  const stored = snapshot.subarray(database.length);
  if (skipsChecksum) return database;
  if (stored.length !== checksumBytes) {
    return "error restoring etcd: snapshot missing hash but --skip-hash-check=false";
  }
  const actual = createHash("sha256").update(database).digest("hex");
  if (actual === stored.toHex()) return database;
  return `error restoring etcd: expected sha256 ${stored.toHex()}, got ${actual}`;
}
