/** What a sandbox in a process of its own leaves in its cluster's folder: what it was asked for, and how to reach it. */

import { CliError } from "../../core/errors.ts";
import { writeFileAtomic } from "../../core/files/atomic.ts";
import type { FaultKind } from "./fault_kinds.ts";
import type { FaultOptions } from "./faults.ts";
import type { SandboxOptions } from "./start.ts";

/** A running sandbox, as other processes know it. Readable by its owner alone. */
export interface RunningSandbox {
  pid: number;
  /** Where it takes orders, on the loopback network. */
  controlUrl: string;
  /** Shown with every order. */
  token: string;
}

/** What a running sandbox can be told. */
export type Order =
  | { kind: "stop" }
  | { kind: "fault"; target: string; fault: FaultKind; options: FaultOptions }
  | { kind: "heal"; target: string };

/** Keeps what the sandbox is to be. */
export async function writeOptions(folder: string, options: SandboxOptions): Promise<void> {
  await writeFileAtomic(optionsPath(folder), JSON.stringify(options, undefined, 2) + "\n");
}

/** Reads what {@linkcode writeOptions} kept. */
export async function readOptions(folder: string): Promise<SandboxOptions> {
  return JSON.parse(await Deno.readTextFile(optionsPath(folder)));
}

/** Tells others how to reach this process; from then on it counts as started. */
export async function writeRunning(folder: string, running: RunningSandbox): Promise<void> {
  await writeFileAtomic(runningPath(folder), JSON.stringify(running) + "\n");
}

/** How to reach the sandbox; undefined where none has started in this folder. */
export async function readRunning(folder: string): Promise<RunningSandbox | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(runningPath(folder)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/**
 * Gives an order and waits until it is carried out.
 *
 * @returns False where the process is gone.
 * @throws {CliError} with the reason of a refusal
 */
export async function giveOrder(
  { controlUrl, token }: RunningSandbox,
  order: Order,
  signal: AbortSignal,
): Promise<boolean> {
  let response: Response;
  try {
    response = await fetch(controlUrl, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(order),
      signal,
    });
  } catch (error) {
    // Nobody listens: the process has ended without anybody's order.
    if (error instanceof TypeError) return false;
    throw error;
  }
  const text = await response.text();
  if (response.ok) return true;
  throw new CliError(`sandbox order "${order.kind}": ${text}`);
}

function optionsPath(folder: string): string {
  return `${folder}/sandbox.json`;
}

function runningPath(folder: string): string {
  return `${folder}/running.json`;
}
