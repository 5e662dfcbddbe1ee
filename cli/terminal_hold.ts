/** The terminal in raw mode with its signals as events, for commands that stand between it and something else. */

import type { TerminalEvent, TerminalHold, TerminalSize } from "../core/command.ts";

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 } as const;

/** Takes it over. Where standard input is no terminal, only signals are. */
export function takeOverTerminal(): TerminalHold {
  const isTerminal = Deno.stdin.isTerminal();
  const { events, push, end } = eventQueue();
  const release = new DisposableStack();
  for (const [signal, number] of Object.entries(signalNumbers)) {
    listen(release, signal as keyof typeof signalNumbers, () => push({ kind: "signal", number }));
  }
  if (isTerminal) {
    listen(release, "SIGWINCH", () => push({ kind: "resize", size: Deno.consoleSize() }));
    Deno.stdin.setRaw(true);
    release.defer(() => Deno.stdin.setRaw(false));
  }
  return {
    get size(): TerminalSize | undefined {
      return isTerminal ? Deno.consoleSize() : undefined;
    },
    events,
    [Symbol.asyncDispose]() {
      release.dispose();
      end();
      return Promise.resolve();
    },
  };
}

function listen(release: DisposableStack, signal: Deno.Signal, callback: () => void): void {
  Deno.addSignalListener(signal, callback);
  release.defer(() => Deno.removeSignalListener(signal, callback));
}

/** Events that wait to be read; they are few. */
function eventQueue() {
  const waiting: TerminalEvent[] = [];
  let isOver = false;
  let wake = () => {};
  async function* events(): AsyncGenerator<TerminalEvent> {
    while (true) {
      const event = waiting.shift();
      if (event !== undefined) yield event;
      else if (isOver) return;
      else await new Promise<void>((resolve) => wake = resolve);
    }
  }
  return {
    events: events(),
    push(event: TerminalEvent) {
      waiting.push(event);
      wake();
    },
    end() {
      isOver = true;
      wake();
    },
  };
}
