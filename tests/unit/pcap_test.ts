/** `pcap`: packets as text, the raw file, filters, and how a capture ends. */

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { concatBytes } from "../../core/bytes.ts";
import { RpcError } from "../../core/errors.ts";
import { forever, startFakeNodes } from "../fake_nodes.ts";
import { talosctl } from "../talosctl.ts";

const capture = "machine.MachineService/PacketCapture";

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.fromHex(hex.replaceAll(/\s/g, ""));
}

/** A header as nodes send it: nanoseconds, little-endian, version 2.4. */
function fileHeader(linkType = 1, options: { magic?: number; isLittleEndian?: boolean } = {}) {
  const { magic = 0xa1b23c4d, isLittleEndian = true } = options;
  const view = new DataView(new ArrayBuffer(24));
  view.setUint32(0, magic, isLittleEndian);
  view.setUint16(4, 2, isLittleEndian);
  view.setUint16(6, 4, isLittleEndian);
  view.setUint32(16, 4096, isLittleEndian);
  view.setUint32(20, linkType, isLittleEndian);
  return new Uint8Array(view.buffer);
}

interface RecordOptions {
  fraction?: number;
  wireLength?: number;
  isLittleEndian?: boolean;
}

function record(packet: Uint8Array, options: RecordOptions = {}): Uint8Array[] {
  const { fraction = 0, wireLength = packet.length, isLittleEndian = true } = options;
  const view = new DataView(new ArrayBuffer(16));
  for (const [index, value] of [1_700_000_000, fraction, packet.length, wireLength].entries()) {
    view.setUint32(4 * index, value, isLittleEndian);
  }
  return [new Uint8Array(view.buffer), packet];
}

const arp = bytesOf(`ffffffffffff 001122334455 0806
  0001 0800 06 04 0001 001122334455 c0a80001 000000000000 c0a80002`);

// spec/machine-read.md 20; the tab is that of the official text.
const arpText = `\
PACKET: 42 bytes, wire length 42 cap length 42 @ 2023-11-14 22:13:20.123456 +0000 UTC
- Layer 1 (14 bytes) = Ethernet\t{Contents=[..14..] Payload=[..28..] SrcMAC=00:11:22:33:44:55 DstMAC=ff:ff:ff:ff:ff:ff EthernetType=ARP Length=0}
- Layer 2 (28 bytes) = ARP\t{Contents=[..28..] Payload=[] AddrType=Ethernet Protocol=IPv4 HwAddressSize=6 ProtAddressSize=4 Operation=1 SourceHwAddress=[..6..] SourceProtAddress=[192, 168, 0, 1] DstHwAddress=[..6..] DstProtAddress=[192, 168, 0, 2]}

`;

const ethernet = "001122334455 001122334466";

function ipv4(protocol: string, length: number, id = "0001", flags = "4000"): string {
  const total = length.toString(16).padStart(4, "0");
  return `45 00 ${total} ${id} ${flags} 40 ${protocol} 0000 0a000001 0a000002`;
}

const ipv6 =
  "60000000 0018 3a 40 fe800000000000000000000000000001 ff020000000000000000000000000001";

/** A packet's hex and its layers from the second on, from the specification's example. */
const packets: Record<string, [hex: string, layers: string[]]> = {
  "TCP with options and a payload": [
    `${ethernet} 0800 ${ipv4("06", 63)}
     04d2 c350 00000001 00000005 8018 2000 0000 0000 01 01 080a 00000001 00000002 68656c6c6f20776f726c64`,
    [
      "- Layer 2 (20 bytes) = IPv4\t{Contents=[..20..] Payload=[..43..] Version=4 IHL=5 TOS=0 Length=63 Id=1 Flags=DF FragOffset=0 TTL=64 Protocol=TCP Checksum=0 SrcIP=10.0.0.1 DstIP=10.0.0.2 Options=[] Padding=[]}",
      "- Layer 3 (32 bytes) = TCP\t{Contents=[..32..] Payload=[..11..] SrcPort=1234(search-agent) DstPort=50000 Seq=1 Ack=5 DataOffset=8 FIN=false SYN=false RST=false PSH=true ACK=true URG=false ECE=false CWR=false NS=false Window=8192 Checksum=0 Urgent=0 Options=[TCPOption(NOP:), TCPOption(NOP:), TCPOption(Timestamps:1/2 0x0000000100000002)] Padding=[] Multipath=false}",
      "- Layer 4 (11 bytes) = Payload\t11 byte(s)",
    ],
  ],
  "TCP that opens a connection, to a web server": [
    `${ethernet} 0800 ${ipv4("06", 60)} 04d2 0050 00000001 00000000 a002 2000 0000 0000
     0204 05b4 0402 080a 00000001 00000000 01 0303 07`,
    [
      "- Layer 3 (40 bytes) = TCP\t{Contents=[..40..] Payload=[] SrcPort=1234(search-agent) DstPort=80(http) Seq=1 Ack=0 DataOffset=10 FIN=false SYN=true RST=false PSH=false ACK=false URG=false ECE=false CWR=false NS=false Window=8192 Checksum=0 Urgent=0 Options=[..5..] Padding=[] Multipath=false}",
    ],
  ],
  "DNS over UDP": [
    `${ethernet} 0800 ${ipv4("11", 55)} 9c40 0035 0023 0000
     1234 0100 0001 0000 0000 0000 05 74616c6f73 03 646576 00 0001 0001`,
    [
      "- Layer 3 (08 bytes) = UDP\t{Contents=[..8..] Payload=[..27..] SrcPort=40000(safetynetp) DstPort=53(domain) Length=35 Checksum=0}",
      "- Layer 4 (27 bytes) = DNS\t{Contents=[..27..] Payload=[] ID=4660 QR=false OpCode=Query AA=false TC=false RD=true RA=false Z=0 ResponseCode=No Error QDCount=1 ANCount=0 NSCount=0 ARCount=0 Questions=[{Name=[..9..] Type=A Class=IN}] Answers=[] Authorities=[] Additionals=[]}",
    ],
  ],
  "ICMP": [
    `${ethernet} 0800 ${ipv4("01", 36)} 0800 0000 0001 0002 0000000000000000`,
    [
      "- Layer 3 (08 bytes) = ICMPv4\t{Contents=[..8..] Payload=[..8..] TypeCode=EchoRequest Checksum=0 Id=1 Seq=2}",
      "- Layer 4 (08 bytes) = Payload\t8 byte(s)",
    ],
  ],
  "a neighbour that is asked for": [
    `${ethernet} 86dd ${ipv6} 8700 0000 00000000 fe800000000000000000000000000002`,
    [
      "- Layer 2 (40 bytes) = IPv6\t{Contents=[..40..] Payload=[..24..] Version=6 TrafficClass=0 FlowLabel=0 Length=24 NextHeader=ICMPv6 HopLimit=64 SrcIP=fe80::1 DstIP=ff02::1 HopByHop=nil}",
      "- Layer 3 (04 bytes) = ICMPv6\t{Contents=[135, 0, 0, 0] Payload=[..20..] TypeCode=NeighborSolicitation Checksum=0 TypeBytes=[]}",
      "- Layer 4 (20 bytes) = ICMPv6NeighborSolicitation\t{Contents=[..20..] Payload=[] TargetAddress=fe80::2 Options=[]}",
    ],
  ],
  "a VLAN tag": [
    `${ethernet} 8100 0064 0800 ${ipv4("01", 28)} 0800 0000 0001 0002`,
    [
      "- Layer 2 (04 bytes) = Dot1Q\t{Contents=[0, 100, 8, 0] Payload=[..28..] Priority=0 DropEligible=false VLANIdentifier=100 Type=IPv4}",
    ],
  ],
};

Deno.test("pcap prints packets as the official client does", async () => {
  await using nodes = await startFakeNodes({
    [capture]: () =>
      [fileHeader(), ...record(arp, { fraction: 123_456_000 })].map((bytes) => ({ bytes })),
  });

  const outcome = await talosctl(nodes, "pcap -n a -i lo --promiscuous");

  assert.deepEqual(outcome, { code: 0, stdout: arpText, stderr: "" });
  assert.deepEqual(nodes.requests[0]?.request, {
    interface: "lo",
    promiscuous: true,
    snapLen: 0,
    bpfFilter: [],
  });
});

Deno.test("pcap tells the common protocols apart", async (test) => {
  for (const [name, [hex, layers]] of Object.entries(packets)) {
    await test.step(name, async () => {
      const chunks = [fileHeader(), ...record(bytesOf(hex))];
      await using nodes = await startFakeNodes({
        [capture]: () => chunks.map((bytes) => ({ bytes })),
      });

      const { stdout } = await talosctl(nodes, "pcap -n a");

      const lines = stdout.split("\n");
      assert.deepEqual(layers.filter((layer) => !lines.includes(layer)), [], stdout);
    });
  }
});

Deno.test("pcap reads captures of either byte order, in microseconds, compressed, without frames", async (test) => {
  const big = { isLittleEndian: false };
  const ip = bytesOf(`${ipv4("01", 28)} 0800 0000 0001 0002`);
  const rows: [string, Uint8Array[], RegExp][] = [
    [
      "big-endian microseconds",
      [
        fileHeader(1, { ...big, magic: 0xa1b2c3d4 }),
        ...record(arp, { ...big, fraction: 123_456 }),
      ],
      /@ 2023-11-14 22:13:20\.123456 \+0000 UTC\n- Layer 1 \(14 bytes\) = Ethernet\t/,
    ],
    [
      "gzip",
      [new Uint8Array(gzipSync(concatBytes([fileHeader(), ...record(arp)])))],
      /^PACKET: 42 bytes, wire length 42 cap length 42 @ 2023-11-14 22:13:20 \+0000 UTC\n/,
    ],
    ["raw IP", [fileHeader(101), ...record(ip)], /\n- Layer 1 \(20 bytes\) = IPv4\t/],
    [
      "a packet that was cut",
      [fileHeader(), ...record(arp.subarray(0, 20), { wireLength: 42 })],
      /^PACKET: 20 bytes, truncated, wire length 42 cap length 20 @ [^\n]+\n- Layer 1 .*\n- Layer 2 \(06 bytes\) = DecodeFailure\tPacket decoding error: /,
    ],
  ];
  for (const [name, chunks, expected] of rows) {
    await test.step(name, async () => {
      await using nodes = await startFakeNodes({
        [capture]: () => chunks.map((bytes) => ({ bytes })),
      });

      const { code, stdout, stderr } = await talosctl(nodes, "tcpdump -n a");

      assert.match(stdout, expected);
      assert.deepEqual([code, stderr], [0, ""]);
    });
  }
});

Deno.test("pcap survives every packet of random bytes", async () => {
  const chunks: Uint8Array[] = [fileHeader()];
  let state = 1;
  const next = () => state = (state * 1103515245 + 12345) & 0x7fffffff;
  for (let count = 0; count < 300; count++) {
    const types = ["0800 45", "86dd 60", "0806", "8100", ""];
    const start = bytesOf(`${ethernet} ${types[count % types.length]}`);
    const tail = Uint8Array.from({ length: next() % 80 }, () => next() >> 8);
    chunks.push(...record(concatBytes([start, tail])));
  }
  await using nodes = await startFakeNodes({ [capture]: () => [{ bytes: concatBytes(chunks) }] });

  const { code, stdout, stderr } = await talosctl(nodes, "pcap -n a");

  assert.equal(stdout.match(/^PACKET: /gm)?.length, 300);
  assert.deepEqual([code, stderr], [0, ""]);
});

Deno.test("pcap -o writes the capture as it came, to a file or to stdout", async () => {
  const folder = await Deno.makeTempDir();
  const chunks = [fileHeader(), ...record(arp)];
  await using nodes = await startFakeNodes({
    [capture]: () => chunks.map((bytes) => ({ bytes })),
  });
  const path = `${folder}/r.pcap`;
  await Deno.writeTextFile(path, "x".repeat(500));
  const written: Uint8Array[] = [];

  const saved = await talosctl(nodes, `pcap -n a -o ${path}`);
  const piped = await talosctl(nodes, "pcap -n a -o -", { onStdout: (it) => written.push(it) });
  const shown = await talosctl(nodes, "pcap -n a -o -", { isTerminal: true });
  const lost = await talosctl(nodes, `pcap -n a -o ${folder}/no/r.pcap`);

  assert.deepEqual(saved, { code: 0, stdout: "", stderr: "" });
  assert.deepEqual(new Uint8Array(await Deno.readFile(path)), concatBytes(chunks));
  assert.deepEqual([piped.code, concatBytes(written)], [0, concatBytes(chunks)]);
  assert.match(shown.stderr, /^writing to stdout: a file of packets is nothing for a terminal\n/);
  assert.equal(lost.stderr, `open ${folder}/no/r.pcap: no such file or directory\n`);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("pcap --duration ends a capture well", async () => {
  await using nodes = await startFakeNodes({
    async *[capture]() {
      for (const bytes of [fileHeader(), ...record(arp)]) yield { bytes };
      await forever();
    },
  });
  const path = await Deno.makeTempFile();

  const raw = await talosctl(nodes, `pcap -n a --duration 300ms -o ${path}`);
  const text = await talosctl(nodes, "pcap -n a --duration 300ms");

  assert.deepEqual(raw, { code: 0, stdout: "", stderr: "" });
  assert.equal((await Deno.stat(path)).size, 24 + 16 + 42);
  assert.equal(
    text.stdout.split("\n\n")[1],
    "packet capture error: rpc error: code = DeadlineExceeded desc = context deadline exceeded\n",
  );
  assert.deepEqual([text.code, text.stderr], [0, ""]);
  await Deno.remove(path);
});

Deno.test("pcap that is interrupted ends well as text, and with an error as a file", async () => {
  const interrupted =
    "Signal received, aborting, press Ctrl+C once again to abort immediately...\n";
  await using nodes = await startFakeNodes({
    async *[capture]() {
      for (const bytes of [fileHeader(), ...record(arp)]) yield { bytes };
      await forever();
    },
  });
  const run = (line: string) => {
    const interrupt = new AbortController();
    const onStdout = () => interrupt.abort();
    return talosctl(nodes, line, { interrupt: interrupt.signal, onStdout });
  };

  const text = await run("pcap -n a");
  const raw = await run("pcap -n a -o -");

  assert.deepEqual([text.code, text.stderr], [0, interrupted]);
  assert.deepEqual([raw.code, raw.stderr], [
    1,
    `${interrupted}rpc error: code = Canceled desc = context canceled\n`,
  ]);
});

Deno.test("pcap reports what is no capture, and a node that refuses", async (test) => {
  const unknown = new RpcError("NotFound", 'interface "x" not found');
  const notFound = 'rpc error: code = NotFound desc = interface "x" not found\n';
  const rows: [string, string, () => Iterable<object>, { code: number; stderr: string }][] = [
    ["nothing", "pcap -n a", () => [], { code: 0, stderr: "" }],
    ["something else", "pcap -n a", () => [{ bytes: new TextEncoder().encode("garbage") }], {
      code: 1,
      stderr: "error opening pcap reader: Unknown magic 62726167\n",
    }],
    ["a refusal", "pcap -n a", () => {
      throw unknown;
    }, { code: 1, stderr: `error opening pcap reader: ${notFound}` }],
    ["a refusal of a raw capture", "pcap -n a -o -", () => {
      throw unknown;
    }, { code: 1, stderr: notFound }],
  ];
  for (const [name, line, answer, expected] of rows) {
    await test.step(name, async () => {
      await using nodes = await startFakeNodes({ [capture]: answer });

      assert.deepEqual(await talosctl(nodes, line), { stdout: "", ...expected });
    });
  }
});

Deno.test("pcap that breaks off keeps what came, and says that it is partial", async () => {
  const path = await Deno.makeTempFile();
  const sent = [fileHeader(), ...record(arp, { fraction: 123_456_000 })];
  await using nodes = await startFakeNodes({
    *[capture]() {
      for (const bytes of sent) yield { bytes };
      throw new RpcError("Unavailable", "error reading from server: EOF");
    },
  });

  const asText = await talosctl(nodes, "pcap -n a");
  const asFile = await talosctl(nodes, `pcap -n a -o ${path}`);
  const file = await Deno.readFile(path);
  await Deno.remove(path);

  const notice = "WARNING: the capture is partial\n";
  const failure = "rpc error: code = Unavailable desc = error reading from server: EOF\n";
  // As text, a failure is one more line, and the status is good (spec/machine-read.md, 20).
  assert.deepEqual(asText, {
    code: 0,
    stdout: `${arpText}packet capture error: ${failure}`,
    stderr: notice,
  });
  assert.deepEqual(asFile, { code: 1, stdout: "", stderr: notice + failure });
  assert.deepEqual(file, concatBytes(sent));
});

Deno.test("pcap goes on after a packet that cannot be, until the capture ends", async () => {
  const wrong = record(new Uint8Array(0), { wireLength: 0 });
  new DataView(wrong[0]?.buffer as ArrayBuffer).setUint32(8, 70_000, true);
  const chunks = [fileHeader(), ...wrong, ...record(arp)];
  await using nodes = await startFakeNodes({
    [capture]: () => chunks.map((bytes) => ({ bytes })),
  });

  const { code, stdout } = await talosctl(nodes, "pcap -n a");

  assert.match(
    stdout,
    /^packet capture error: capture length exceeds snap length: 70000 > 4096\nPACKET: 42 bytes/,
  );
  assert.equal(code, 0);
});

Deno.test("pcap takes the old --snaplen, and says that it does nothing", async () => {
  await using nodes = await startFakeNodes({ [capture]: () => [{ bytes: fileHeader() }] });

  const outcome = await talosctl(nodes, "pcap -n a -i lo -s 96");

  // spec/machine-read.md, 20
  const stderr = "Flag --snaplen has been deprecated, support of snap length is removed\n";
  assert.deepEqual(outcome, { code: 0, stdout: "", stderr });
  assert.deepEqual(nodes.requests[0]?.request, {
    interface: "lo",
    promiscuous: false,
    snapLen: 0,
    bpfFilter: [],
  });
});

Deno.test("pcap sends a filter as tcpdump prints it, and refuses any other form", async () => {
  await using nodes = await startFakeNodes({ [capture]: () => [] });
  const filter = "\n{ 0x28, 0, 0, 0x0000000c },\n\n{ 0x15, 0, 8, 0xffffffff },\n";

  const sent = await talosctl(nodes, ["pcap", "-n", "a", "--bpf-filter", filter]);
  const refused = await talosctl(nodes, ["pcap", "-n", "a", "--bpf-filter", "tcp port 80"]);

  assert.deepEqual(nodes.requests.map(({ request }) => request.bpfFilter), [[
    { op: 40, jt: 0, jf: 0, k: 12 },
    { op: 21, jt: 0, jf: 8, k: 4294967295 },
  ]]);
  assert.deepEqual([sent.code, refused.code], [0, 1]);
  assert.equal(
    refused.stderr,
    'error parsing bpf instruction "tcp port 80": input does not match format\n',
  );
});
