/** What is told of an etcd snapshot, apart from how it is found out: commands show it without loading that. */

/** What is in a snapshot. */
export interface SnapshotInfo {
  /** CRC-32C of all its content, 8 hex digits. */
  hash: string;
  /** The last one, in decimal. */
  revision: string;
  /** Keys that are not removed. */
  totalKeys: number;
  /** Bytes of the database, without a checksum behind it. */
  totalSize: number;
}

/** The words in which all who show a snapshot tell of it (spec/machine-ops.md, 8 and 15.3). */
export function snapshotText({ hash, revision, totalKeys, totalSize }: SnapshotInfo): string {
  return `hash ${hash}, revision ${revision}, total keys ${totalKeys}, total size ${totalSize}`;
}
