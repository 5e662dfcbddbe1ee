/** Writing the talosconfig when something goes wrong: whatever happens, a whole file is there. */

import assert from "node:assert/strict";
import { openHome } from "./program.ts";

Deno.test("merges at the same time all survive", async () => {
  await using home = await openHome();
  const names = ["a", "b", "c", "d"];
  for (const name of names) {
    await Deno.writeTextFile(`${home.folder}/${name}.yaml`, talosconfig(name, 1));
  }

  const ended = await Promise.all(
    names.map((name) => home.run(["config", "merge", `${home.folder}/${name}.yaml`])),
  );

  assert.deepEqual(
    ended.map(({ code, stderr }) => ({ code, stderr })),
    names.map(() => (
      { code: 0, stderr: "" }
    )),
  );
  assert.deepEqual(contextsIn(await Deno.readTextFile(home.talosconfig)), ["a0", "b0", "c0", "d0"]);
  assert.deepEqual(strangersIn(home.folder), []);
});

Deno.test("a process that is killed while it writes leaves the old file or the new one, and nobody waits for it", async () => {
  await using home = await openHome();
  // Large, so that there is something to interrupt.
  const old = talosconfig("context", 2000);
  await Deno.writeTextFile(home.talosconfig, old);

  for (let round = 0; round < 3; round++) {
    using watcher = Deno.watchFs(home.folder);
    const running = home.start(["config", "node", `10.5.0.${round}`]);
    await Promise.race([untilWriting(watcher), running.ended]);
    running.kill("SIGKILL");
    await running.ended;

    const text = await Deno.readTextFile(home.talosconfig);
    assert.equal(contextsIn(text).length, 2000);
    assert.ok(text.endsWith(old.slice(-100)), "cut off");
  }
  const { code, stderr } = await home.run(["config", "node", "10.5.0.9"]);

  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  assert.match(await Deno.readTextFile(home.talosconfig), / - 10\.5\.0\.9\n/);
});

Deno.test({
  name: "a full disk leaves the old file and nothing else, and says so",
  ignore: !canMount(),
}, async () => {
  await using home = await openHome();
  const disk = `${home.folder}/disk`;
  await Deno.mkdir(disk);
  command("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk);
  try {
    const path = `${disk}/talosconfig`;
    const old = talosconfig("context", 300);
    await Deno.writeTextFile(path, old);

    const { code, stderr } = await home.run(["config", "node", "10.5.0.2"], {
      env: { TALOSCONFIG: path },
    });

    assert.deepEqual({ code, stderr }, {
      code: 1,
      stderr: `error writing config: write ${path}: no space left on device\n`,
    });
    assert.equal(await Deno.readTextFile(path), old);
    assert.deepEqual([...Deno.readDirSync(disk)].map(({ name }) => name), ["talosconfig"]);
  } finally {
    command("umount", disk);
  }
});

/** Waits until a file is begun that is to take the place of another. */
async function untilWriting(watcher: Deno.FsWatcher): Promise<void> {
  for await (const { paths } of watcher) {
    if (paths.some((path) => path.endsWith(".tmp"))) return;
  }
}

/** A talosconfig as the program writes it. */
function talosconfig(name: string, count: number): string {
  const contexts = Array.from(
    { length: count },
    (_, index) =>
      `    ${name}${index}:\n        endpoints:\n            - 10.0.0.${index % 250}\n` +
      `        ca: ${"QUFB".repeat(20)}\n`,
  );
  return `context: ${name}0\ncontexts:\n${contexts.join("")}`;
}

function contextsIn(text: string): string[] {
  return Array.from(text.matchAll(/^ {4}(\w+):$/gm), ([, name = ""]) => name);
}

/** What is beside the talosconfig that no test has put there. */
function strangersIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => name.includes(".lock") || name.includes(".tmp"));
}

function canMount(): boolean {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  const folder = Deno.makeTempDirSync();
  try {
    return command("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder) &&
      command("umount", folder);
  } finally {
    Deno.removeSync(folder);
  }
}

function command(name: string, ...args: string[]): boolean {
  return new Deno.Command(name, { args, stdout: "null", stderr: "null" }).outputSync().success;
}
