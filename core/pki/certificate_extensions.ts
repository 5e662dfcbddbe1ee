/** The extensions that certificates of clusters have. */

import { derTag, writeBits, writeDer, writeOid } from "./der.ts";

/** The extensions by their names in the standard. */
export const extensionOids = {
  subjectKeyId: "2.5.29.14",
  keyUsage: "2.5.29.15",
  alternativeNames: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  authorityKeyId: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
} as const;

function writeExtension(
  name: keyof typeof extensionOids,
  value: Uint8Array,
  { isCritical = false } = {},
): Uint8Array {
  const critical = isCritical ? [writeDer(derTag.boolean, Uint8Array.of(0xff))] : [];
  const octets = writeDer(derTag.octetString, value);
  return writeDer(derTag.sequence, writeOid(extensionOids[name]), ...critical, octets);
}

/** The bits of the key usage, by their place in the standard. */
const keyUsageBits = { digitalSignature: 0, keyEncipherment: 2, keyCertSign: 5 } as const;

/** Encodes one each. */
export const extensions = {
  keyUsage(names: readonly (keyof typeof keyUsageBits)[]): Uint8Array {
    const places: number[] = names.map((name) => keyUsageBits[name]);
    const byte = places.reduce((bits, place) => bits | (0x80 >> place), 0);
    const value = writeBits(Uint8Array.of(byte), 7 - Math.max(...places));
    return writeExtension("keyUsage", value, { isCritical: true });
  },
  extendedKeyUsage(oids: readonly string[]): Uint8Array {
    return writeExtension("extendedKeyUsage", writeDer(derTag.sequence, ...oids.map(writeOid)));
  },
  authority(): Uint8Array {
    const value = writeDer(derTag.sequence, writeDer(derTag.boolean, Uint8Array.of(0xff)));
    return writeExtension("basicConstraints", value, { isCritical: true });
  },
  subjectKeyId(keyId: string): Uint8Array {
    return writeExtension("subjectKeyId", writeDer(derTag.octetString, Uint8Array.fromHex(keyId)));
  },
  authorityKeyId(keyId: string): Uint8Array {
    const value = writeDer(derTag.sequence, writeDer(0x80, Uint8Array.fromHex(keyId)));
    return writeExtension("authorityKeyId", value);
  },
  /** IP addresses as their bytes. */
  alternativeNames(dnsNames: readonly string[], addresses: readonly Uint8Array[]): Uint8Array {
    const names = [
      ...dnsNames.map((name) => writeDer(0x82, new TextEncoder().encode(name))),
      ...addresses.map((address) => writeDer(0x87, address)),
    ];
    return writeExtension("alternativeNames", writeDer(derTag.sequence, ...names));
  },
};
