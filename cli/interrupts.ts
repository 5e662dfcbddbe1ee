/** Ctrl-C and SIGTERM: the first one cancels what runs, the second one kills (spec/cli.md, 11). */

import type { Host } from "./host.ts";

/** Literal text of spec/cli.md 11. */
const notice = "Signal received, aborting, press Ctrl+C once again to abort immediately...\n";

/** A signal that aborts on the first interrupt, and how to stop listening. */
export interface Interrupts {
  signal: AbortSignal;
  release(): void;
}

/** Listens from now on. */
export function listenForInterrupts(host: Host): Interrupts {
  const controller = new AbortController();
  const release = host.onInterrupt(() => {
    // Without a listener the next signal has its default effect: it ends the process.
    release();
    void host.stderr.write(new TextEncoder().encode(notice));
    controller.abort();
  });
  return { signal: controller.signal, release };
}
