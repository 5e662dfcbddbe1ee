/** Ethernet frames, VLAN tags and ARP. */

import { decodeIpv4, decodeIpv6 } from "./ip.ts";
import {
  type Decoder,
  hex,
  type Layer,
  layer,
  need,
  split,
  uint16,
  UndecodableError,
} from "./layer.ts";

/** Frames below this number carry their length in the place of a type. */
const firstType = 0x0600;

/** What may be inside a frame; kinds without a decoder are named and printed as bytes. */
const etherTypes: Readonly<Record<number, { name: string; decode?: Decoder }>> = {
  0x0800: { name: "IPv4", decode: decodeIpv4 },
  0x0806: { name: "ARP", decode: decodeArp },
  0x2000: { name: "CiscoDiscovery" },
  0x6558: { name: "TransparentEthernetBridging", decode: decodeEthernet },
  0x8100: { name: "Dot1Q", decode: decodeVlanTag },
  0x86dd: { name: "IPv6", decode: decodeIpv6 },
  0x8847: { name: "MPLSUnicast" },
  0x8848: { name: "MPLSMulticast" },
  0x8863: { name: "PPPoEDiscovery" },
  0x8864: { name: "PPPoESession" },
  0x888e: { name: "EAPOL" },
  0x88a8: { name: "QinQ", decode: decodeVlanTag },
  0x88cc: { name: "LinkLayerDiscovery" },
  0x9000: { name: "EthernetCTP" },
};

/** An Ethernet frame. */
export function decodeEthernet(bytes: Uint8Array, state: Parameters<Decoder>[1]): Layer {
  need(bytes, 14, "Ethernet packet too small", state);
  const parts = split(bytes, 14);
  const type = uint16(bytes, 12);
  const addresses = {
    SrcMAC: hex(bytes.subarray(6, 12), ":"),
    DstMAC: hex(bytes.subarray(0, 6), ":"),
  };
  if (type >= firstType) {
    const fields = { ...addresses, EthernetType: typeName(type), Length: 0 };
    return layer("Ethernet", parts, fields, decoderOf(type));
  }
  if (type > parts.payload.length) state.isTruncated = true;
  const payload = parts.payload.subarray(0, type);
  const fields = { ...addresses, EthernetType: "LLC", Length: type };
  return layer("Ethernet", { header: parts.header, payload }, fields);
}

function decodeVlanTag(bytes: Uint8Array, state: Parameters<Decoder>[1]): Layer {
  need(bytes, 4, "802.1Q tag length 4 too short", state);
  const tag = uint16(bytes, 0);
  const type = uint16(bytes, 2);
  return layer("Dot1Q", split(bytes, 4), {
    Priority: tag >> 13,
    DropEligible: (tag & 0x1000) !== 0,
    VLANIdentifier: tag & 0x0fff,
    Type: typeName(type),
  }, decoderOf(type));
}

const ethernetHardware = 1;

function decodeArp(bytes: Uint8Array, state: Parameters<Decoder>[1]): Layer {
  need(bytes, 8, `ARP length ${bytes.length} too short`, state);
  const [hardwareSize = 0, protocolSize = 0] = bytes.subarray(4, 6);
  const length = 8 + 2 * hardwareSize + 2 * protocolSize;
  need(bytes, length, `ARP length ${bytes.length} too short, ${length} expected`, state);
  const hardware = uint16(bytes, 0);
  let at = 8;
  const next = (size: number) => bytes.subarray(at, at += size);
  return layer("ARP", split(bytes, length), {
    AddrType: hardware === ethernetHardware ? "Ethernet" : String(hardware),
    Protocol: typeName(uint16(bytes, 2)),
    HwAddressSize: hardwareSize,
    ProtAddressSize: protocolSize,
    Operation: uint16(bytes, 6),
    SourceHwAddress: next(hardwareSize),
    SourceProtAddress: next(protocolSize),
    DstHwAddress: next(hardwareSize),
    DstProtAddress: next(protocolSize),
  });
}

function typeName(type: number): string {
  return etherTypes[type]?.name ?? "UnknownEthernetType";
}

function decoderOf(type: number): Decoder | undefined {
  const known = etherTypes[type];
  if (known !== undefined) return known.decode;
  return () => {
    throw new UndecodableError(`Unable to decode EthernetType ${type}`);
  };
}
