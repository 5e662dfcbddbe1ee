/** ICMP for IPv4 and IPv6, with the neighbour discovery of the latter. */

import { ipv6Text } from "./ip_text.ts";
import {
  type Decoder,
  type DecodeState,
  hex,
  type Layer,
  layer,
  need,
  split,
  uint16,
} from "./layer.ts";

/** A type of message, with its codes where they have names. */
interface MessageType {
  name: string;
  codes?: readonly string[];
  decode?: Decoder;
}

const v4Types: Readonly<Record<number, MessageType>> = {
  0: { name: "EchoReply" },
  3: {
    name: "DestinationUnreachable",
    codes: [
      "Net",
      "Host",
      "Protocol",
      "Port",
      "FragmentationNeeded",
      "SourceRoutingFailed",
      "NetUnknown",
      "HostUnknown",
      "SourceIsolated",
      "NetAdminProhibited",
      "HostAdminProhibited",
      "NetTOS",
      "HostTOS",
      "CommAdminProhibited",
      "HostPrecedence",
      "PrecedenceCutoff",
    ],
  },
  4: { name: "SourceQuench" },
  5: { name: "Redirect", codes: ["Net", "Host", "TOS+Net", "TOS+Host"] },
  8: { name: "EchoRequest" },
  9: { name: "RouterAdvertisement" },
  10: { name: "RouterSolicitation" },
  11: { name: "TimeExceeded", codes: ["TTLExceeded", "FragmentReassemblyTimeExceeded"] },
  12: { name: "ParameterProblem", codes: ["PointerIndicatesError", "MissingOption", "BadLength"] },
  13: { name: "TimestampRequest" },
  14: { name: "TimestampReply" },
};

const v6Types: Readonly<Record<number, MessageType>> = {
  1: {
    name: "DestinationUnreachable",
    codes: [
      "NoRouteToDst",
      "AdminProhibited",
      "BeyondScopeOfSrc",
      "AddressUnreachable",
      "PortUnreachable",
      "SrcAddressFailedPolicy",
      "RejectRouteToDst",
    ],
  },
  2: { name: "PacketTooBig" },
  3: { name: "TimeExceeded", codes: ["HopLimitExceeded", "FragmentReassemblyTimeExceeded"] },
  4: {
    name: "ParameterProblem",
    codes: ["ErroneousHeader", "UnrecognizedNextHeader", "UnrecognizedIPv6Option"],
  },
  128: { name: "EchoRequest", decode: decodeEcho },
  129: { name: "EchoReply", decode: decodeEcho },
  130: { name: "MLDv1MulticastListenerQueryMessage" },
  131: { name: "MLDv1MulticastListenerReportMessage" },
  132: { name: "MLDv1MulticastListenerDoneMessage" },
  133: { name: "RouterSolicitation", decode: decodeRouterSolicitation },
  134: { name: "RouterAdvertisement" },
  135: { name: "NeighborSolicitation", decode: decodeSolicitation },
  136: { name: "NeighborAdvertisement", decode: decodeAdvertisement },
  137: { name: "Redirect" },
  143: { name: "MLDv2MulticastListenerReportMessageV2" },
};

/** An ICMP message of IPv4. */
export function decodeIcmpv4(bytes: Uint8Array, state: DecodeState): Layer {
  need(bytes, 8, "ICMP layer less then 8 bytes for ICMPv4 packet", state);
  return layer("ICMPv4", split(bytes, 8), {
    TypeCode: typeText(v4Types, bytes),
    Checksum: uint16(bytes, 2),
    Id: uint16(bytes, 4),
    Seq: uint16(bytes, 6),
  });
}

/** An ICMP message of IPv6. */
export function decodeIcmpv6(bytes: Uint8Array, state: DecodeState): Layer {
  need(bytes, 4, "ICMP layer less then 4 bytes for ICMPv6 packet", state);
  return layer("ICMPv6", split(bytes, 4), {
    TypeCode: typeText(v6Types, bytes),
    Checksum: uint16(bytes, 2),
    TypeBytes: [],
  }, v6Types[bytes[0] ?? 0]?.decode);
}

function typeText(types: Readonly<Record<number, MessageType>>, bytes: Uint8Array): string {
  const [type = 0, code = 0] = bytes;
  const known = types[type];
  if (known === undefined) return `${type}(${code})`;
  if (known.codes === undefined && code === 0) return known.name;
  return `${known.name}(${known.codes?.[code] ?? `Code: ${code}`})`;
}

function decodeEcho(bytes: Uint8Array, state: DecodeState): Layer {
  need(bytes, 4, "ICMP layer less then 4 bytes for ICMPv6 Echo", state);
  return layer("ICMPv6Echo", split(bytes, 4), {
    Identifier: uint16(bytes, 0),
    SeqNumber: uint16(bytes, 2),
  });
}

function decodeRouterSolicitation(bytes: Uint8Array, state: DecodeState): Layer {
  need(bytes, 4, "ICMP layer less then 4 bytes for ICMPv6 router solicitation", state);
  return layer("ICMPv6RouterSolicitation", split(bytes, bytes.length), {
    Options: discoveryOptions(bytes.subarray(4)),
  });
}

function decodeSolicitation(bytes: Uint8Array, state: DecodeState): Layer {
  need(bytes, 20, "ICMP layer less then 20 bytes for ICMPv6 neighbor solicitation", state);
  return layer("ICMPv6NeighborSolicitation", split(bytes, bytes.length), {
    TargetAddress: ipv6Text(bytes.subarray(4, 20)),
    Options: discoveryOptions(bytes.subarray(20)),
  });
}

function decodeAdvertisement(bytes: Uint8Array, state: DecodeState): Layer {
  need(bytes, 20, "ICMP layer less then 20 bytes for ICMPv6 neighbor advertisement", state);
  return layer("ICMPv6NeighborAdvertisement", split(bytes, bytes.length), {
    Flags: bytes[0] ?? 0,
    TargetAddress: ipv6Text(bytes.subarray(4, 20)),
    Options: discoveryOptions(bytes.subarray(20)),
  });
}

const addressOptions: Readonly<Record<number, string>> = { 1: "SourceAddress", 2: "TargetAddress" };

function discoveryOptions(bytes: Uint8Array): string[] {
  const texts: string[] = [];
  for (let at = 0; at + 1 < bytes.length;) {
    const [type = 0, words = 0] = bytes.subarray(at, at + 2);
    if (words === 0) break;
    const data = bytes.subarray(at + 2, at + words * 8);
    const name = addressOptions[type];
    texts.push(
      name === undefined
        ? `ICMPv6Option(${type}:${hex(data)})`
        : `ICMPv6Option(${name}:${hex(data, ":")})`,
    );
    at += words * 8;
  }
  return texts;
}
