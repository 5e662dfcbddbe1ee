/** Ethernet frames of what goes on in a node's networks, byte by byte. */

/** One end of a conversation. */
export interface PacketEnd {
  /** `02:00:00:00:00:01` */
  hardwareAddress: string;
  /** IPv4. */
  address: string;
  port: number;
}

/** From whom, to whom. */
export interface Direction {
  from: PacketEnd;
  to: PacketEnd;
}

const etherTypes = { ipv4: 0x0800, arp: 0x0806 };
const protocols = { tcp: 6, udp: 17 };

/** A TCP segment that acknowledges, with data or without. */
export function tcpFrame(
  { from, to }: Direction,
  { sequence, acknowledged, data }: { sequence: number; acknowledged: number; data: Uint8Array },
): Uint8Array {
  const flags = data.length > 0 ? 0x18 : 0x10;
  const segment = concat(
    ...[u16(from.port), u16(to.port), u32(sequence), u32(acknowledged)],
    ...[Uint8Array.of(0x50, flags), u16(8192), u16(0), u16(0), data],
  );
  return ipv4Frame({ from, to }, protocols.tcp, segment);
}

/** A datagram. */
export function udpFrame({ from, to }: Direction, data: Uint8Array): Uint8Array {
  const length = u16(8 + data.length);
  const datagram = concat(u16(from.port), u16(to.port), length, u16(0), data);
  return ipv4Frame({ from, to }, protocols.udp, datagram);
}

/** The question for the address of a name. */
export function dnsQuery(id: number, name: string): Uint8Array {
  const labels = name.split(".").map((label) => {
    const bytes = new TextEncoder().encode(label);
    return concat(Uint8Array.of(bytes.length), bytes);
  });
  const counts = [1, 0, 0, 0].map(u16);
  return concat(u16(id), u16(0x0100), ...counts, ...labels, Uint8Array.of(0), u16(1), u16(1));
}

/** The question to everybody who has an address. */
export function arpFrame({ from, to }: Direction): Uint8Array {
  const broadcast = { ...to, hardwareAddress: "ff:ff:ff:ff:ff:ff" };
  const question = concat(
    ...[u16(1), u16(etherTypes.ipv4), Uint8Array.of(6, 4), u16(1)],
    ...[hardware(from.hardwareAddress), ipv4(from.address), new Uint8Array(6), ipv4(to.address)],
  );
  return ethernetFrame({ from, to: broadcast }, etherTypes.arp, question);
}

function ipv4Frame(direction: Direction, protocol: number, payload: Uint8Array): Uint8Array {
  const { from, to } = direction;
  const addresses = concat(ipv4(from.address), ipv4(to.address));
  const header = concat(
    ...[Uint8Array.of(0x45, 0), u16(20 + payload.length), u16(1), u16(0x4000)],
    ...[Uint8Array.of(64, protocol), u16(0), addresses],
  );
  header.set(u16(checksum(header)), 10);
  const pseudoHeader = concat(addresses, u16(protocol), u16(payload.length));
  const checksumAt = protocol === protocols.tcp ? 16 : 6;
  payload.set(u16(checksum(concat(pseudoHeader, payload))), checksumAt);
  return ethernetFrame(direction, etherTypes.ipv4, concat(header, payload));
}

function ethernetFrame({ from, to }: Direction, type: number, payload: Uint8Array): Uint8Array {
  return concat(hardware(to.hardwareAddress), hardware(from.hardwareAddress), u16(type), payload);
}

/** The ones' complement of the sum of 16-bit words. */
function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) {
    sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function u16(value: number): Uint8Array {
  return Uint8Array.of((value >>> 8) & 0xff, value & 0xff);
}

function u32(value: number): Uint8Array {
  return concat(u16(value >>> 16), u16(value));
}

function ipv4(address: string): Uint8Array {
  return Uint8Array.from(address.split("."), Number);
}

function hardware(address: string): Uint8Array {
  return Uint8Array.from(address.split(":"), (byte) => parseInt(byte, 16));
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
