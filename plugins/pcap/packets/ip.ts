/** IPv4, IPv6 and what stands between the latter and its content. */

import { decodeIcmpv4, decodeIcmpv6 } from "./icmp.ts";
import { ipv4Text, ipv6Text } from "./ip_text.ts";
import {
  type Decoder,
  type DecodeState,
  type Layer,
  layer,
  need,
  split,
  structText,
  uint16,
  uint32,
  UndecodableError,
} from "./layer.ts";
import { decodeTcp, decodeUdp } from "./transport.ts";

/** What may be inside; kinds without a decoder are named and printed as bytes. */
const protocols: Readonly<Record<number, { name: string; decode?: Decoder }>> = {
  0: { name: "IPv6HopByHop", decode: decodeHopByHop },
  1: { name: "ICMPv4", decode: decodeIcmpv4 },
  2: { name: "IGMP" },
  4: { name: "IPv4", decode: decodeIpv4 },
  6: { name: "TCP", decode: decodeTcp },
  17: { name: "UDP", decode: decodeUdp },
  27: { name: "RUDP" },
  41: { name: "IPv6", decode: decodeIpv6 },
  43: { name: "IPv6Routing" },
  44: { name: "IPv6Fragment", decode: decodeFragmentHeader },
  47: { name: "GRE" },
  50: { name: "ESP" },
  51: { name: "AH" },
  58: { name: "ICMPv6", decode: decodeIcmpv6 },
  59: { name: "NoNextHeader" },
  60: { name: "IPv6Destination" },
  89: { name: "OSPF" },
  94: { name: "IPIP" },
  97: { name: "EtherIP" },
  112: { name: "VRRP" },
  132: { name: "SCTP" },
  136: { name: "UDPLite" },
  137: { name: "MPLSInIP" },
};

/** A packet of either version, without a frame around it. */
export function decodeRawIp(bytes: Uint8Array, state: DecodeState): Layer {
  return (bytes[0] ?? 0) >> 4 === 6 ? decodeIpv6(bytes, state) : decodeIpv4(bytes, state);
}

const leastIpv4Bytes = 20;

/** An IPv4 packet; what the frame adds behind it is left out. */
export function decodeIpv4(bytes: Uint8Array, state: DecodeState): Layer {
  need(bytes, leastIpv4Bytes, `Invalid ip4 header. Length ${bytes.length} less than 20`, state);
  const words = (bytes[0] ?? 0) & 0x0f;
  const length = uint16(bytes, 2) || bytes.length; // 0 where the card cuts packets itself
  if (length < leastIpv4Bytes) {
    throw new UndecodableError(`Invalid (too small) IP length (${length} < 20)`);
  }
  if (words < 5) {
    throw new UndecodableError(`Invalid (too small) IP header length (${words} < 5)`);
  }
  if (words * 4 > length) {
    throw new UndecodableError(`Invalid IP header length > IP length (${words} > ${length})`);
  }
  if (length > bytes.length) state.isTruncated = true;
  need(bytes, words * 4, "Not all IP header bytes available", state);
  const flags = uint16(bytes, 6);
  const fragmentOffset = flags & 0x1fff;
  const protocol = bytes[9] ?? 0;
  const isFragment = fragmentOffset !== 0 || (flags & 0x2000) !== 0;
  return layer("IPv4", split(bytes.subarray(0, length), words * 4), {
    Version: (bytes[0] ?? 0) >> 4,
    IHL: words,
    TOS: bytes[1] ?? 0,
    Length: length,
    Id: uint16(bytes, 4),
    Flags: flagNames(flags),
    FragOffset: fragmentOffset,
    TTL: bytes[8] ?? 0,
    Protocol: protocolName(protocol),
    Checksum: uint16(bytes, 10),
    SrcIP: ipv4Text(bytes.subarray(12, 16)),
    DstIP: ipv4Text(bytes.subarray(16, 20)),
    Options: bytes.subarray(20, words * 4),
    Padding: [],
  }, isFragment ? decodeFragment : decoderOf(protocol));
}

function flagNames(flags: number): string {
  const names = [[0x8000, "Evil"], [0x4000, "DF"], [0x2000, "MF"]] as const;
  return names.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name).join("|");
}

/** An IPv6 packet. */
export function decodeIpv6(bytes: Uint8Array, state: DecodeState): Layer {
  need(bytes, 40, `Invalid ip6 header. Length ${bytes.length} less than 40`, state);
  const first = uint32(bytes, 0);
  const length = uint16(bytes, 4);
  const next = bytes[6] ?? 0;
  if (length > bytes.length - 40) state.isTruncated = true;
  // 0 stands for more than 16 bits can say: all there is.
  const inside = length === 0 ? bytes : bytes.subarray(0, 40 + length);
  const parts = split(inside, 40);
  return layer("IPv6", parts, {
    Version: first >>> 28,
    TrafficClass: first >>> 20 & 0xff,
    FlowLabel: first & 0xfffff,
    Length: length,
    NextHeader: protocolName(next),
    HopLimit: bytes[7] ?? 0,
    SrcIP: ipv6Text(bytes.subarray(8, 24)),
    DstIP: ipv6Text(bytes.subarray(24, 40)),
    HopByHop: next === 0 && parts.payload.length >= 8
      ? decodeHopByHop(parts.payload, state).text
      : "nil",
  }, decoderOf(next));
}

function decodeHopByHop(bytes: Uint8Array, state: DecodeState): Layer {
  need(bytes, 8, "Invalid ip6-extension header. Length less than 8", state);
  const words = bytes[1] ?? 0;
  const length = words * 8 + 8;
  need(bytes, length, "Invalid ip6-extension header. Length less than specified", state);
  const next = bytes[0] ?? 0;
  return layer("IPv6HopByHop", split(bytes, length), {
    NextHeader: protocolName(next),
    HeaderLength: words,
    ActualLength: length,
    Options: optionTexts(bytes.subarray(2, length)),
  }, decoderOf(next));
}

function optionTexts(bytes: Uint8Array): string[] {
  const texts: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const type = bytes[at] ?? 0;
    const length = type === 0 ? 0 : bytes[at + 1] ?? 0;
    const actual = type === 0 ? 1 : length + 2;
    const data = type === 0 ? new Uint8Array(0) : bytes.subarray(at + 2, at + actual);
    texts.push(structText({
      OptionType: type,
      OptionLength: length,
      ActualLength: actual,
      OptionData: data,
      OptionAlignment: [0, 0],
    }));
    at += actual;
  }
  return texts;
}

function decodeFragmentHeader(bytes: Uint8Array, state: DecodeState): Layer {
  need(bytes, 8, "Invalid ip6-fragment header. Length less than 8", state);
  const position = uint16(bytes, 2);
  return layer("IPv6Fragment", split(bytes, 8), {
    NextHeader: protocolName(bytes[0] ?? 0),
    Reserved1: bytes[1] ?? 0,
    FragmentOffset: position >> 3,
    Reserved2: position >> 1 & 3,
    MoreFragments: (position & 1) !== 0,
    Identification: uint32(bytes, 4),
  }, decodeFragment);
}

/** A part of a packet that came in several: there is no telling what is in it. */
function decodeFragment(bytes: Uint8Array): Layer {
  const text = `${bytes.length} byte(s)`;
  return { name: "Fragment", header: bytes, text, payload: new Uint8Array(0) };
}

function protocolName(protocol: number): string {
  return protocols[protocol]?.name ?? "UnknownIPProtocol";
}

function decoderOf(protocol: number): Decoder | undefined {
  const known = protocols[protocol];
  if (known !== undefined) return known.decode;
  return () => {
    throw new UndecodableError(`Unable to decode IPProtocol ${protocol}`);
  };
}
