/** TCP and UDP. */

import { decodeDns } from "./dns.ts";
import {
  type Decoder,
  type DecodeState,
  hex,
  type Layer,
  layer,
  need,
  split,
  uint16,
  uint32,
  UndecodableError,
} from "./layer.ts";

/** The flags of TCP in the order they are printed, by their bit. */
const tcpFlags = [
  ["FIN", 0x001],
  ["SYN", 0x002],
  ["RST", 0x004],
  ["PSH", 0x008],
  ["ACK", 0x010],
  ["URG", 0x020],
  ["ECE", 0x040],
  ["CWR", 0x080],
  ["NS", 0x100],
] as const;

/** A TCP segment. */
export function decodeTcp(bytes: Uint8Array, state: DecodeState): Layer {
  need(bytes, 20, `Invalid TCP header. Length ${bytes.length} less than 20`, state);
  const offset = (bytes[12] ?? 0) >> 4;
  if (offset < 5) throw new UndecodableError(`Invalid TCP data offset ${offset} < 5`);
  need(bytes, offset * 4, "TCP data offset greater than packet length", state);
  const bits = uint16(bytes, 12);
  const { options, padding } = tcpOptions(bytes.subarray(20, offset * 4));
  return layer("TCP", split(bytes, offset * 4), {
    SrcPort: state.names.text("tcp", uint16(bytes, 0)),
    DstPort: state.names.text("tcp", uint16(bytes, 2)),
    Seq: uint32(bytes, 4),
    Ack: uint32(bytes, 8),
    DataOffset: offset,
    ...Object.fromEntries(tcpFlags.map(([name, bit]) => [name, (bits & bit) !== 0])),
    Window: uint16(bytes, 14),
    Checksum: uint16(bytes, 16),
    Urgent: uint16(bytes, 18),
    Options: options,
    Padding: padding,
    Multipath: false,
  });
}

const endOfOptions = 0;
const noOperation = 1;
const segmentSize = 2;
const timestamps = 8;

const optionNames: Readonly<Record<number, string>> = {
  0: "EndList",
  1: "NOP",
  2: "MSS",
  3: "WindowScale",
  4: "SACKPermitted",
  5: "SACK",
  6: "Echo",
  7: "EchoReply",
  8: "Timestamps",
};

function tcpOptions(bytes: Uint8Array): { options: string[]; padding: Uint8Array } {
  const options: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const kind = bytes[at] ?? 0;
    if (kind === endOfOptions) {
      options.push(optionText(kind, new Uint8Array(0)));
      return { options, padding: bytes.subarray(at + 1) };
    }
    const length = kind === noOperation ? 1 : bytes[at + 1] ?? 0;
    if (length === 0) throw new UndecodableError("Invalid TCP option length 0 < 2");
    if (at + length > bytes.length) {
      throw new UndecodableError(
        `Invalid TCP option length ${length} exceeds remaining ${bytes.length - at} bytes`,
      );
    }
    options.push(optionText(kind, bytes.subarray(at + 2, at + length)));
    at += length;
  }
  return { options, padding: new Uint8Array(0) };
}

function optionText(kind: number, data: Uint8Array): string {
  const name = optionNames[kind] ?? `Unknown(${kind})`;
  const digits = data.length === 0 ? "" : ` 0x${hex(data)}`;
  let value = "";
  if (kind === segmentSize && data.length >= 2) value = String(uint16(data, 0));
  if (kind === timestamps && data.length === 8) value = `${uint32(data, 0)}/${uint32(data, 4)}`;
  return `TCPOption(${name}:${value}${digits})`;
}

const udpDecoders: Readonly<Record<number, Decoder>> = { 53: decodeDns, 5353: decodeDns };

/** A UDP datagram. */
export function decodeUdp(bytes: Uint8Array, state: DecodeState): Layer {
  need(bytes, 8, `Invalid UDP header. Length ${bytes.length} less than 8`, state);
  const length = uint16(bytes, 4);
  // 0 stands for more than 16 bits can say: all there is.
  if (length !== 0 && length < 8) {
    throw new UndecodableError(`UDP packet too small: ${length} bytes`);
  }
  if (length > bytes.length) state.isTruncated = true;
  const inside = length === 0 ? bytes : bytes.subarray(0, length);
  const [source, target] = [uint16(bytes, 0), uint16(bytes, 2)];
  return layer("UDP", split(inside, 8), {
    SrcPort: state.names.text("udp", source),
    DstPort: state.names.text("udp", target),
    Length: length,
    Checksum: uint16(bytes, 6),
  }, udpDecoders[target] ?? udpDecoders[source]);
}
