/** Lists of resources: the first document must not wait for the last, and the time is to grow with the number alone. */

import { startCluster } from "./cluster_process.ts";
import { measure } from "./measure.ts";
import { type Bench, ours, printLine, ratio } from "./runs.ts";

const manyCount = 20_000;
const halfCount = manyCount / 2;
const fewCount = 20;
const words = ["get", "kernelparamstatuses", "-o", "yaml"];

/** `get -o yaml` of many resources beside half of them and few. */
export async function resources(bench: Bench): Promise<void> {
  const counts = [manyCount, halfCount, fewCount];
  await using _cluster = await startCluster(bench, {
    fileBytes: 0,
    logLines: 0,
    resources: counts,
  });
  const subjects = counts.map((count, index) => ({
    ...ours(bench, "bundle", [...words, "-n", `10.5.0.${index + 3}`]),
    name: `get of ${count}`,
  }));
  const figures = await measure(subjects, Math.ceil(bench.rounds / 4));

  const [many, half, few] = subjects.map(({ name }) => figures.get(name));
  const perItem = (figure: typeof many, count: number) =>
    ((figure?.wallMs ?? NaN) - (few?.wallMs ?? NaN)) / (count - fewCount);
  printLine("\nresources", "");
  printLine(
    `first document of ${manyCount}`,
    `time ${ratio(many?.firstMs, few?.firstMs)} of the first of ${fewCount} (at most 1.5)`,
  );
  printLine(
    `each document of ${manyCount}`,
    `time ${ratio(perItem(many, manyCount), perItem(half, halfCount))} of each of ${halfCount} ` +
      "(linear is 1)",
  );
}
