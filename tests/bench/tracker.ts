/** What it takes to track 100 nodes through a reboot: the share of one processor core, in plain lines and on a terminal. */
// deno-lint-ignore-file no-console -- prints the figures

import * as events from "../event_messages.ts";
import { actorId, startScriptedNodes, unavailable } from "../scripted_nodes.ts";
import { type Bench, ours } from "./runs.ts";

const nodeCount = 100;
/** For so many attempts, a second apart, nodes are away. */
const attemptsAway = 4;
/** A new boot is so many events, so far apart. */
const boot = { eventCount: 100, pauseMs: 50 };

/** Every node restarts at once; the nodes' side runs in this process, whose share does not count. */
export async function tracker(bench: Bench): Promise<void> {
  console.log(`\ntracking ${nodeCount} nodes: share of one core (goal: at most 50 %)`);
  for (const isTerminal of [false, true]) {
    await using nodes = await startScriptedNodes({
      streams: [
        { events: [events.sequence("reboot", "START", actorId)], end: "holds" },
        ...Array(attemptsAway).fill({ events: [], end: unavailable }),
        { events: bootEvents, end: "holds" },
      ],
      bootIds: ["one", "one", "two"],
    });
    await Deno.copyFile(nodes.talosconfigPath, `${bench.work}/.talos/config`);
    const names = Array.from({ length: nodeCount }, (_, index) => `10.5.1.${index}`);
    const words = ["reboot", "--yes", "-n", names.join(",")];
    const { busyS, wallS } = await cpuTime(bench, ours(bench, "bundle", words).command, isTerminal);
    const share = (100 * busyS / wallS).toFixed(0);
    const where = isTerminal ? "on a terminal" : "plain lines";
    console.log(
      `  ${where.padEnd(44)} ${share} % (${busyS.toFixed(1)} s of ${wallS.toFixed(1)} s)`,
    );
  }
}

/** A boot as long as a real one; the last event ends the tracking. */
async function* bootEvents(): AsyncGenerator<object> {
  for (let index = 0; index < boot.eventCount; index++) {
    yield events.serviceState(`service-${index}`, "Health check successful", true);
    await new Promise((resolve) => setTimeout(resolve, boot.pauseMs));
  }
  yield events.machineStatus("RUNNING", true);
}

/** The processor time of a command, start included, and how long it took. */
async function cpuTime(
  { work, env }: Bench,
  command: readonly string[],
  isTerminal: boolean,
): Promise<{ busyS: number; wallS: number }> {
  const times = `${work}/times`;
  const words = command.map((word) => `'${word}'`).join(" ");
  const timed = `TIMEFORMAT="%U %S %R"; { time ${words} 2>&3; } 3>&2 2>'${times}'`;
  const inBash = ["bash", "-c", timed];
  const quoted = inBash.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  const [program = "", ...args] = isTerminal ? ["script", "-qec", quoted, "/dev/null"] : inBash;
  const { success, stdout, stderr } = await new Deno.Command(program, { args, env }).output();
  if (!success) throw new Error(new TextDecoder().decode(isTerminal ? stdout : stderr));
  const text = await Deno.readTextFile(times);
  const [user = NaN, system = NaN, wallS = NaN] = text.trim().split(" ").map(Number);
  return { busyS: user + system, wallS };
}
