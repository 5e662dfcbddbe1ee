/**
 * A process of its own that runs random command lines, for what they may do to its folder: `command_lines.ts COUNT`.
 * It prints the words of each run and what is wrong with its outcome; `done` when all have ended.
 */

// deno-lint-ignore-file no-console -- its output is read by the test that starts it

import { startSandbox } from "../../mod.ts";
import { flagsFor, type IndexedCommand } from "../../core/command_index.ts";
import { parseIndex } from "../../core/stored_index.ts";
import { runProgram } from "../talosctl.ts";
import { choose, type Random, randomNumbers } from "./random.ts";

const index = parseIndex(
  Deno.readTextFileSync(new URL("../../cli/index.jsonl", import.meta.url)),
);
const implemented = index.commands.filter((command) => command.plugin !== "planned");

const values: [string, ...string[]] = [
  ...[
    "10.5.0.2",
    "10.5.0.3",
    "127.0.0.1:1",
    "members",
    "etcd",
    "kubelet",
    "talos-default",
  ] as const,
  ...["json", "yaml", "table", "name", "jsonpath={.node}", "jsonpath={", "true", "1", "-1"],
  ...["1h", "99999999999999999999", "", "-", "/", ".", "talosconfig", "/dev/null", "a=b", "a,b"],
  ...["\u{1f642}", "\x1b[31m", '"', "*", "@all", "https://127.0.0.1:1/", "{}", "[]", "0x10"],
];

const strays: [string, ...string[]] = [
  ...["--", "-", "--=", "---", "-=", "-x", "--nodes", "-n", "-n=", "--help", "-h", "help"] as const,
  ...["__complete", "__completeNoDesc", "completion", "--output", "-o", "nonsense", "=", " "],
];

/** A run is interrupted after this, and has to end within the other. */
const interruptAfterMs = 250;
const deadlineMs = 10_000;

const [count = "100"] = Deno.args;
await using sandbox = await startSandbox({ controlPlanes: 1, workers: 1 });
for (let seed = 1; seed <= Number(count); seed++) {
  const random = randomNumbers(seed);
  await sandbox.writeTalosconfig("talosconfig");
  const argv = someWords(random);
  console.log(JSON.stringify(argv));
  const problem = await problemOf(argv, choose(random, [true, false, false]));
  if (problem !== undefined) console.log(`seed ${seed}: ${problem}`);
}
console.log("done");
// What a command has left running must not keep the process.
Deno.exit();

function someWords(random: Random): string[] {
  const known = random(8) === 0 ? index.commands : implemented;
  const command = known[random(known.length)];
  if (command === undefined) return [];
  const words = [...command.path];
  for (let flags = random(4); flags > 0; flags--) words.push(...someFlag(command, random));
  for (let args = random(4); args > 0; args--) words.push(choose(random, values));
  if (random(3) > 0) words.push("-n", "10.5.0.2");
  if (random(3) === 0) words.splice(random(words.length + 1), random(2), choose(random, strays));
  return words;
}

function someFlag(command: IndexedCommand, random: Random): string[] {
  const flags = flagsFor(index, command);
  const { name = "help", flag } = flags[random(flags.length)] ?? {};
  const value = choose(random, values);
  const dashed = flag?.short !== undefined && random(2) === 0 ? `-${flag.short}` : `--${name}`;
  if (random(4) === 0 || flag?.type === "bool") return [dashed];
  return random(2) === 0 ? [dashed, value] : [`${dashed}=${value}`];
}

/** What is wrong with the outcome of a run. */
async function problemOf(argv: string[], isTerminal: boolean): Promise<string | undefined> {
  const interrupt = new AbortController();
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timers = [
    setTimeout(() => interrupt.abort(), interruptAfterMs),
    setTimeout(() => resolve(undefined), deadlineMs),
  ];
  const env = { HOME: Deno.cwd(), TALOSCONFIG: "talosconfig" };
  const options = { env, isTerminal, stdin: "n\n", interrupt: interrupt.signal };
  try {
    const outcome = await Promise.race([runProgram(argv, options), late]);
    if (outcome === undefined) return "hangs";
    const { code, stderr } = outcome;
    if (code !== 0 && code !== 1) return `status ${code}`;
    // What this process is not permitted to do is no fault of the program.
    if (/Requires \w+ access/.test(stderr)) return undefined;
    if (/internal error:|Uncaught|^ +at .+:\d+:\d+/m.test(stderr)) return stderr;
    return undefined;
  } catch (error) {
    return `throws ${error instanceof Error ? error.stack : error}`;
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}
