/** A talosconfig on disk: created, changed by several at once, interrupted, protected. */

import assert from "node:assert/strict";
import { editTalosconfig, openTalosconfig } from "../../core/talosconfig/file.ts";
import { emptyTalosconfigContext } from "../../core/talosconfig/talosconfig.ts";

const fileUrl = new URL("../../core/talosconfig/file.ts", import.meta.url).href;
const configPath = new URL("../../deno.json", import.meta.url).pathname;

/** A process that adds contexts `<name>-0`, `<name>-1`, … one by one, and says so after each. */
function adder(path: string, name: string, count: number): Deno.Command {
  const script = `
    import { editTalosconfig } from "${fileUrl}";
    const context = { ca: "x".repeat(20_000), crt: "", key: "", auth: {}, cluster: "", proxyUrl: "" };
    for (let index = 0; index < ${count}; index++) {
      const place = { path: ${JSON.stringify(path)}, canWrite: true };
      await editTalosconfig(place, ({ contexts }) => contexts.set("${name}-" + index, context));
      console.log(index);
    }`;
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--quiet",
      `--config=${configPath}`,
      `data:text/typescript,${encodeURIComponent(script)}`,
    ],
    stdout: "piped",
  });
}

async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const addContext = (path: string) =>
  editTalosconfig({ path, canWrite: true }, ({ contexts }) => {
    contexts.set("added", emptyTalosconfigContext());
  });

Deno.test("opening an absent talosconfig creates it, for its owner alone", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a/b/config`;

    await openTalosconfig({ path, canWrite: true });

    assert.equal(await Deno.readTextFile(path), 'context: ""\ncontexts: {}\n');
    const modes = [path, `${folder}/a/b`, `${folder}/a`].map((at) => Deno.statSync(at).mode ?? 0);
    assert.deepEqual(modes.map((mode) => (mode & 0o777).toString(8)), ["600", "700", "700"]);
  }));

Deno.test("changing a talosconfig keeps its mode and the link that leads to it", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/real`, "{}", { mode: 0o640 });
    await Deno.symlink("real", `${folder}/link`);

    await addContext(`${folder}/link`);

    assert.equal(await Deno.readLink(`${folder}/link`), "real");
    assert.equal((Deno.statSync(`${folder}/real`).mode ?? 0) & 0o777, 0o640);
    assert.match(await Deno.readTextFile(`${folder}/real`), /added/);
  }));

Deno.test("two processes that change a talosconfig at once both keep all their changes", () =>
  withFolder(async (folder) => {
    const path = `${folder}/config`;

    const runs = ["a", "b"].map((name) => adder(path, name, 20).output());
    const codes = (await Promise.all(runs)).map(({ code }) => code);

    assert.deepEqual(codes, [0, 0]);
    const { config } = await openTalosconfig({ path, canWrite: true });
    assert.equal(config.contexts.size, 40);
    assert.deepEqual(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["config"]);
  }));

Deno.test("a process killed while it saves leaves a whole talosconfig that can be changed again", () =>
  withFolder(async (folder) => {
    const path = `${folder}/config`;
    const child = adder(path, "a", 10_000).spawn();
    let seen = 0;
    for await (const chunk of child.stdout) {
      seen += new TextDecoder().decode(chunk).split("\n").length - 1;
      if (seen >= 5) break; // the loop's end closes the pipe; the child is killed wherever it is
    }
    child.kill("SIGKILL");
    await child.status;

    await addContext(path);

    const { config } = await openTalosconfig({ path, canWrite: true });
    assert.ok(config.contexts.has("added"));
    assert.ok(config.contexts.size > seen, `${config.contexts.size} contexts after ${seen} saves`);
  }));

Deno.test("a change that fails leaves the talosconfig as it was", () =>
  withFolder(async (folder) => {
    const path = `${folder}/config`;
    await Deno.writeTextFile(path, "context: a # mine\n");

    const edit = editTalosconfig({ path, canWrite: true }, () => {
      throw new Error("no such context");
    });

    await assert.rejects(edit, { message: "no such context" });
    assert.equal(await Deno.readTextFile(path), "context: a # mine\n");
  }));

Deno.test("a mounted service account's talosconfig is not written", () =>
  withFolder(async (folder) => {
    const path = `${folder}/config`;
    await Deno.writeTextFile(path, "{}");
    await assert.rejects(editTalosconfig({ path, canWrite: false }, () => {}), {
      message: `error writing config: not allowed to write to config: ${path}`,
    });
    assert.equal(await Deno.readTextFile(path), "{}");
  }));

Deno.test("a folder in the place of the talosconfig is refused in the official words", () =>
  withFolder(async (folder) => {
    const reader = "go-yaml load error in reader at <unknown position>";
    await assert.rejects(openTalosconfig({ path: folder, canWrite: true }), {
      message: `${reader}: input error: read ${folder}: is a directory`,
    });
  }));

Deno.test("a talosconfig that is too large to be one is refused", () =>
  withFolder(async (folder) => {
    const path = `${folder}/config`;
    await Deno.writeTextFile(path, "");
    await Deno.truncate(path, 17 * 1024 * 1024);
    await assert.rejects(openTalosconfig({ path, canWrite: true }), /larger than 16777216 bytes$/);
  }));
