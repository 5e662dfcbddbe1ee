/** What a sandbox in a process of its own leaves in its cluster's folder: what it was asked for, and how to reach it. */

import { CliError } from "../../core/errors.ts";
import { writeFileAtomic } from "../../core/files/atomic.ts";
import { fileError } from "../../core/files/errors.ts";
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
  /** Leads to the nodes' own addresses, for who sets HTTPS_PROXY to it. */
  proxyUrl: string;
  /** `host:port` of each node in maintenance mode, when it started. */
  maintenanceEndpoints: readonly string[];
}

/** What a running sandbox can be told. */
export type Order =
  | { kind: "stop" }
  | { kind: "fault"; target: string; fault: FaultKind; options: FaultOptions }
  | { kind: "heal"; target: string }
  | { kind: "power-on"; target: string };

/** Keeps what the sandbox is to be. */
export async function writeOptions(folder: string, options: SandboxOptions): Promise<void> {
  await writeFileAtomic(optionsPath(folder), JSON.stringify(options, undefined, 2) + "\n");
}

/** Reads what {@linkcode writeOptions} kept. */
export async function readOptions(folder: string): Promise<SandboxOptions> {
  return parse(optionsPath(folder), await readText(optionsPath(folder)));
}

/** Tells others how to reach this process; from then on it counts as started. */
export async function writeRunning(folder: string, running: RunningSandbox): Promise<void> {
  await writeFileAtomic(runningPath(folder), JSON.stringify(running) + "\n");
}

/** How to reach the sandbox; undefined where none has started in this folder. */
export async function readRunning(folder: string): Promise<RunningSandbox | undefined> {
  const path = runningPath(folder);
  try {
    return parse(path, await readText(path));
  } catch (error) {
    const cause = error instanceof CliError ? error.cause : undefined;
    const isAbsent = cause instanceof Deno.errors.NotFound ||
      cause instanceof Deno.errors.NotADirectory;
    if (isAbsent) return undefined;
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

async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    throw fileError("open", path, error);
  }
}

/** What this program wrote itself, unless somebody else was at it. */
function parse<T>(path: string, text: string): T {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CliError(`reading ${path}: it is damaged`, {
      hint: "remove the cluster and create it again",
      cause,
    });
  }
}

function optionsPath(folder: string): string {
  return `${folder}/sandbox.json`;
}

function runningPath(folder: string): string {
  return `${folder}/running.json`;
}
