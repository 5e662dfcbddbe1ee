/** What etcd keeps in its bucket `key`: one entry a revision, and in it which key was set or removed. */

import { viewOf } from "./page_file.ts";

/** The revision itself, `_`, and its part within a transaction. */
const revisionBytes = 17;
const tombstone = "t".charCodeAt(0);

/** What a revision did; undefined for an entry that is none. */
export function readRevision(
  key: Uint8Array,
  value: Uint8Array,
): { isRemoval: boolean; changedKey: Uint8Array } | undefined {
  if (key.length < revisionBytes) return undefined;
  const changedKey = firstField(value);
  if (changedKey === undefined) return undefined;
  return { isRemoval: key[revisionBytes] === tombstone, changedKey };
}

/** The number of a revision. */
export function revisionNumber(key: Uint8Array): bigint {
  return viewOf(key).getBigInt64(0, false);
}

/** Field 1 of a `mvccpb.KeyValue`: its key; etcd writes fields in order, so that it stands first. */
function firstField(message: Uint8Array): Uint8Array | undefined {
  if (message[0] !== 0x0a) return undefined;
  let length = 0;
  for (let at = 1, scale = 1; at < 6; at++, scale *= 128) {
    const byte = message[at];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * scale;
    if (byte < 0x80) {
      const end = at + 1 + length;
      return end <= message.length ? message.subarray(at + 1, end) : undefined;
    }
  }
  return undefined;
}
