/** Ending a sandbox that runs in a process of its own. */

import type { Provisioner } from "../../core/command.ts";

export const provisioner: Provisioner = {
  name: "sandbox",

  async destroy(folder, { note, signal }) {
    const { giveOrder, readRunning } = await import("./running.ts");
    const running = await readRunning(folder);
    if (running === undefined) return;
    note(`stopping sandbox process ${running.pid}`);
    // An order, not a signal: by now the pid may be another program's.
    await giveOrder(running, { kind: "stop" }, signal);
  },
};
