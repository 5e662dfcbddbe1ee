/** `processes`: the table of spec/machine-read.md 5, and its two orders. */

import assert from "node:assert/strict";
import { startAnswering, unreachable } from "../answering_nodes.ts";

const threads = {
  pid: 2,
  state: "S",
  threads: 1,
  cpuTime: 0,
  command: "kthreadd",
};
const containerd = {
  pid: 33,
  state: "R",
  threads: 2,
  cpuTime: 100.005,
  virtualMemory: "9",
  residentMemory: "999999",
  command: "containerd",
  executable: "/bin/containerd",
  args: "/bin/containerd -c x",
};
const init = {
  pid: 1,
  state: "S",
  threads: 12,
  cpuTime: 3.456,
  virtualMemory: "1300000000",
  residentMemory: "100000000",
  command: "init",
  executable: "/sbin/init",
  args: "init --x\x01y é",
  label: "system_u:system_r:init_t:s0",
};

const answers = {
  "machine.MachineService/Processes": (_request: unknown, node: string) =>
    node === "10.0.0.9"
      ? unreachable()
      : { messages: [{ processes: [threads, containerd, init] }] },
} as const;

const header = "NODE       PID   STATE   THREADS   CPU-TIME   VIRTMEM   RESMEM    " +
  "LABEL                         COMMAND\n";
const initRow = "10.0.0.1   1     S       12        3.46       1.3 GB    100 MB    " +
  "system_u:system_r:init_t:s0   /sbin/init --x y  \n";
const containerdRow = "10.0.0.1   33    R       2         100.00     9 B       1000 kB   " +
  "                              /bin/containerd -c x\n";
const threadsRow = "10.0.0.1   2     S       1         0.00       0 B       0 B       " +
  "                              kthreadd\n";

Deno.test("processes lists the largest first, with commands that are safe to print", async () => {
  await using cluster = await startAnswering(answers);

  const outcome = await cluster.talosctl("processes -n 10.0.0.1");
  const byWord = await cluster.talosctl("ps -s anything -n 10.0.0.1");

  const stdout = header + initRow + containerdRow + threadsRow;
  assert.deepEqual(outcome, { code: 0, stdout, stderr: "" });
  assert.deepEqual(byWord, outcome);
});

Deno.test("processes --sort cpu lists the busiest first", async () => {
  await using cluster = await startAnswering(answers);

  const { stdout } = await cluster.talosctl("p -n 10.0.0.1 --sort cpu");

  assert.equal(stdout, header + containerdRow + initRow + threadsRow);
});

Deno.test("processes reports a failed node behind the others' rows", async () => {
  await using cluster = await startAnswering(answers);

  const outcome = await cluster.talosctl("processes -n 10.0.0.9,10.0.0.1");

  assert.deepEqual(outcome, {
    code: 1,
    stdout: header + initRow + containerdRow + threadsRow,
    stderr: "error from node 10.0.0.9: rpc error: code = Unavailable desc = node is down\n",
  });
});

Deno.test("processes has no watch mode", async () => {
  await using cluster = await startAnswering({});

  const { code, stderr } = await cluster.talosctl("processes -n 10.0.0.1 -w");

  assert.equal(code, 1);
  assert.match(stderr, /^unknown shorthand flag: 'w' in -w\n/);
});

Deno.test("processes prints bytes and seconds to programs, and pids as names", async () => {
  await using cluster = await startAnswering(answers);

  const names = await cluster.talosctl("processes -n 10.0.0.1 -o name");
  const seconds = await cluster.talosctl("processes -n 10.0.0.1 -o jsonpath={.cpuTime}");
  const bytes = await cluster.talosctl("processes -n 10.0.0.1 -o jsonpath={.residentMemory}");

  assert.equal(names.stdout, "1\n33\n2\n");
  assert.equal(seconds.stdout, "3.456\n100.005\n0\n");
  assert.equal(bytes.stdout, "100000000\n999999\n0\n");
});
