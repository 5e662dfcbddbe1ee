/** `memory`: both tables of spec/machine-read.md 6. */

import assert from "node:assert/strict";
import { startAnswering, unreachable } from "../answering_nodes.ts";

// In kB, as nodes send them.
const meminfo = {
  memtotal: "2048000",
  memfree: "1024000",
  memavailable: "4999",
  buffers: "2047",
  cached: "1023",
  shmem: "4096",
  hugepagestotal: "7",
  hugepagesize: "2048",
  directmap1g: "25165824",
};

const answers = {
  "machine.MachineService/Memory": (_request: unknown, node: string) =>
    node === "10.0.0.9" ? unreachable() : { messages: [{ meminfo }] },
} as const;

Deno.test("memory shows whole mebibytes", async () => {
  await using cluster = await startAnswering(answers);

  const outcome = await cluster.talosctl("memory -n 10.0.0.1");

  const table = `NODE       TOTAL   USED   FREE   SHARED   BUFFERS   CACHE   AVAILABLE
10.0.0.1   2000    997    1000   4        1         0       4
`;
  assert.deepEqual(outcome, { code: 0, stdout: table, stderr: "" });
});

Deno.test("memory wraps around as the official client does when a node's figures do not add up", async () => {
  await using cluster = await startAnswering({
    "machine.MachineService/Memory": () => ({ messages: [{ meminfo: { memfree: "1024" } }] }),
  });

  const { stdout } = await cluster.talosctl("memory -n 10.0.0.1");

  assert.deepEqual(stdout.split("\n")[1]?.split(/ +/), [
    "10.0.0.1",
    "0",
    "18014398509481983",
    "1",
    "0",
    "0",
    "0",
    "0",
  ]);
});

Deno.test("memory --verbose prints all counters of each node in the kernel's order", async () => {
  await using cluster = await startAnswering(answers);

  const { code, stdout, stderr } = await cluster.talosctl("free -v -n 10.0.0.1,10.0.0.9,10.0.0.1");

  const blocks = stdout.split("NODE: 10.0.0.1\n");
  assert.equal(blocks.length, 3);
  assert.equal(blocks[1], blocks[2]);
  const lines = blocks[1]?.split("\n") ?? [];
  assert.deepEqual(lines.slice(0, 6), [
    "MemTotal: 2048000 kB",
    "MemFree: 1024000 kB",
    "MemAvailable: 4999 kB",
    "Buffers: 2047 kB",
    "Cached: 1023 kB",
    "SwapCached: 0 kB",
  ]);
  assert.deepEqual(lines.slice(-10), [
    "CmaFree: 0 kB",
    "HugePagesTotal: 7",
    "HugePagesFree: 0",
    "HugePagesRsvd: 0",
    "HugePagesSurp: 0",
    "Hugepagesize: 2048 kB",
    "DirectMap4k: 0 kB",
    "DirectMap2M: 0 kB",
    "DirectMap1G: 25165824 kB",
    "",
  ]);
  assert.equal(lines.length, 49);
  assert.equal(code, 1);
  assert.equal(
    stderr,
    "error from node 10.0.0.9: rpc error: code = Unavailable desc = node is down\n",
  );
});

Deno.test("memory -o json counts bytes", async () => {
  await using cluster = await startAnswering(answers);

  const { stdout } = await cluster.talosctl("memory -n 10.0.0.1 -o json");

  const record = JSON.parse(stdout);
  assert.deepEqual(
    [record.node, record.memtotal, record.hugepagestotal, record.hugepagesize],
    ["10.0.0.1", "2097152000", "7", "2097152"],
  );
});
