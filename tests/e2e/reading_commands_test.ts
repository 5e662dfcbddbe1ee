/** The commands that read, as processes: one node, two of three nodes while the third is down, and a node that is down. */

import assert from "node:assert/strict";
import { startSandbox } from "../../mod.ts";
import { type Home, openHome } from "../faults/program.ts";
import { runProgram } from "../talosctl.ts";

const up = ["10.5.0.2", "10.5.0.3"];
const downNode = "10.5.0.4";
const refused = 'rpc error: code = Unavailable desc = connection error: desc = "transport: Error ' +
  `while dialing: dial tcp ${downNode}:50000: connect: connection refused"\n`;

/** Command lines for many nodes, with the headers of spec/machine-read.md, empty where there is none, and what stands before a failure. */
const manyNodes: [line: string, header: string, prefix?: string][] = [
  ["containers", "NODE NAMESPACE ID IMAGE PID STATUS"],
  ["containers -k", "NODE NAMESPACE ID IMAGE PID STATUS"],
  ["stats", "NODE NAMESPACE ID MEMORY(MB) CPU"],
  ["stats -k", "NODE NAMESPACE ID MEMORY(MB) CPU"],
  ["stats --kubernetes --use-cri", "NODE NAMESPACE ID MEMORY(MB) CPU"],
  ["processes", "NODE PID STATE THREADS CPU-TIME VIRTMEM RESMEM LABEL COMMAND"],
  ["processes -s cpu", "NODE PID STATE THREADS CPU-TIME VIRTMEM RESMEM LABEL COMMAND"],
  ["memory", "NODE TOTAL USED FREE SHARED BUFFERS CACHE AVAILABLE"],
  ["mounts", "NODE FILESYSTEM SIZE(GB) USED(GB) AVAILABLE(GB) PERCENT USED MOUNTED ON"],
  ["netstat", "NODE Proto Recv-Q Send-Q Local Address Foreign Address State"],
  [
    "netstat -axo",
    "NODE Proto Recv-Q Send-Q Local Address Foreign Address State Uid Inode Timer",
  ],
  ["netstat -tl6", "NODE Proto Recv-Q Send-Q Local Address Foreign Address State"],
  ["time", "NODE NTP-SERVER NODE-TIME NTP-SERVER-TIME"],
  ["time --check pool.ntp.org", "NODE NTP-SERVER NODE-TIME NTP-SERVER-TIME"],
  ["dmesg", ""],
  ["logs apid --tail 1", ""],
  ["list /etc", "NODE NAME"],
  ["list -lH /etc", "NODE MODE UID GID SIZE(B) LASTMOD LABEL NAME"],
  ["list -t d -d 2 /etc", "NODE NAME"],
  ["usage /etc/ssl", "NODE SIZE NAME"],
  ["usage -aH -d 1 -t 10 /etc/ssl", "NODE SIZE NAME"],
  ["diskfree", "NODE VOLUME FILESYSTEM SIZE USED AVAILABLE USAGE MOUNT POINT"],
  [
    "diskfree -b EPHEMERAL",
    "NODE VOLUME FILESYSTEM SIZE USED AVAILABLE USAGE MOUNT POINT",
    'error looking up volume "EPHEMERAL": ',
  ],
  ["diskfree -i", "NODE VOLUME FILESYSTEM INODES IUSED IFREE %IUSED MOUNT POINT"],
  ["service", "NODE SERVICE STATE HEALTH LAST CHANGE LAST EVENT"],
  ["image list", "NODE IMAGE DIGEST SIZE LABELS CREATED"],
];

/** Command lines for one node, what they begin with where it is up, and what stands before its failure. */
const oneNode: [line: string, begins: RegExp, prefix: string][] = [
  ["read /etc/os-release", /^NAME="Talos"\n/, "error reading: "],
  ["copy /etc/ssl -", /^.\ufffd/, ""],
  [
    "cgroups --preset memory --skip-cri-resolve",
    /^NAME +MemCurrent +MemPeak +MemLow /,
    "error reading cgroups: ",
  ],
  ["pcap -i lo --promiscuous --duration 1s -o -", /^M<\ufffd\ufffd/, ""],
  ["inspect dependencies", /^digraph /, "error getting controller runtime dependencies: "],
];

Deno.test("each reading command answers for the nodes that are up, and names the one that is down", async (test) => {
  await using sandbox = await startSandbox({ controlPlanes: 2, workers: 1, seed: 1 });
  await sandbox.fault(downNode, "down");
  await using home = await openHome(sandbox);
  const nodes = [...up, downNode].join(",");

  const ended = await inParallel(home, manyNodes.map(([line]) => `${line} -n ${nodes}`));

  for (const [index, [line, header, prefix = ""]] of manyNodes.entries()) {
    await test.step(line, () => {
      const { code, stdout, stderr } = ended[index] ?? assert.fail("not run");
      const [first = "", ...rows] = stdout.trimEnd().split("\n");
      const named = header === "" ? [first, ...rows] : rows;
      if (header !== "") assert.equal(first.trimEnd().replaceAll(/ {2,}/g, " "), header);
      assert.deepEqual([...new Set(named.map((row) => row.split(/[ :]/)[0]))].sort(), up);
      assert.deepEqual([code, stderr], [1, `error from node ${downNode}: ${prefix}${refused}`]);
    });
  }
});

Deno.test("events follows the nodes that are up, and at its end names the one that is down", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 2, workers: 1, seed: 1 });
  await sandbox.fault(downNode, "down");
  await using home = await openHome(sandbox);
  const running = home.start(["events", "--tail", "1", "-n", [...up, downNode].join(",")]);

  for (const node of up) await running.untilStdout(`\n${node} `);
  // What comes now comes after the refusal of the third.
  for (const node of sandbox.nodes.slice(0, up.length)) {
    const message = { task: "seenByAll", action: "START" } as const;
    node.events.publish(sandbox.clock.now(), { type: "TaskEvent", message });
  }
  await running.untilStdout("seenByAll");
  running.kill("SIGINT");
  const { code, stderr } = await running.ended;

  const notice = "Signal received, aborting, press Ctrl+C once again to abort immediately...\n";
  assert.deepEqual([code, stderr], [1, `${notice}error from node ${downNode}: ${refused}`]);
});

Deno.test("each command that reads from one node prints it, or says that the node is down", async (test) => {
  await using sandbox = await startSandbox({ controlPlanes: 2, workers: 1, seed: 1 });
  await sandbox.fault(downNode, "down");
  await using home = await openHome(sandbox);

  const good = await inParallel(home, oneNode.map(([line]) => `${line} -n ${up[1]}`));
  const failed = await inParallel(home, oneNode.map(([line]) => `${line} -n ${downNode}`));
  const many = await inParallel(home, oneNode.map(([line]) => `${line} -n ${up.join(",")}`));

  for (const [index, [line, begins, prefix]] of oneNode.entries()) {
    await test.step(line, () => {
      const name = line.split(" ")[0] === "inspect" ? "inspect dependencies" : line.split(" ")[0];
      assert.deepEqual([good[index]?.code, good[index]?.stderr], [0, ""]);
      assert.match(good[index]?.stdout ?? "", begins);
      assert.deepEqual([failed[index]?.code, failed[index]?.stdout], [1, ""]);
      // Of cgroups, warnings about names that are missing stand before it.
      assert.equal(failed[index]?.stderr.split(/(?<=\n)/).at(-1), `${prefix}${refused}`);
      assert.equal(many[index]?.code, 1);
      assert.match(
        many[index]?.stderr ?? "",
        RegExp(`^command "${name}" requires exactly one node \\(got 2\\)\\n`),
      );
    });
  }
});

Deno.test("the commands that ask without a configuration check the node's certificate where they are told to", async (test) => {
  await using sandbox = await startSandbox({ maintenance: 1, seed: 1 });
  const [node = ""] = sandbox.maintenanceEndpoints;
  const mismatch = "rpc error: code = Unavailable desc = connection error: desc = " +
    `"transport: authentication handshake failed: leaf peer certificate doesn't match the ` +
    'provided fingerprints: [AAAA]"\n';
  for (const line of ["memory", "dmesg", "logs machined --tail 1", "service"]) {
    await test.step(line, async () => {
      const words = [...line.split(" "), "--insecure", "-n", node];
      const plain = await runProgram(words);
      const pinned = await runProgram([...words, "--cert-fingerprint", "AAAA"]);

      assert.deepEqual([plain.code, plain.stderr], [0, ""]);
      assert.ok(plain.stdout.includes(node));
      assert.deepEqual([pinned.code, pinned.stderr], [1, `error from node ${node}: ${mismatch}`]);
      assert.ok(!pinned.stdout.includes(node));
    });
  }
});

Deno.test("what is gone says where to go, and takes its old flags", async () => {
  // spec/machine-read.md, 9
  const rows: [line: string, instead: string][] = [
    ["interfaces", "`talosctl get addresses` and `talosctl get links`"],
    ["routes", "`talosctl get routes`"],
    [
      "disks",
      "`talosctl get disks`, `talosctl get systemdisk`, `talosctl get discoveredvolumes`",
    ],
    [
      "crashdump --init-node a --control-plane-nodes b,c --worker-nodes d",
      "`talosctl support`",
    ],
  ];
  for (const [line, instead] of rows) {
    const words = line.split(" ");
    assert.deepEqual(await runProgram(words), {
      code: 1,
      stdout: "",
      stderr: `\`talosctl ${words[0]}\` is deprecated, please use ${instead} instead\n`,
    });
  }
});

/** Runs command lines as processes, a few at once; what they left, in their order. */
async function inParallel(home: Home, lines: readonly string[]) {
  const ended = new Map<string, Awaited<ReturnType<Home["run"]>>>();
  const waiting = lines.values();
  const work = async () => {
    for (const line of waiting) ended.set(line, await home.run(line.split(" ")));
  };
  await Promise.all([work(), work(), work()]);
  return lines.map((line) => ended.get(line));
}
