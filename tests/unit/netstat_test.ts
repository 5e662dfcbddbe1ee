/** `netstat`: requests, tables and pods of spec/machine-read.md 8. */

import assert from "node:assert/strict";
import { startAnswering, unreachable } from "../answering_nodes.ts";

const toApid = {
  l4proto: "tcp",
  localip: "10.0.0.1",
  localport: 50000,
  remoteip: "10.0.0.2",
  remoteport: 4444,
  state: "ESTABLISHED",
  rxqueue: "2",
  txqueue: "1",
  tr: "ON",
  timerwhen: "1234",
  retrnsmt: "1",
  timeout: "3",
  uid: 50,
  inode: "777",
  process: { pid: 5, name: "apid" },
  netns: "cni-b",
};
const dns = {
  l4proto: "udp6",
  localip: "::",
  localport: 53,
  remoteip: "::",
  state: "CLOSE",
  process: {},
};
const ssh = {
  l4proto: "tcp6",
  localip: "::",
  localport: 22,
  remoteip: "::",
  state: "LISTEN",
  process: {},
  netns: "cni-unknown",
};
const pods = [
  { id: "kube-system/b", podId: "kube-system/b", pid: 100, networkNamespace: "cni-b" },
  { id: "kube-system/b:c:1", podId: "kube-system/b", pid: 101, networkNamespace: "cni-b" },
  { id: "kube-system/host", podId: "kube-system/host", pid: 102, networkNamespace: "" },
  { id: "kube-system/gone", podId: "kube-system/gone", pid: 0, networkNamespace: "cni-gone" },
];

const answers = {
  "machine.MachineService/Netstat": (_request: unknown, node: string) =>
    node === "10.0.0.9" ? unreachable() : { messages: [{ connectrecord: [toApid, dns, ssh] }] },
  "machine.MachineService/Containers": (_request: unknown, node: string) =>
    node === "10.0.0.9"
      ? unreachable()
      : { messages: [{ containers: node === "10.0.0.1" ? pods : [] }] },
} as const;

/** Table rows end in blanks where their last cell is empty. */
const plainTable = [
  "NODE       Proto   Recv-Q   Send-Q   Local Address    Foreign Address   State",
  "10.0.0.1   tcp     2        1        10.0.0.1:50000   10.0.0.2:4444     ESTABLISHED",
  "10.0.0.1   udp6    0        0        :::53            :::*              ",
  "10.0.0.1   tcp6    0        0        :::22            :::*              LISTEN",
  "",
].join("\n");

Deno.test("netstat shows ports and states as the official client does", async () => {
  await using cluster = await startAnswering(answers);

  const outcome = await cluster.talosctl("netstat -n 10.0.0.9,10.0.0.1");

  assert.deepEqual(outcome, {
    code: 1,
    stdout: plainTable,
    stderr: "error from node 10.0.0.9: rpc error: code = Unavailable desc = node is down\n",
  });
});

Deno.test("netstat prints nothing at all where there is no socket", async () => {
  await using cluster = await startAnswering({
    "machine.MachineService/Netstat": () => ({ messages: [{}] }),
  });

  const outcome = await cluster.talosctl("ss -n 10.0.0.1");

  assert.deepEqual(outcome, { code: 0, stdout: "", stderr: "" });
});

Deno.test("netstat -axpko shows users, processes, pods and timers", async () => {
  await using cluster = await startAnswering(answers);

  const outcome = await cluster.talosctl("netstat -axpko -n 10.0.0.1");

  const table =
    `NODE       Proto   Recv-Q   Send-Q   Local Address    Foreign Address   State         Uid   Inode   PID/Program name   Pod             Timer
10.0.0.1   tcp     2        1        10.0.0.1:50000   10.0.0.2:4444     ESTABLISHED   50    777     5/apid             kube-system/b   on (12.34/1/3)
10.0.0.1   udp6    0        0        :::53            :::*                            0     0       -                  -               off (0.00/0/0)
10.0.0.1   tcp6    0        0        :::22            :::*              LISTEN        0     0       -                                  off (0.00/0/0)
`;
  assert.deepEqual(outcome, { code: 0, stdout: table, stderr: "" });
});

Deno.test("netstat -k has no pod to name on a node without pods", async () => {
  await using cluster = await startAnswering(answers);

  const { stdout } = await cluster.talosctl("netstat -k -n 10.0.0.2");

  assert.deepEqual(stdout.split("\n").slice(1, 4).map((line) => line.slice(86).trim()), [
    "-",
    "-",
    "-",
  ]);
});

Deno.test("netstat -k ends with every node whose pods cannot be listed", async () => {
  await using cluster = await startAnswering(answers);

  const outcome = await cluster.talosctl("netstat -k -n 10.0.0.9,10.0.0.1,10.0.0.9");

  const line =
    "error getting containers from node 10.0.0.9: rpc error: code = Unavailable desc = node is down\n";
  assert.deepEqual(outcome, { code: 1, stdout: "", stderr: line + line });
});

Deno.test("netstat with a pod asks the pod's node for the pod's network", async () => {
  await using cluster = await startAnswering(answers);

  const outcome = await cluster.talosctl("netstat -l -n 10.0.0.2,10.0.0.1 KUBE-system/b");

  assert.deepEqual(outcome, { code: 0, stdout: plainTable, stderr: "" });
  const asked = cluster.calls.filter(({ method }) => method === "Netstat");
  assert.deepEqual(asked, [{
    method: "Netstat",
    node: "10.0.0.1",
    request: {
      filter: "LISTENING",
      feature: { pid: false },
      l4proto: protocols("tcp tcp6 udp udp6"),
      netns: { hostnetwork: false, netns: ["cni-b"], allnetns: false },
    },
  }]);
});

Deno.test("netstat refuses what it cannot look for", async () => {
  await using cluster = await startAnswering(answers);

  const both = await cluster.talosctl("netstat -k -n 10.0.0.1 kube-system/b");
  const noNetwork = await cluster.talosctl("netstat -n 10.0.0.1 kube-system/Host");

  assert.deepEqual(both, {
    code: 1,
    stdout: "",
    stderr: "cannot use --pods and specify a pod\n",
  });
  assert.deepEqual(noNetwork, {
    code: 1,
    stdout: "",
    stderr: "pod kube-system/Host not found\n",
  });
  assert.deepEqual(cluster.calls.map(({ method }) => method), ["Containers"]);
});

Deno.test("netstat asks for the sockets that its flags choose", async () => {
  const rows: [string, string, Record<string, unknown>][] = [
    ["", "tcp tcp6 udp udp6", { filter: "CONNECTED" }],
    ["-l", "tcp tcp6 udp udp6", { filter: "LISTENING" }],
    ["-al", "tcp tcp6 udp udp6", { filter: "ALL" }],
    ["-p", "tcp tcp6 udp udp6", { feature: { pid: true } }],
    ["-t", "tcp tcp6", {}],
    ["-u4", "udp", {}],
    ["-Uw", "udplite udplite6 raw raw6", {}],
    ["-v", "tcp tcp6 udp udp6 udplite udplite6 raw raw6", {}],
    ["-v6", "tcp6 udp6 udplite6 raw6", {}],
    ["-4 -6", "tcp tcp6 udp udp6", {}],
    ["-k", "tcp tcp6 udp udp6", { netns: { hostnetwork: true, netns: [], allnetns: true } }],
  ];
  await using cluster = await startAnswering(answers);
  for (const [flags, names, changes] of rows) {
    await cluster.talosctl(`netstat -n 10.0.0.1 ${flags}`.trim());

    const asked = cluster.calls.findLast(({ method }) => method === "Netstat");
    assert.deepEqual(asked?.request, {
      filter: "CONNECTED",
      feature: { pid: false },
      l4proto: protocols(names),
      netns: { hostnetwork: true, netns: [], allnetns: false },
      ...changes,
    }, flags);
  }
});

Deno.test("netstat completes pods that have a network", async () => {
  await using cluster = await startAnswering(answers);

  const found = await cluster.talosctl(["__complete", "netstat", "-n", "10.0.0.1", ""]);
  const failed = await cluster.talosctl(["__complete", "netstat", "-n", "10.0.0.9", ""]);

  assert.equal(found.stdout, "kube-system/b\n:4\n");
  assert.equal(failed.stdout, ":5\n");
});

function protocols(names: string): Record<string, boolean> {
  const all = ["tcp", "tcp6", "udp", "udp6", "udplite", "udplite6", "raw", "raw6"];
  return Object.fromEntries(all.map((name) => [name, names.split(" ").includes(name)]));
}
