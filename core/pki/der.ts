/**
 * DER (X.690) in the few shapes that keys and certificates have, over `@oslojs/asn1`, which loads fast and reads a
 * value when it is asked for (docs/architecture.md, "Certificates").
 */

import {
  ASN1BitString,
  ASN1Boolean,
  ASN1Class,
  type ASN1Encodable,
  ASN1EncodableSequence,
  ASN1EncodableSet,
  ASN1Form,
  ASN1Integer,
  ASN1Null,
  ASN1ObjectIdentifier,
  ASN1OctetString,
  ASN1UniversalType,
  ASN1Value,
  encodeASN1,
  encodeObjectIdentifier,
  parseASN1NoLeftoverBytes,
} from "@oslojs/asn1";

/** A value that was read; its methods such as `sequence()` throw where it is of another type. */
export type DerValue = ASN1Value;

/** A value that can be written; one that was read is written as it was. */
export type Writable = ASN1Encodable;

/** More than any key or certificate takes: the time to read it grows with the square of its size. */
const maxDerBytes = 64 * 1024;

/**
 * Reads one value, of which the inner ones are read when asked for.
 *
 * @throws {Error} where the bytes are no DER, more than one value, or far too many
 */
export function readDer(der: Uint8Array): DerValue {
  if (der.length > maxDerBytes) throw new Error(`more than ${maxDerBytes} bytes`);
  return parseASN1NoLeftoverBytes(der);
}

/** The bytes of a value. */
export function writeDer(value: Writable): Uint8Array<ArrayBuffer> {
  return new Uint8Array(encodeASN1(value));
}

/** The parts of a sequence. */
export function partsOf(value: DerValue | undefined): readonly DerValue[] {
  return present(value).sequence().elements;
}

/** A part that must be there. */
export function present(value: DerValue | undefined): DerValue {
  if (value === undefined) throw new Error("a part is missing");
  return value;
}

/** Fails unless a part is a whole number; how large is not looked at. */
export function checkInteger(value: DerValue | undefined): void {
  const part = present(value);
  const isInteger = part.universalType() === ASN1UniversalType.Integer &&
    part.form === ASN1Form.Primitive && part.contents().length > 0;
  if (!isInteger) throw new Error("a part is no whole number");
}

/** Whether a part is the one with this number, which tells optional parts apart. */
export function isTagged(value: DerValue | undefined, number: number): boolean {
  return value?.class === ASN1Class.ContextSpecific && value.tag === number;
}

/** What stands in a numbered part that wraps it whole. */
export function untagged(value: DerValue | undefined): DerValue {
  return parseASN1NoLeftoverBytes(present(value).contents());
}

/** The parts of a numbered part that stands for a set or a sequence. */
export function numberedParts(value: DerValue | undefined): readonly DerValue[] {
  const contents = present(value).contents();
  return new ASN1Value(ASN1Class.Universal, ASN1Form.Constructed, sequenceTag, contents)
    .sequence().elements;
}

const sequenceTag = 16;

/** More than any object identifier takes. */
const maxOidBytes = 128;

/** The text of an object identifier, such as `2.5.4.10`. */
export function oidOf(value: DerValue | undefined): string {
  const { encoded } = present(value).objectIdentifier();
  if (encoded.length > maxOidBytes) throw new Error(`an identifier of ${encoded.length} bytes`);
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const byte of encoded) {
    arc = arc << 7n | BigInt(byte & 0x7f);
    if (byte >= 0x80) continue;
    // The first number holds two: 40 times the first arc, which is at most 2, and the second.
    const root = arcs.length > 0 ? undefined : arc < 80n ? arc / 40n : 2n;
    arcs.push(...root === undefined ? [arc] : [root, arc - root * 40n]);
    arc = 0n;
  }
  return arcs.join(".");
}

/** Parts in their order. */
export function sequence(...parts: readonly Writable[]): Writable {
  return new ASN1EncodableSequence([...parts]);
}

/** Parts in the order of DER: that of their bytes. */
export function set(...parts: readonly Writable[]): Writable {
  const byBytes = parts.map((part) => [writeDer(part).toHex(), part] as const)
    .toSorted(([left], [right]) => left < right ? -1 : 1);
  return new ASN1EncodableSet(byBytes.map(([, part]) => part));
}

/** An object identifier, from text such as `2.5.4.10`. */
export function oid(text: string): Writable {
  return new ASN1ObjectIdentifier(encodeObjectIdentifier(text));
}

/** A whole number, of which the first byte stands highest. */
export function integer(bytes: Uint8Array): Writable {
  return new ASN1Integer(BigInt(`0x${bytes.toHex()}`));
}

/** The only value that flags have in DER: where they are false they are left out. */
export const yes: Writable = new ASN1Boolean(true);

/** The parameters of algorithms that have none and yet must say so. */
export const none: Writable = new ASN1Null();

/** Bytes. */
export function octets(bytes: Uint8Array): Writable {
  return new ASN1OctetString(bytes);
}

/** Bits, of which the first `lengthBits` count; default all of them. */
export function bits(bytes: Uint8Array, lengthBits = bytes.length * 8): Writable {
  return new ASN1BitString(bytes, lengthBits);
}

/** A numbered part that wraps a value whole. */
export function tagged(number: number, value: Writable): Writable {
  return new ASN1Value(ASN1Class.ContextSpecific, ASN1Form.Constructed, number, writeDer(value));
}

/** A numbered part that stands for a simple value. */
export function implicit(number: number, contents: Uint8Array): Writable {
  return new ASN1Value(ASN1Class.ContextSpecific, ASN1Form.Primitive, number, contents);
}

/** An `AlgorithmIdentifier`. */
export function algorithm(type: string, ...parameters: readonly Writable[]): Writable {
  return sequence(oid(type), ...parameters);
}
