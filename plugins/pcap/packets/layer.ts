/** What a decoder makes of the front of a packet, and the notation it is printed in (spec/machine-read.md, 20). */

import type { PortNames } from "./port_names.ts";

/** One layer of a packet. */
export interface Layer {
  name: string;
  /** The bytes of this layer alone. */
  header: Uint8Array;
  /** What follows its name. */
  text: string;
  /** What is inside it. */
  payload: Uint8Array;
  /** Reads the payload; absent where nobody knows how. */
  next?: Decoder | undefined;
}

/** What decoders share while a packet is read. */
export interface DecodeState {
  names: PortNames;
  /** Whether the packet says it is longer than what there is of it. */
  isTruncated: boolean;
}

/**
 * Reads one layer.
 *
 * @throws {UndecodableError} for bytes that are no such layer.
 */
export type Decoder = (bytes: Uint8Array, state: DecodeState) => Layer;

/** Bytes that are not what they should be. */
export class UndecodableError extends Error {
  override readonly name = "UndecodableError";
}

/** Where the bytes of a layer end and its payload begins. */
export interface LayerBytes {
  header: Uint8Array;
  payload: Uint8Array;
}

/** Cuts the bytes of a layer in two. */
export function split(bytes: Uint8Array, headerLength: number): LayerBytes {
  return { header: bytes.subarray(0, headerLength), payload: bytes.subarray(headerLength) };
}

/** A layer out of its fields, in the order given. */
export function layer(
  name: string,
  { header, payload }: LayerBytes,
  fields: Readonly<Record<string, FieldValue>>,
  next?: Decoder,
): Layer {
  const text = structText({ Contents: header, Payload: payload, ...fields });
  return { name, header, payload, text, next };
}

/** What a field may be: lists are cut when they are long. */
export type FieldValue = string | number | boolean | Uint8Array | readonly (string | number)[];

/** `{Name=value …}`. */
export function structText(fields: Readonly<Record<string, FieldValue>>): string {
  const parts = Object.entries(fields).map(([name, value]) => `${name}=${valueText(value)}`);
  return `{${parts.join(" ")}}`;
}

const longestList = 4;

function valueText(value: FieldValue): string {
  if (typeof value !== "object") return String(value);
  return value.length > longestList ? `[..${value.length}..]` : `[${Array.from(value).join(", ")}]`;
}

/** Checks that there are enough bytes. */
export function need(bytes: Uint8Array, length: number, what: string, state: DecodeState): void {
  if (bytes.length >= length) return;
  state.isTruncated = true;
  throw new UndecodableError(what);
}

/** A number of two bytes, the high one first. */
export function uint16(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) << 8 | (bytes[at + 1] ?? 0);
}

/** A number of four bytes, the high one first. */
export function uint32(bytes: Uint8Array, at: number): number {
  return uint16(bytes, at) * 0x10000 + uint16(bytes, at + 2);
}

/** Bytes as hexadecimal digits with something in between. */
export function hex(bytes: Uint8Array, separator = ""): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(separator);
}
