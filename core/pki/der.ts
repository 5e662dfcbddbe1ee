/**
 * DER, the encoding that keys and certificates are kept in: elements of a tag, a length and a content. Own code,
 * as the libraries for it take longer to load and to read one RSA key (50 ms) than commands may.
 */

import { CliError } from "../errors.ts";

/** The tags of what keys and certificates are made of. */
export const derTag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** One element. */
export interface DerElement {
  tag: number;
  content: Uint8Array<ArrayBuffer>;
  /** With tag and length. */
  whole: Uint8Array<ArrayBuffer>;
}

/**
 * The elements that bytes consist of.
 *
 * @throws {CliError} when they do not end where an element does
 */
export function readDer(bytes: Uint8Array<ArrayBuffer>): DerElement[] {
  const elements: DerElement[] = [];
  for (let start = 0; start < bytes.length;) {
    const { contentStart, end } = extent(bytes, start);
    elements.push({
      tag: bytes[start] ?? 0,
      content: bytes.subarray(contentStart, end),
      whole: bytes.subarray(start, end),
    });
    start = end;
  }
  return elements;
}

function extent(bytes: Uint8Array, start: number): { contentStart: number; end: number } {
  const first = bytes[start + 1] ?? 0xff;
  const sizeBytes = first < 0x80 ? 0 : first & 0x7f;
  let length = sizeBytes === 0 ? first : 0;
  for (let index = 0; index < sizeBytes && index < 5; index++) {
    length = length * 256 + (bytes[start + 2 + index] ?? 0);
  }
  const contentStart = start + 2 + sizeBytes;
  const end = contentStart + length;
  if (first === 0x80 || sizeBytes > 4 || end > bytes.length) {
    throw new CliError("asn1: syntax error: data truncated");
  }
  return { contentStart, end };
}

/**
 * The elements inside one that all the bytes are.
 *
 * @throws {CliError} when it is not of that tag
 */
export function readInside(bytes: Uint8Array<ArrayBuffer>, tag: number): DerElement[] {
  const [element, ...more] = readDer(bytes);
  if (element?.tag !== tag || more.length > 0) throw new CliError("asn1: structure error");
  return readDer(element.content);
}

/** Encodes an element around other ones or bytes. */
export function writeDer(tag: number, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const lengthBytes = length < 0x80
    ? [length]
    : length < 0x100
    ? [0x81, length]
    : length < 0x10000
    ? [0x82, length >> 8, length & 0xff]
    : [0x83, length >> 16, (length >> 8) & 0xff, length & 0xff];
  const bytes = new Uint8Array(1 + lengthBytes.length + length);
  bytes.set([tag, ...lengthBytes]);
  let at = 1 + lengthBytes.length;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Encodes an object identifier such as `1.3.101.112`. */
export function writeOid(oid: string): Uint8Array<ArrayBuffer> {
  const [first = 0, second = 0, ...rest] = oid.split(".").map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const digits = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      digits.unshift((left & 0x7f) | 0x80);
    }
    return digits;
  });
  return writeDer(derTag.oid, Uint8Array.from(bytes));
}

/** An object identifier as text. */
export function readOid({ content }: DerElement): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const [head = 0, ...rest] = arcs;
  const first = Math.min(2, Math.floor(head / 40));
  return [first, head - first * 40, ...rest].join(".");
}

/** Encodes a positive integer given as its bytes. */
export function writePositive(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const digits = bytes.subarray(start);
  const sign = (digits[0] ?? 0) < 0x80 ? [] : [0];
  return writeDer(derTag.integer, Uint8Array.from(sign), digits);
}

/** Encodes bits given as bytes, of which the last may be filled up. */
export function writeBits(bytes: Uint8Array, unusedBits = 0): Uint8Array<ArrayBuffer> {
  return writeDer(derTag.bitString, Uint8Array.of(unusedBits), bytes);
}
