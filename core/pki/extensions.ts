/** The extensions of certificates and requests (RFC 5280, 4.2). */

import { ipBytes } from "../ip_address.ts";
import {
  bits,
  type DerValue,
  implicit,
  isTagged,
  octets,
  oid,
  oidOf,
  partsOf,
  present,
  readDer,
  sequence,
  type Writable,
  writeDer,
  yes,
} from "./der.ts";

const extensionOids = {
  subjectKeyId: "2.5.29.14",
  keyUsage: "2.5.29.15",
  alternativeNames: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  authorityKeyId: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
} as const;

/** Reads values of `Extensions`; undefined for one that is not there. */
export function extensionReader(
  extensions: DerValue,
): (name: keyof typeof extensionOids) => DerValue | undefined {
  const values = new Map(
    partsOf(extensions).map((extension) => {
      const parts = partsOf(extension);
      // Whether it is critical stands between the two, and only where it is.
      return [oidOf(parts[0]), present(parts.at(-1)).octetString().value] as const;
    }),
  );
  return (name) => {
    const value = values.get(extensionOids[name]);
    return value && readDer(value);
  };
}

/** The other names in `Extensions`, for whom it has them; none where it lacks them. */
export function alternativeNamesIn(extensions: DerValue): readonly DerValue[] {
  const names = extensionReader(extensions)("alternativeNames");
  return names === undefined ? [] : partsOf(names);
}

/** Whether a name is a DNS name or an IP address. */
export function isHostName(name: DerValue): boolean {
  return isTagged(name, dnsNameTag) || isTagged(name, ipAddressTag);
}

const dnsNameTag = 2;
const ipAddressTag = 7;

/** What a certificate may be used for. */
export type KeyUsage = "clientAuth" | "serverAuth";

const usageOids: Record<KeyUsage, string> = {
  serverAuth: "1.3.6.1.5.5.7.3.1",
  clientAuth: "1.3.6.1.5.5.7.3.2",
};

/** The bits of a key usage, the first one highest. */
const keyUsageBits = { digitalSignature: 0, keyEncipherment: 2, keyCertSign: 5 } as const;

/** The extensions that certificates and requests get here; what is absent or empty is left out. */
export interface ExtensionValues {
  /** The key may sign data, and what else is named. */
  keyUsage?: readonly ("keyCertSign" | "keyEncipherment")[];
  usage?: readonly KeyUsage[];
  isAuthority?: boolean;
  keyId?: Uint8Array;
  issuerKeyId?: Uint8Array | undefined;
  names?: readonly Writable[];
}

/** `Extensions`, in the order in which certificates have them. */
export function extensionsOf(values: ExtensionValues): Writable {
  const { keyUsage, usage = [], isAuthority = false, keyId, issuerKeyId, names = [] } = values;
  const { subjectKeyId, authorityKeyId, alternativeNames, basicConstraints } = extensionOids;
  const usages = usage.map((name) => oid(usageOids[name]));
  return sequence(
    ...keyUsage === undefined ? [] : [keyUsageExtension(keyUsage)],
    ...usages.length === 0 ? [] : [extension(extensionOids.extendedKeyUsage, sequence(...usages))],
    ...isAuthority ? [criticalExtension(basicConstraints, sequence(yes))] : [],
    ...keyId === undefined ? [] : [extension(subjectKeyId, octets(keyId))],
    ...issuerKeyId === undefined
      ? []
      : [extension(authorityKeyId, sequence(implicit(0, issuerKeyId)))],
    ...names.length === 0 ? [] : [extension(alternativeNames, sequence(...names))],
  );
}

function keyUsageExtension(names: NonNullable<ExtensionValues["keyUsage"]>): Writable {
  const numbers: number[] = [
    keyUsageBits.digitalSignature,
    ...names.map((name) => keyUsageBits[name]),
  ];
  const byte = numbers.reduce((sum, number) => sum | 0x80 >> number, 0);
  return criticalExtension(
    extensionOids.keyUsage,
    bits(Uint8Array.of(byte), Math.max(...numbers) + 1),
  );
}

function extension(type: string, value: Writable): Writable {
  return sequence(oid(type), octets(writeDer(value)));
}

function criticalExtension(type: string, value: Writable): Writable {
  return sequence(oid(type), yes, octets(writeDer(value)));
}

/** The names of a server, for its certificate. */
export function alternativeNames(
  { dnsNames = [], ipAddresses = [] }: {
    dnsNames?: readonly string[] | undefined;
    ipAddresses?: readonly string[] | undefined;
  },
): Writable[] {
  return [
    ...dnsNames.map((name) => implicit(dnsNameTag, new TextEncoder().encode(name))),
    ...ipAddresses.map((address) => implicit(ipAddressTag, ipBytes(address))),
  ];
}
