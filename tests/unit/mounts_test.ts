/** `mounts`: the table of spec/machine-read.md 7. */

import assert from "node:assert/strict";
import { startAnswering, unreachable } from "../answering_nodes.ts";

const answers = {
  "machine.MachineService/Mounts": (_request: unknown, node: string) =>
    node === "10.0.0.9" ? unreachable() : {
      messages: [{
        stats: [
          {
            filesystem: "devtmpfs",
            size: "1000000000",
            available: "1000000000",
            mountedOn: "/dev",
          },
          { filesystem: "proc", size: "0", available: "0", mountedOn: "/proc" },
          {
            filesystem: "/dev/vda6",
            size: "12345678901",
            available: "345678901",
            mountedOn: "/var",
          },
        ],
      }],
    },
} as const;

Deno.test("mounts shows what has a size, in gigabytes, in the node's order", async () => {
  await using cluster = await startAnswering(answers);

  const outcome = await cluster.talosctl("mounts -n 10.0.0.9,10.0.0.1");

  const table =
    `NODE       FILESYSTEM   SIZE(GB)   USED(GB)   AVAILABLE(GB)   PERCENT USED   MOUNTED ON
10.0.0.1   devtmpfs     1.00       0.00       1.00            0.00%          /dev
10.0.0.1   /dev/vda6    12.35      12.00      0.35            97.20%         /var
`;
  assert.deepEqual(outcome, {
    code: 1,
    stdout: table,
    stderr: "error from node 10.0.0.9: rpc error: code = Unavailable desc = node is down\n",
  });
});

Deno.test("mounts -o name prints where each filesystem is", async () => {
  await using cluster = await startAnswering(answers);

  const { stdout } = await cluster.talosctl("mount -n 10.0.0.1 -o name");

  assert.equal(stdout, "/dev\n/var\n");
});
