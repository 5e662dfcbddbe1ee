/**
 * A simulated cluster as a process of its own, holding what is large: a file, a log, resources. Prints one line when it
 * can be asked, and ends with its stdin. Words: a folder for credentials, and how much there is to be of each.
 */
// deno-lint-ignore-file no-console -- a program that prints

import { startSandbox } from "../../mod.ts";
import { etcdOf } from "../../plugins/sandbox/etcd/etcd_cluster.ts";
import type { FileContent } from "../../plugins/sandbox/system/file_tree.ts";
import { createGrowingLog } from "../../plugins/sandbox/system/growing_log.ts";
import { writeCredentials } from "./credentials.ts";

const [folder = "", sizeBytes, lineCount, ...resourceCounts] = Deno.args;
await using sandbox = await startSandbox({
  name: "big",
  controlPlanes: 1,
  workers: resourceCounts.length,
});
const [first, ...workers] = sandbox.nodes;
first?.files.write("/var/big", incompressible(Number(sizeBytes)));
etcdOf(sandbox).databaseBytes = Number(sizeBytes);
const history = Array.from(
  { length: Number(lineCount) },
  (_, index) =>
    `2026-11-21T10:26:00Z [info] line ${index} of a log that somebody will read one day`,
);
first?.files.write("/var/log-sized", incompressible(history.join("\n").length + 1));
first?.system.logs.put(
  "big",
  createGrowingLog({
    clock: sandbox.clock,
    history,
    capacityBytes: Infinity,
    sizeBytes: (line) => line.length,
  }),
);
for (const [worker, count] of resourceCounts.entries()) {
  for (let index = 0; index < Number(count); index++) {
    workers[worker]?.resources.put({
      namespace: "runtime",
      type: "KernelParamStatuses.runtime.talos.dev",
      id: `net.ipv4.parameter_${index}`,
      yamlSpec: `current: "${index}"\ndefault: "0"\nunsupported: false\n`,
      protoSpec: new Uint8Array(),
    });
  }
}
await writeCredentials(sandbox, folder);
console.log("ready");
for await (const _ of Deno.stdin.readable);

/** The same 64 KiB over and over: twice as far apart as gzip can see, so that a copy is as long as the file. */
function incompressible(sizeBytes: number): FileContent {
  const block = crypto.getRandomValues(new Uint8Array(64 * 1024));
  return {
    statedBytes: sizeBytes,
    *read() {
      for (let rest = sizeBytes; rest > 0; rest -= block.length) yield block.subarray(0, rest);
    },
  };
}
