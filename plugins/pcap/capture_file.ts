/** The file format of libpcap: a header, then packets, each with its own. */

import { CliError } from "../../core/errors.ts";
import type { ByteReader } from "./byte_reader.ts";

/** What the header of a capture says. */
export interface CaptureHeader {
  isLittleEndian: boolean;
  hasNanoseconds: boolean;
  snapLength: number;
  linkType: number;
}

/** One packet, cut at the snap length. */
export interface CapturedPacket {
  linkType: number;
  bytes: Uint8Array;
  /** How long it was on the wire. */
  wireLength: number;
  seconds: number;
  nanos: number;
}

const magicBytes = 4;
const headerBytes = 24;
const recordHeaderBytes = 16;
const microsecondMagic = 0xa1b2c3d4;
const nanosecondMagic = 0xa1b23c4d;

/** More than any tool captures of one packet: what claims more is not to be waited for. */
const longestPacketBytes = 1 << 20;

/**
 * Reads the header.
 *
 * @returns undefined for a stream with nothing in it.
 * @throws {CliError} for anything else than a capture.
 */
export async function readCaptureHeader(reader: ByteReader): Promise<CaptureHeader | undefined> {
  const start = await reader.take(magicBytes);
  if (start === undefined) return undefined;
  const isLittleEndian = isMagic(viewOf(start).getUint32(0, true));
  const magic = viewOf(start).getUint32(0, isLittleEndian);
  if (!isMagic(magic)) {
    throw new CliError(`Unknown magic ${viewOf(start).getUint32(0, true).toString(16)}`);
  }
  const rest = await reader.take(headerBytes - magicBytes);
  if (rest === undefined) throw new CliError("unexpected EOF");
  const view = viewOf(rest);
  const major = view.getUint16(0, isLittleEndian);
  const minor = view.getUint16(2, isLittleEndian);
  if (major !== 2) throw new CliError(`Unknown major version ${major}`);
  if (minor !== 4) throw new CliError(`Unknown minor version ${minor}`);
  return {
    isLittleEndian,
    hasNanoseconds: magic === nanosecondMagic,
    snapLength: view.getUint32(12, isLittleEndian),
    linkType: view.getUint32(16, isLittleEndian) & 0xffff,
  };
}

/**
 * Reads the next packet.
 *
 * @returns undefined at the end.
 * @throws {CliError} for lengths that contradict each other, or an end within a packet.
 */
export async function readPacket(
  reader: ByteReader,
  { isLittleEndian, hasNanoseconds, snapLength, linkType }: CaptureHeader,
): Promise<CapturedPacket | undefined> {
  const bytes = await reader.take(recordHeaderBytes);
  if (bytes === undefined) return undefined;
  const view = viewOf(bytes);
  const [seconds, fraction, length, wireLength] = [0, 4, 8, 12].map((at) =>
    view.getUint32(at, isLittleEndian)
  ) as [number, number, number, number];
  const limit = snapLength === 0 ? longestPacketBytes : Math.min(snapLength, longestPacketBytes);
  if (length > limit) {
    throw new CliError(`capture length exceeds snap length: ${length} > ${limit}`);
  }
  if (length > wireLength) {
    throw new CliError(`capture length exceeds original length: ${length} > ${wireLength}`);
  }
  const content = await reader.take(length);
  if (content === undefined) throw new CliError("unexpected EOF");
  const nanos = hasNanoseconds ? fraction : fraction * 1000;
  return { linkType, bytes: content, wireLength, seconds, nanos };
}

function isMagic(value: number): boolean {
  return value === microsecondMagic || value === nanosecondMagic;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
