/** `debug` as a process: input that stays open, and signals, which are the container's and not the program's. */

import assert from "node:assert/strict";
import { startSandbox } from "../../mod.ts";
import { processEnvironment } from "../process_environment.ts";

const programPath = new URL("../../cli/main.ts", import.meta.url).pathname;

for (const [signal, code] of [["SIGTERM", 143], ["SIGINT", 130], ["SIGHUP", 129]] as const) {
  Deno.test(`${signal} to a running debug ends the container, whose exit status is told`, async () => {
    await using sandbox = await startSandbox({ seed: 1, speed: 1000 });
    const home = await Deno.makeTempDir();
    await sandbox.writeTalosconfig(`${home}/talosconfig`);
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", programPath, "debug", "alpine", "--args", "cat", "-n", "10.5.0.2"],
      env: { ...processEnvironment(home), TALOSCONFIG: `${home}/talosconfig` },
      clearEnv: true,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const input = child.stdin.getWriter();
    const output = child.stdout.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
    const stderr = new Response(child.stderr).text();

    await input.write(new TextEncoder().encode("typed\n"));
    const { value } = await output.next();
    child.kill(signal);
    const { code: exit } = await child.status;

    assert.equal(value, "typed\n");
    assert.equal(exit, 1);
    assert.match(await stderr, new RegExp(`\\ncontainer exited with code ${code}\\n$`));
    await input.abort().catch(() => {}); // its reader is gone
    await output.return?.();
    await Deno.remove(home, { recursive: true });
  });
}
