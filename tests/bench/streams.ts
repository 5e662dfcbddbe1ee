/** Rates and memory of long streams, against a grpc-js loop that takes the same messages and drops them. */

import { CopyRequest, LogsRequest, ReadRequest } from "../../proto/gen/machine/machine.ts";
import { startCluster } from "./cluster_process.ts";
import { type Figure, measure } from "./measure.ts";
import { type Bench, bundled, ours, printLine, ratio, script } from "./runs.ts";

const mebibyte = 1024 * 1024;
const node = ["-n", "10.5.0.2"];
const peakGoalBytes = 200 * mebibyte;

/** Files and logs. */
export async function streams(bench: Bench): Promise<void> {
  const sizes = {
    fileBytes: (bench.isFull ? 1024 : 128) * mebibyte,
    logLines: bench.isFull ? 1_000_000 : 100_000,
    resources: [],
  };
  printLine("\nstreams", `${sizes.fileBytes / mebibyte} MiB, ${sizes.logLines} lines of a log`);
  await using cluster = await startCluster(bench, sizes);
  const program = await bundled(bench, "plain_call.ts");
  const plain = (name: string, request: Uint8Array) =>
    script(bench, name, [
      program,
      cluster.folder,
      `/machine.MachineService/${name}`,
      request.toBase64(),
    ]);
  const read = ReadRequest.encode({ path: "/var/big" }).finish();
  const copy = CopyRequest.encode({ rootPath: "/var/big" }).finish();
  const logs = LogsRequest.fromPartial({ namespace: "system", id: "big", tailLines: -1 });
  const prepare = () =>
    Deno.remove(`${bench.work}/copy`, { recursive: true }).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  const subjects = {
    read: ours(bench, "bundle", ["read", "/var/big", ...node]),
    archive: ours(bench, "bundle", ["cp", "/var/big", "-", ...node]),
    copy: {
      ...ours(bench, "bundle", ["cp", "/var/big", `${bench.work}/copy`, ...node], { prepare }),
      name: "cp /var/big FOLDER (bundle)",
    },
    logs: ours(bench, "bundle", ["logs", "big", ...node]),
    logSized: ours(bench, "bundle", ["read", "/var/log-sized", ...node]),
  };
  const plains = {
    read: plain("Read", read),
    copy: plain("Copy", copy),
    logs: plain("Logs", LogsRequest.encode(logs).finish()),
  };
  const figures = await measure(
    [...Object.values(plains), ...Object.values(subjects)].map((subject) => ({
      ...subject,
      isLong: true,
    })),
    Math.ceil(bench.rounds / 7),
    (name, figure) => printLine(name, `${seconds(figure.wallMs)}   ${peak(figure)}`),
  );

  const figure = ({ name }: { name: string }) => figures.get(name);
  for (const [ours, base] of [["read", "read"], ["archive", "copy"], ["copy", "copy"]] as const) {
    const [mine, plain] = [figure(subjects[ours]), figure(plains[base])];
    const rate = ratio(plain?.wallMs, mine?.wallMs);
    printLine(subjects[ours].name, `rate ${rate} of grpc-js (at least 0.9)   ${peak(mine)}`);
  }
  const [lines, sameBytes] = [figure(subjects.logs), figure(subjects.logSized)];
  const rate = ratio(sameBytes?.wallMs, lines?.wallMs);
  const same = ratio(figure(plains.logs)?.wallMs, lines?.wallMs);
  printLine(
    subjects.logs.name,
    `byte rate ${rate} of reading as much (at least 0.8), ${same} of grpc-js   ${peak(lines)}`,
  );
}

function seconds(wallMs: number): string {
  return `${(wallMs / 1000).toFixed(2)} s`;
}

function peak(figure: Figure | undefined): string {
  const usedBytes = figure?.peakBytes ?? NaN;
  return `peak memory ${Math.round(usedBytes / mebibyte)} MiB (under ${peakGoalBytes / mebibyte})`;
}
