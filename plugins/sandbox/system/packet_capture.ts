/** What a capture on an interface of a node sees, as a pcap file (spec/machine-read.md, 20). */

import type { SandboxClock } from "../clock.ts";
import type { SandboxNode } from "../node.ts";
import {
  arpFrame,
  type Direction,
  dnsQuery,
  type PacketEnd,
  tcpFrame,
  udpFrame,
} from "./frames.ts";
import type { NetworkInterface } from "./hardware.ts";

/** What is captured, and until when. */
export interface CaptureOptions {
  node: SandboxNode;
  link: NetworkInterface;
  snapLengthBytes: number;
  clock: SandboxClock;
  signal: AbortSignal;
}

/** Nanosecond times, least significant byte first. */
const magic = 0xa1b23c4d;
const ethernet = 1;
/** Packets that are there when the capture starts. */
const burstCount = 6;
const burstGapMs = 3;
const gapMs = 200;

/** The pieces of the file: its header, then each packet's header and bytes. Ends by the abort of `signal`, with its reason. */
export async function* capturePackets(options: CaptureOptions): AsyncGenerator<Uint8Array> {
  const { node, link, snapLengthBytes, clock, signal } = options;
  const start = clock.now();
  yield fileHeader(snapLengthBytes);
  for (let index = 0; link.isUp; index++) {
    const isOfBurst = index < burstCount;
    const afterMs = isOfBurst ? 0 : (index - burstCount + 1) * gapMs;
    await clock.until(new Date(start.getTime() + afterMs), signal);
    signal.throwIfAborted();
    const atMs = start.getTime() + afterMs + (isOfBurst ? index * burstGapMs : 0);
    const frame = frameOf(node, link, index);
    const captured = frame.subarray(0, snapLengthBytes);
    yield recordHeader(atMs, captured.length, frame.length);
    yield captured;
  }
  await clock.until(new Date(8.64e15), signal);
  signal.throwIfAborted();
}

/** A client of apid, a question for a name, a question for an address, in turn. */
function frameOf(node: SandboxNode, link: NetworkInterface, index: number): Uint8Array {
  const isLoopback = link.name === "lo";
  const address = isLoopback ? "127.0.0.1" : node.addresses[0] ?? "";
  const otherAddress = isLoopback ? "127.0.0.1" : "10.5.0.1";
  const otherHardware = isLoopback ? link.hardwareAddress : "02:42:0a:05:00:01";
  const { hardwareAddress } = link;
  const own = (port: number): PacketEnd => ({ hardwareAddress, address, port });
  const other = (port: number): PacketEnd => ({
    hardwareAddress: otherHardware,
    address: otherAddress,
    port,
  });
  const round = Math.floor(index / 4);
  const toApid: Direction = { from: other(47_726), to: own(50_000) };
  const data = new TextEncoder().encode("PING".repeat(8));
  switch (index % 4) {
    case 0:
      return tcpFrame(toApid, { sequence: 1 + round * 32, acknowledged: 1, data });
    case 1: {
      const acknowledged = 33 + round * 32;
      const back = { from: toApid.to, to: toApid.from };
      return tcpFrame(back, { sequence: 1, acknowledged, data: new Uint8Array() });
    }
    case 2:
      return udpFrame(
        { from: own(40_000 + (round % 1000)), to: other(53) },
        dnsQuery(0x1234 + round, "time.cloudflare.com"),
      );
    default:
      return isLoopback
        ? tcpFrame(toApid, { sequence: 33 + round * 32, acknowledged: 1, data: new Uint8Array() })
        : arpFrame({ from: own(0), to: other(0) });
  }
}

function fileHeader(snapLengthBytes: number): Uint8Array {
  const header = new DataView(new ArrayBuffer(24));
  header.setUint32(0, magic, true);
  header.setUint16(4, 2, true);
  header.setUint16(6, 4, true);
  header.setUint32(16, snapLengthBytes, true);
  header.setUint32(20, ethernet, true);
  return new Uint8Array(header.buffer);
}

function recordHeader(atMs: number, capturedBytes: number, originalBytes: number): Uint8Array {
  const seconds = Math.floor(atMs / 1000);
  const header = new DataView(new ArrayBuffer(16));
  header.setUint32(0, seconds, true);
  header.setUint32(4, (atMs - seconds * 1000) * 1e6, true);
  header.setUint32(8, capturedBytes, true);
  header.setUint32(12, originalBytes, true);
  return new Uint8Array(header.buffer);
}
