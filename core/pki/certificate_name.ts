/** Names of subjects and issuers in certificates. */

import { derTag, writeDer, writeOid } from "./der.ts";

/** One part of a name: an attribute with its values, all in one set. */
export interface NamePart {
  attribute: "O" | "CN";
  values: readonly string[];
}

const attributeOids = { O: "2.5.4.10", CN: "2.5.4.3" } as const;

/** Encodes a name. */
export function writeName(parts: readonly NamePart[]): Uint8Array {
  const sets = parts.map(({ attribute, values }) => {
    const pairs = values.map((value) =>
      writeDer(derTag.sequence, writeOid(attributeOids[attribute]), writeText(value))
    );
    return writeDer(derTag.set, ...pairs.sort(compareBytes));
  });
  return writeDer(derTag.sequence, ...sets);
}

function writeText(text: string): Uint8Array {
  const isPrintable = /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text);
  const tag = isPrintable ? derTag.printableString : derTag.utf8String;
  return writeDer(tag, new TextEncoder().encode(text));
}

/** The order that DER demands of sets. */
function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const [a, b] = [left.toHex(), right.toHex()];
  return a < b ? -1 : a > b ? 1 : 0;
}
