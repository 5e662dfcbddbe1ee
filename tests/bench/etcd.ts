/** Rate and memory of `etcd snapshot`, which saves and checks what it gets, against a grpc-js loop that drops it. */

import { startCluster } from "./cluster_process.ts";
import { measure } from "./measure.ts";
import { type Bench, bundled, ours, printLine, ratio, script } from "./runs.ts";

const mebibyte = 1024 * 1024;

/** Snapshots of 1 GiB, or of 256 MiB where that is enough. */
export async function etcd(bench: Bench): Promise<void> {
  const fileBytes = (bench.isFull ? 1024 : 256) * mebibyte;
  await using cluster = await startCluster(bench, { fileBytes, logLines: 0, resources: [] });
  const program = await bundled(bench, "plain_call.ts");
  const path = "/machine.MachineService/EtcdSnapshot";
  const plain = script(bench, "EtcdSnapshot", [program, cluster.folder, path]);
  const snapshot = ours(bench, "bundle", [
    "etcd",
    "snapshot",
    `${bench.work}/db.snapshot`,
    "-n",
    "10.5.0.2",
  ]);
  const figures = await measure(
    [plain, snapshot].map((subject) => ({ ...subject, isLong: true })),
    Math.ceil(bench.rounds / 7),
  );
  const [base, mine] = [figures.get(plain.name), figures.get(snapshot.name)];
  printLine(
    `\netcd snapshot of ${fileBytes / mebibyte} MiB (bundle)`,
    `rate ${ratio(base?.wallMs, mine?.wallMs)} of grpc-js (at least 0.9)   ` +
      `peak memory ${Math.round((mine?.peakBytes ?? NaN) / mebibyte)} MiB (constant)`,
  );
}
