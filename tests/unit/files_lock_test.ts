/** The lock around reading, changing and writing a file. */

import assert from "node:assert/strict";
import { withLock } from "../../core/files/lock.ts";

const filesUrl = new URL("../../core/files/", import.meta.url).href;

Deno.test("two processes that add to a counter lose no step and leave no lock file", async () => {
  const directory = await Deno.makeTempDir();
  const file = `${directory}/counter`;
  const script = `
    import { withLock } from "${filesUrl}lock.ts";
    import { writeFileAtomic } from "${filesUrl}atomic.ts";
    const file = ${JSON.stringify(file)};
    for (let round = 0; round < 100; round++) {
      await withLock(file, async () => {
        const count = Number(await Deno.readTextFile(file));
        await writeFileAtomic(file, String(count + 1));
      });
    }`;
  Deno.writeTextFileSync(file, "0");

  const add = new Deno.Command(Deno.execPath(), { args: ["eval", "--quiet", script] });
  const results = await Promise.all([add.output(), add.output()]);

  const errors = results.map(({ stderr }) => new TextDecoder().decode(stderr));
  assert.deepEqual([errors, Deno.readTextFileSync(file)], [["", ""], "200"]);
  assert.deepEqual(Array.from(Deno.readDirSync(directory), ({ name }) => name), ["counter"]);
  await Deno.remove(directory, { recursive: true });
});

Deno.test("of many that wait for a lock, only one at a time is let in", async () => {
  const directory = await Deno.makeTempDir();
  let inside = 0;
  let most = 0;
  const enter = () =>
    withLock(`${directory}/config`, async () => {
      most = Math.max(most, ++inside);
      await Deno.stat(directory);
      inside--;
    });

  await Promise.all(Array.from({ length: 100 }, enter));

  assert.equal(most, 1);
  await Deno.remove(directory, { recursive: true });
});

Deno.test("a killed process's lock is free at once, and its lock file goes with the next use", async () => {
  const directory = await Deno.makeTempDir();
  const file = `${directory}/config`;
  const script = `
    import { withLock } from "${filesUrl}lock.ts";
    await withLock(${JSON.stringify(file)}, async () => {
      console.log("held");
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    });`;
  await using holder = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", script],
    stdout: "piped",
  }).spawn();
  const output = holder.stdout.getReader();
  await output.read();

  await assert.rejects(withLock(file, () => Promise.resolve(), { timeoutMs: 0 }), {
    message: `lock ${file}.lock: held by another process for 0 s`,
  });
  holder.kill("SIGKILL");
  await holder.status;
  await output.cancel();
  const answer = await withLock(file, () => Promise.resolve("mine"), { timeoutMs: 0 });

  assert.equal(answer, "mine");
  assert.deepEqual(Array.from(Deno.readDirSync(directory)), []);
  await Deno.remove(directory, { recursive: true });
});

Deno.test("waiting for a lock ends with the signal's reason", async () => {
  const directory = await Deno.makeTempDir();
  const aborter = new AbortController();

  await withLock(`${directory}/config`, async () => {
    const waiting = withLock(`${directory}/config`, () => Promise.resolve(), {
      signal: aborter.signal,
    });
    aborter.abort(new Error("interrupted"));
    await assert.rejects(waiting, { message: "interrupted" });
  });

  await Deno.remove(directory, { recursive: true });
});
