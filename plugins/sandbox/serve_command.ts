/** `talosctl cluster sandbox-serve`: the process of a sandbox, started by `cluster create sandbox` and by nobody else. */

import type { Command } from "../../core/command.ts";

export const serve: Command = {
  path: ["cluster", "sandbox-serve"],
  usage: "<folder>",
  summary: "Run the simulated cluster that a folder describes",
  hidden: true,
  args: { rule: "exact", min: 1 },
  flags: {},
  targets: "none",

  async run({ args: [folder = ""], signal }) {
    const { serveSandbox } = await import("./serve.ts");
    try {
      await serveSandbox(folder, signal);
    } catch (error) {
      // Nobody sees the output of this process: who started it reads the reason here.
      const reason = error instanceof Error ? error.message : String(error);
      try {
        await Deno.writeTextFile(`${folder}/sandbox.log`, `${reason}\n`, { append: true });
      } catch {
        // Without the folder nobody waits for it either; the error below says what is wrong.
      }
      throw error;
    }
  },
};
