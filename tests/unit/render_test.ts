/** What a user sees while a command still runs: rows of fast nodes do not wait for slow ones. */

import assert from "node:assert/strict";
import { startSandbox } from "../../mod.ts";
import { runProgram } from "../talosctl.ts";

Deno.test("a table shows the rows it has when no answer came for a while, and aligns later ones anew", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 1, workers: 1 });
  const talosconfig = await Deno.makeTempFile();
  await sandbox.writeTalosconfig(talosconfig);
  await sandbox.fault("10.5.0.3", "slow", { delayMs: 1500 });
  const pieces: string[] = [];

  const { code } = await runProgram(["mounts", "-n", "10.5.0.2,10.5.0.3"], {
    env: { TALOSCONFIG: talosconfig },
    onStdout: (bytes) => void pieces.push(new TextDecoder().decode(bytes)),
  });

  await Deno.remove(talosconfig);
  const [first = "", ...later] = pieces;
  assert.equal(code, 0);
  assert.match(first, /^NODE +FILESYSTEM .*\n10\.5\.0\.2 /);
  assert.doesNotMatch(first, /10\.5\.0\.3/);
  assert.match(later.join(""), /^10\.5\.0\.3 {3}\S/);
});
