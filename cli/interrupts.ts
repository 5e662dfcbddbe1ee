/** Ctrl-C and SIGTERM: the first one cancels what runs, the second one kills (spec/cli.md, 11). */

import type { Host } from "./host.ts";
import type { OutputWriter } from "./output_writer.ts";

/** Literal text of spec/cli.md 11. */
const notice = "Signal received, aborting, press Ctrl+C once again to abort immediately...";

/** A signal that aborts on the first interrupt, and how to stop listening. */
export interface Interrupts {
  signal: AbortSignal;
  release(): void;
  /** Leaves interrupts to another listener, which must be there already, until the returned function is called. */
  yieldTo(): () => void;
}

/** Listens from now on; the notice goes to where the errors go, which is waited for before the process ends. */
export function listenForInterrupts(host: Host, stderr: OutputWriter): Interrupts {
  const controller = new AbortController();
  const listen = () =>
    host.onInterrupt(() => {
      // Without a listener the next signal has its default effect: it ends the process.
      release();
      stderr.line(notice);
      controller.abort();
    });
  let release = listen();
  return {
    signal: controller.signal,
    release: () => release(),
    yieldTo() {
      release();
      return () => {
        if (!controller.signal.aborted) release = listen();
      };
    },
  };
}
