/** Random command lines: each ends with status 0 or 1, in time, and no error is the program's own. */

import assert from "node:assert/strict";
import { processEnvironment } from "../process_environment.ts";

const script = new URL("command_lines.ts", import.meta.url).pathname;
const root = new URL("../..", import.meta.url).pathname;

/** The last of them to run is the one to look at when the whole does not end. */
const deadlineMs = 90_000;

Deno.test("random command lines end with status 0 or 1 and a text for the user", async () => {
  const folder = await Deno.makeTempDir();
  // It may change its own folder only, and start nothing.
  const args = [
    "run",
    "--no-prompt",
    "--allow-env",
    "--allow-sys",
    "--allow-net=127.0.0.1",
    "--allow-read",
  ];
  const process = new Deno.Command(Deno.execPath(), {
    args: [...args, `--config=${root}deno.json`, `--allow-write=${folder}`, script, "800"],
    cwd: folder,
    env: processEnvironment(folder),
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const deadline = setTimeout(() => process.kill("SIGKILL"), deadlineMs);
  try {
    const output = await process.output();
    const lines = new TextDecoder().decode(output.stdout).trimEnd().split("\n");
    const problems = lines.flatMap((line, position) =>
      line.startsWith("[") || line === "done" ? [] : [`${lines[position - 1]} ${line}`]
    );
    assert.deepEqual(problems, []);
    assert.equal(lines.at(-1), "done", new TextDecoder().decode(output.stderr));
  } finally {
    clearTimeout(deadline);
    await Deno.remove(folder, { recursive: true });
  }
});
