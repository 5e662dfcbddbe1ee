/** DNS messages: the header, the questions, and the records of an answer. */

import { ipv4Text, ipv6Text } from "./ip_text.ts";
import {
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

const recordTypes: Readonly<Record<number, string>> = {
  1: "A",
  2: "NS",
  5: "CNAME",
  6: "SOA",
  12: "PTR",
  13: "HINFO",
  15: "MX",
  16: "TXT",
  28: "AAAA",
  33: "SRV",
  41: "OPT",
};

const classes: Readonly<Record<number, string>> = {
  1: "IN",
  2: "CS",
  3: "CH",
  4: "HS",
  255: "Any",
};

const operations = ["Query", "Inverse Query", "Status", undefined, "Notify", "Update"];

const responseCodes = [
  "No Error",
  "Format Error",
  "Server Failure ",
  "Non-Existent Domain",
  "Not Implemented",
  "Query Refused",
  "Name Exists when it should not",
  "RR Set Exists when it should not",
  "RR Set that should exist does not",
  "Server Not Authoritative for zone",
  "Name not contained in zone",
];

/** A DNS message, read to its end. */
export function decodeDns(bytes: Uint8Array, state: DecodeState): Layer {
  need(bytes, 12, "DNS packet too short", state);
  const flags = uint16(bytes, 2);
  const [questions, answers, authorities, additionals] = [4, 6, 8, 10].map((at) =>
    uint16(bytes, at)
  ) as [number, number, number, number];
  const place = { bytes, at: 12 };
  return layer("DNS", split(bytes, bytes.length), {
    ID: uint16(bytes, 0),
    QR: (flags & 0x8000) !== 0,
    OpCode: operations[flags >> 11 & 0x0f] ?? "Unknown",
    AA: (flags & 0x0400) !== 0,
    TC: (flags & 0x0200) !== 0,
    RD: (flags & 0x0100) !== 0,
    RA: (flags & 0x0080) !== 0,
    Z: flags >> 4 & 7,
    ResponseCode: responseCodes[flags & 0x0f] ?? "Unknown",
    QDCount: questions,
    ANCount: answers,
    NSCount: authorities,
    ARCount: additionals,
    Questions: several(questions, () => questionText(place)),
    Answers: several(answers, () => recordText(place)),
    Authorities: several(authorities, () => recordText(place)),
    Additionals: several(additionals, () => recordText(place)),
  });
}

/** Where in a message the next part begins. */
interface Place {
  bytes: Uint8Array;
  at: number;
}

function several(count: number, read: () => string): string[] {
  const texts: string[] = [];
  for (let index = 0; index < count; index++) texts.push(read());
  return texts;
}

function questionText(place: Place): string {
  const name = readName(place);
  return structText({ Name: name, Type: typeText(take(place, 2)), Class: classText(place) });
}

function recordText(place: Place): string {
  const name = readName(place);
  const type = take(place, 2);
  const dnsClass = classText(place);
  const timeToLive = uint32(take(place, 4), 0);
  const data = take(place, uint16(take(place, 2), 0));
  const at = place.at - data.length;
  return structText({
    Name: name,
    Type: typeText(type),
    Class: dnsClass,
    TTL: timeToLive,
    DataLength: data.length,
    Data: data,
    IP: data.length === 4 ? ipv4Text(data) : data.length === 16 ? ipv6Text(data) : "",
    ...nameFields(uint16(type, 0), { bytes: place.bytes, at }),
  });
}

const nameServer = 2;
const canonicalName = 5;
const pointer = 12;

/** The one of these that the record's type fills. */
function nameFields(type: number, place: Place): Record<string, Uint8Array> {
  const nameOf = (wanted: number) => type === wanted ? readName({ ...place }) : new Uint8Array(0);
  return { NS: nameOf(nameServer), CNAME: nameOf(canonicalName), PTR: nameOf(pointer) };
}

function typeText(bytes: Uint8Array): string {
  return recordTypes[uint16(bytes, 0)] ?? "Unknown";
}

function classText(place: Place): string {
  return classes[uint16(take(place, 2), 0)] ?? "Unknown";
}

function take(place: Place, length: number): Uint8Array {
  const part = place.bytes.subarray(place.at, place.at + length);
  if (part.length < length) throw new UndecodableError("DNS packet too short");
  place.at += length;
  return part;
}

/** As long as a name can be. */
const longestName = 255;

/** The labels of a name with dots in between; the end of a name may stand earlier in the message. */
function readName(place: Place): Uint8Array {
  const name: number[] = [];
  let here: Place = place;
  for (let jumps = 0;;) {
    const [length = 0] = take(here, 1);
    if (length === 0) return Uint8Array.from(name);
    if (length >= 0xc0) {
      const [low = 0] = take(here, 1);
      if (++jumps > longestName) throw new UndecodableError("dns: name has too many pointers");
      here = { bytes: place.bytes, at: (length & 0x3f) << 8 | low };
      continue;
    }
    if (name.length > 0) name.push(0x2e);
    name.push(...take(here, length));
    if (name.length > longestName) throw new UndecodableError("DNS name is too long");
  }
}
