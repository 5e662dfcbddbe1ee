/** From a capture to what is printed of it: one block a packet, and a line for what cannot be read (spec/machine-read.md, 20). */

import { CliError, RpcError } from "../../core/errors.ts";
import { gunzip } from "../../core/gunzip.ts";
import { takeFirst } from "../../core/take_first.ts";
import { decodePacket } from "./packets/decode_packet.ts";
import { loadPortNames } from "./packets/port_names.ts";
import { readCaptureHeader, readPacket } from "./capture_file.ts";
import { ByteReader } from "./byte_reader.ts";

/**
 * The texts of all packets, as they come.
 *
 * @throws {CliError} where the capture does not begin as one.
 */
export async function* readPackets(chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<string> {
  const names = await loadPortNames();
  const reader = new ByteReader(await unpacked(chunks));
  const header = await readCaptureHeader(reader).catch((error: unknown) => {
    if (!(error instanceof CliError)) throw error;
    throw new CliError(`error opening pcap reader: ${error.message}`, { cause: error });
  });
  if (header === undefined) return;
  for (;;) {
    try {
      const packet = await readPacket(reader, header);
      if (packet === undefined) return;
      yield `${decodePacket(packet, names)}\n`;
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      if (error instanceof RpcError && error.code === "Canceled") throw error;
      yield `packet capture error: ${error.message}\n`;
      if (error instanceof RpcError) return;
    }
  }
}

/** Captures may be compressed as a whole. */
async function unpacked(chunks: AsyncGenerator<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const begun = await takeFirst(chunks);
  const [first, second] = begun.first ?? [];
  return first === 0x1f && second === 0x8b ? gunzip(begun.all(), () => {}) : begun.all();
}
