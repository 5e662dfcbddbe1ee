/** One packet as text: its length and time, then a line for each layer (spec/machine-read.md, 20). */

import { formatUtcStamp } from "../../../core/output/times.ts";
import type { CapturedPacket } from "../capture_file.ts";
import { decodeEthernet } from "./ethernet.ts";
import { decodeRawIp } from "./ip.ts";
import { type Decoder, type DecodeState, type Layer, UndecodableError } from "./layer.ts";
import type { PortNames } from "./port_names.ts";

/** What the first layer is. */
const linkDecoders: Readonly<Record<number, Decoder>> = { 1: decodeEthernet, 101: decodeRawIp };

/** A packet inside a packet inside a packet … ends here. */
const mostLayers = 32;

/** The text of a packet, with a newline at its end. */
export function decodePacket(packet: CapturedPacket, names: PortNames): string {
  const { bytes, wireLength, seconds, nanos, linkType } = packet;
  const state: DecodeState = { names, isTruncated: wireLength > bytes.length };
  const layers = decodeLayers(bytes, linkDecoders[linkType] ?? unknownLink(linkType), state);
  const parts = [`PACKET: ${bytes.length} bytes`];
  if (state.isTruncated) parts.push("truncated");
  if (wireLength > 0) parts.push(`wire length ${wireLength} cap length ${bytes.length}`);
  const lines = layers.map(({ name, header, text }, index) =>
    `- Layer ${index + 1} (${String(header.length).padStart(2, "0")} bytes) = ${name}\t${text}\n`
  );
  return `${parts.join(", ")} @ ${formatUtcStamp({ seconds, nanos })}\n${lines.join("")}`;
}

function decodeLayers(bytes: Uint8Array, first: Decoder, state: DecodeState): Layer[] {
  const layers: Layer[] = [];
  let rest = bytes;
  let decode: Decoder | undefined = first;
  while (decode !== undefined && rest.length > 0 && layers.length < mostLayers) {
    const layer = decodeOrFail(decode, rest, state);
    layers.push(layer);
    rest = layer.payload;
    decode = layer.next;
  }
  if (rest.length > 0) layers.push(remainder("Payload", rest));
  return layers;
}

function decodeOrFail(decode: Decoder, bytes: Uint8Array, state: DecodeState): Layer {
  try {
    return decode(bytes, state);
  } catch (error) {
    if (!(error instanceof UndecodableError)) throw error;
    const failure = remainder("DecodeFailure", bytes);
    return { ...failure, text: `Packet decoding error: ${error.message}` };
  }
}

/** All that is left, as bytes that nobody looks into. */
function remainder(name: string, bytes: Uint8Array): Layer {
  return { name, header: bytes, text: `${bytes.length} byte(s)`, payload: new Uint8Array(0) };
}

function unknownLink(linkType: number): Decoder {
  return () => {
    throw new UndecodableError(`Unable to decode LinkType ${linkType}`);
  };
}
