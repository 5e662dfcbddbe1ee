/**
 * `deno task bench`: whole-process ratios, against a bare start of the runtime or a plain grpc-js program in the
 * same run. It prints; it never fails for being slow. Figures are medians.
 *
 * Words name groups of figures, default all; a number is how many rounds; `--full` takes the sizes of the goals.
 */

import { connecting, manyNodes } from "./connecting.ts";
import { etcd } from "./etcd.ts";
import { machineConfig } from "./machine_config.ts";
import { resources } from "./resources.ts";
import { plugins } from "./plugins.ts";
import { openBench } from "./runs.ts";
import { standalone } from "./standalone.ts";
import { startUp } from "./start_up.ts";
import { streams } from "./streams.ts";
import { tracker } from "./tracker.ts";

const groups = {
  "start-up": startUp,
  standalone,
  connecting,
  "many-nodes": manyNodes,
  streams,
  resources,
  "machine-config": machineConfig,
  tracker,
  etcd,
  plugins,
};

const names = Deno.args.filter((word) => word in groups);
const rounds = Number(Deno.args.find((word) => /^\d+$/.test(word)) ?? 21);
const bench = await openBench({ rounds, isFull: Deno.args.includes("--full") });
try {
  for (const [name, run] of Object.entries(groups)) {
    if (names.length === 0 || names.includes(name)) await run(bench);
  }
} finally {
  await Deno.remove(bench.work, { recursive: true });
}
