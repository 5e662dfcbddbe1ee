/** What goes to the container: its specification, then what is typed, signals and sizes of the terminal, as they come. */

import type { DeepPartial } from "../../core/client/talos.ts";
import type { Context, TerminalHold } from "../../core/command.ts";
import type { ContainerdInstance } from "../../core/containerd_instance.ts";
import { mergeArrivals } from "../../core/merge_arrivals.ts";
import type { DebugContainerRunRequest } from "../../proto/gen/machine/debug.ts";

/** What runs on the node. */
export interface Container {
  containerd: ContainerdInstance;
  imageName: string;
  args: readonly string[];
}

/** The user's side of a running container; the terminal is theirs again when it is disposed of. */
export interface Session extends AsyncDisposable {
  readonly requests: AsyncIterable<Request>;
  /** Somebody is at the terminal, and its input has not ended. */
  readonly isTyping: boolean;
}

type Request = DeepPartial<DebugContainerRunRequest>;

const stdinChunkBytes = 1024;

/** Takes the terminal over: from now on keys and signals are for the container. */
export async function openSession(
  { stdin, terminal }: Pick<Context, "stdin" | "terminal">,
  { args, ...container }: Container,
): Promise<Session> {
  const hold = await terminal.takeOver();
  let isTyping = terminal.isInteractive;
  async function* requests(): AsyncGenerator<Request> {
    const tty = terminal.isInteractive;
    yield { spec: { ...container, args: [...args], profile: "PROFILE_PRIVILEGED", tty } };
    if (hold.size !== undefined) yield { termResize: sizeOf(hold.size) };
    yield* mergeArrivals([typed(), events(hold)]);
  }
  async function* typed(): AsyncGenerator<Request> {
    for await (const chunk of stdin) {
      for (let at = 0; at < chunk.length; at += stdinChunkBytes) {
        yield { stdinData: chunk.subarray(at, at + stdinChunkBytes) };
      }
    }
    isTyping = false;
    // Behind its end nothing can be sent any more, so signals are for this program again.
    await hold[Symbol.asyncDispose]();
  }
  return {
    requests: requests(),
    get isTyping() {
      return isTyping;
    },
    [Symbol.asyncDispose]: () => hold[Symbol.asyncDispose](),
  };
}

async function* events(hold: TerminalHold): AsyncGenerator<Request> {
  for await (const event of hold.events) {
    yield event.kind === "signal" ? { signal: event.number } : { termResize: sizeOf(event.size) };
  }
}

function sizeOf({ columns, rows }: { columns: number; rows: number }) {
  return { width: columns, height: rows };
}
