/** A running container as the debug API sees it: input and signals go in, output and an exit status come out. */

import type { SandboxClock } from "../clock.ts";
import { defaultArgs, findProgram } from "./container_programs.ts";

/** What is run, and how. */
export interface ContainerOptions {
  args: readonly string[];
  /** It has a terminal: input is echoed, lines end as terminals want it, Ctrl-C and Ctrl-D are obeyed. */
  hasTerminal: boolean;
  clock: SandboxClock;
  /** Ends it. */
  signal: AbortSignal;
}

/** A container that runs. */
export interface RunningContainer {
  /** As it comes; ends with the container. */
  readonly output: AsyncIterable<Uint8Array>;
  readonly exitCode: Promise<number>;
  input(bytes: Uint8Array): void;
  endInput(): void;
  /** A POSIX signal; what it runs does not catch any. */
  kill(signal: number): void;
  resize(size: { width: number; height: number }): void;
}

const interrupt = 2;
const hangUp = 1;
const [endOfText, endOfTransmission, carriageReturn, newline] = [3, 4, 13, 10];

/** Starts it; undefined where there is no such program. */
export function startContainer(
  { args, hasTerminal, clock, signal }: ContainerOptions,
): RunningContainer | undefined {
  const [name = "", ...rest] = args.length === 0 ? defaultArgs : args;
  const program = findProgram(name);
  if (program === undefined) return undefined;

  const incoming = queueOf<Uint8Array>();
  const outgoing = queueOf<Uint8Array>();
  const life = new AbortController();
  const { promise: exitCode, resolve: exit } = Promise.withResolvers<number>();
  let size = hasTerminal ? { width: 80, height: 24 } : undefined;
  let line: number[] = [];

  const write = (output: string | Uint8Array) => {
    const bytes = typeof output === "string" ? new TextEncoder().encode(output) : output;
    outgoing.push(hasTerminal ? withCarriageReturns(bytes) : bytes);
  };
  const end = (status: number) => {
    life.abort();
    outgoing.end();
    exit(status);
  };
  const kill = (signal: number) => end(128 + signal);
  /** What a terminal makes of a key. */
  const type = (key: number) => {
    if (key === endOfText) return kill(interrupt);
    if (key === endOfTransmission && line.length === 0) return incoming.end();
    const byte = key === carriageReturn ? newline : key;
    write(Uint8Array.of(byte));
    line.push(byte);
    if (byte !== newline) return;
    incoming.push(Uint8Array.from(line));
    line = [];
  };

  signal.addEventListener("abort", () => kill(hangUp), { once: true });
  const around = { write, read: incoming.next, size: () => size, clock, signal: life.signal };
  void Promise.resolve(program(rest, around)).then(end);
  return {
    output: outgoing.all(),
    exitCode,
    input: (bytes) => hasTerminal ? bytes.forEach(type) : incoming.push(bytes),
    endInput: incoming.end,
    kill,
    resize: (given) => size = given,
  };
}

function withCarriageReturns(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(
    [...bytes].flatMap((byte) => byte === newline ? [carriageReturn, newline] : [byte]),
  );
}

/** Items that wait for their reader. */
function queueOf<T>() {
  const waiting: T[] = [];
  let isOver = false;
  let wake = () => {};
  const next = async (): Promise<T | undefined> => {
    while (waiting.length === 0 && !isOver) {
      await new Promise<void>((resolve) => wake = resolve);
    }
    return waiting.shift();
  };
  return {
    next,
    async *all(): AsyncGenerator<T> {
      for (let item = await next(); item !== undefined; item = await next()) yield item;
    },
    push(item: T): void {
      if (!isOver) waiting.push(item);
      wake();
    },
    end(): void {
      isOver = true;
      wake();
    },
  };
}
