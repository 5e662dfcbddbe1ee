/**
 * `deno task bench`: whole-process ratios, against a bare start of the runtime or a plain grpc-js program in the
 * same run. It prints; it never fails for being slow. Figures are medians.
 */
// deno-lint-ignore-file no-console -- a program that prints

import { startSandbox } from "../../mod.ts";
import { processEnvironment } from "../process_environment.ts";
import { type Figure, measure, type Subject } from "./measure.ts";

const root = new URL("../..", import.meta.url).pathname;
const work = await Deno.makeTempDir({ prefix: "talosctl-bench-" });
const rounds = Number(Deno.args[0] ?? 21);
const deno = Deno.execPath();
const env = processEnvironment(work);

/** The program in its two forms, with the ratio each may reach. */
const forms = { bundle: `${root}dist/cli/main.js`, source: `${root}cli/main.ts` };

/** A figure beside what it is measured against. */
interface Line {
  name: string;
  figure: Figure | undefined;
  base: Figure | undefined;
  goals: string;
}

try {
  await startUp();
  await connecting();
  await manyNodes();
} finally {
  await Deno.remove(work, { recursive: true });
}

async function startUp(): Promise<void> {
  await Deno.writeTextFile(`${work}/empty.ts`, "");
  await Deno.mkdir(`${work}/.talos`);
  await Deno.writeTextFile(
    `${work}/.talos/config`,
    "context: a\ncontexts:\n    a:\n        endpoints: []\n",
  );
  const lines = [
    { words: ["--help"], goals: { bundle: 1.4, source: 2.0 } },
    { words: ["completion", "bash"], goals: { bundle: 1.4, source: 2.0 } },
    { words: ["--no-such-flag"], goals: { bundle: 1.4, source: 2.0 }, exitCode: 1 },
    { words: ["config", "contexts"], goals: { bundle: 1.8, source: 2.6 } },
  ];
  const bare = { name: "bare", command: [deno, "run", `${work}/empty.ts`], env };
  const subjects = lines.flatMap(({ words, exitCode = 0 }) => inBothForms(words, exitCode));
  const figures = await measure([bare, ...subjects], rounds);
  print(
    "start-up, against a bare start",
    lines.flatMap(({ words, goals }) =>
      (["bundle", "source"] as const).map((form) => ({
        name: `${words.join(" ")} (${form})`,
        figure: figures.get(`${words.join(" ")} (${form})`),
        base: figures.get("bare"),
        goals: `wall at most ${goals[form]}`,
      }))
    ),
  );
}

function inBothForms(words: readonly string[], exitCode = 0): Subject[] {
  return Object.entries(forms).map(([form, program]) => ({
    name: `${words.join(" ")} (${form})`,
    command: [deno, "run", "-A", program, ...words],
    env,
    exitCode,
  }));
}

async function connecting(): Promise<void> {
  await using sandbox = await startSandbox({ name: "bench", controlPlanes: 1 });
  await sandbox.writeTalosconfig(`${work}/.talos/config`);
  const plain = await plainProgram(sandbox);
  const words = ["version", "-n", "10.5.0.2"];
  const figures = await measure([plain, ...inBothForms(words)], rounds);
  const [bundle, source] = inBothForms(words);
  print(
    "one call, against a bundled grpc-js program that makes the same call",
    [
      { name: bundle?.name ?? "", goals: "wall at most 1.15, memory 1.2" },
      { name: source?.name ?? "", goals: "wall at most 1.5, memory 1.2" },
    ].map(({ name, goals }) => ({
      name,
      figure: figures.get(name),
      base: figures.get(plain.name),
      goals,
    })),
  );
}

type Cluster = Awaited<ReturnType<typeof startSandbox>>;

/** The same call with grpc-js alone, bundled; its credentials lie in files. */
async function plainProgram(sandbox: Cluster): Promise<Subject> {
  const folder = `${work}/plain`;
  await Deno.mkdir(folder);
  const { contexts, context } = await sandbox.talosconfig();
  const { ca = "", crt = "", key = "" } = contexts.get(context) ?? {};
  for (const [name, text] of Object.entries({ ca, crt, key })) {
    const pem = atob(text).replaceAll("ED25519 PRIVATE KEY", "PRIVATE KEY");
    await Deno.writeTextFile(`${folder}/${name}.pem`, pem);
  }
  const program = `${folder}/plain_version.js`;
  const { success, stderr } = await new Deno.Command(deno, {
    args: [
      "bundle",
      "--minify",
      "--platform=deno",
      "-o",
      program,
      `${root}tests/bench/plain_version.ts`,
    ],
    cwd: root,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const [endpoint = ""] = sandbox.endpoints;
  const [node] = sandbox.nodes;
  return {
    name: "grpc-js alone",
    command: [deno, "run", "-A", program, endpoint, node?.hostname ?? "", folder],
    env,
  };
}

async function manyNodes(): Promise<void> {
  await using sandbox = await startSandbox({ name: "many", controlPlanes: 1, workers: 999 });
  await sandbox.writeTalosconfig(`${work}/.talos/config`);
  const addresses = sandbox.nodes.flatMap(({ addresses: [first = ""] }) => [first]);
  const subjects = [1, 100, 1000].map((count) => ({
    name: `version of ${count} nodes`,
    command: [
      deno,
      "run",
      "-A",
      forms.bundle,
      "version",
      "-n",
      addresses.slice(0, count).join(","),
    ],
    env,
  }));
  const figures = await measure(subjects, Math.ceil(rounds / 4));
  const one = figures.get("version of 1 nodes")?.wallMs ?? NaN;
  const perNode = (count: number) =>
    ((figures.get(`version of ${count} nodes`)?.wallMs ?? NaN) - one) / (count - 1);
  console.log("\nmany nodes: time for each further node");
  console.log(
    `  of 1,000 against of 100: ${(perNode(1000) / perNode(100)).toFixed(2)} (linear is 1)`,
  );
}

function print(title: string, lines: readonly Line[]): void {
  console.log(`\n${title}`);
  for (const { name, figure, base, goals } of lines) {
    const wall = ratio(figure?.wallMs, base?.wallMs);
    const memory = ratio(figure?.peakBytes, base?.peakBytes);
    console.log(`  ${name.padEnd(40)} wall ${wall}   peak memory ${memory}   (${goals})`);
  }
}

function ratio(value = NaN, base = NaN): string {
  return (value / base).toFixed(2);
}
