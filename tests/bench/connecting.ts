/** What one call costs, as a whole process, and one call to many nodes. */
// deno-lint-ignore-file no-console -- prints the figures

import { startSandbox } from "../../mod.ts";
import { writeCredentials } from "./credentials.ts";
import { measure } from "./measure.ts";
import { type Bench, bundled, ours, print, ratio, script } from "./runs.ts";

/** Short commands against a bundled grpc-js program that makes one call. */
export async function connecting(bench: Bench): Promise<void> {
  await using sandbox = await startSandbox({ name: "bench", controlPlanes: 1 });
  const folder = `${bench.work}/connecting`;
  await Deno.mkdir(folder);
  await writeCredentials(sandbox, folder);
  await Deno.rename(`${folder}/talosconfig`, `${bench.work}/.talos/config`);
  const program = await bundled(bench, "plain_call.ts");
  const plain = script(bench, "grpc-js alone", [
    program,
    folder,
    "/machine.MachineService/Version",
  ]);

  const version = ["version", "-n", "10.5.0.2"];
  const members = ["get", "members", "-n", "10.5.0.2"];
  const subjects = [
    { subject: ours(bench, "bundle", version), goals: "wall at most 1.15, memory 1.2" },
    { subject: ours(bench, "source", version), goals: "wall at most 1.5, memory 1.2" },
    { subject: ours(bench, "bundle", members), goals: "wall at most 1.4" },
  ];
  const figures = await measure(
    [plain, ...subjects.map(({ subject }) => subject)],
    bench.rounds,
  );
  print(
    "short commands, against a bundled grpc-js program that makes one call",
    subjects.map(({ subject: { name }, goals }) => ({
      name,
      figure: figures.get(name),
      base: figures.get(plain.name),
      goals,
    })),
  );
}

/** One command to up to 1,000 nodes. */
export async function manyNodes(bench: Bench): Promise<void> {
  await using sandbox = await startSandbox({ name: "many", controlPlanes: 1, workers: 999 });
  await sandbox.writeTalosconfig(`${bench.work}/.talos/config`);
  const addresses = sandbox.nodes.flatMap(({ addresses: [first = ""] }) => [first]);
  const subjects = [1, 100, 1000].map((count) => ({
    ...ours(bench, "bundle", ["version", "-n", addresses.slice(0, count).join(",")]),
    name: `version of ${count} nodes`,
  }));
  const figures = await measure(subjects, Math.ceil(bench.rounds / 4));
  const one = figures.get("version of 1 nodes")?.wallMs ?? NaN;
  const perNode = (count: number) =>
    ((figures.get(`version of ${count} nodes`)?.wallMs ?? NaN) - one) / (count - 1);
  console.log("\nmany nodes: time for each further node");
  console.log(`  of 1,000 against of 100: ${ratio(perNode(1000), perNode(100))} (linear is 1)`);
}
