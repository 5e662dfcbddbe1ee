/** Saved files: whole at any moment, with the mode and links they had. */

import assert from "node:assert/strict";
import { writeFileAtomic } from "../../core/files/atomic.ts";

async function temporaryDirectory(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

function namesIn(directory: string): string[] {
  return Array.from(Deno.readDirSync(directory), (entry) => entry.name).sort();
}

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield await Promise.resolve(new TextEncoder().encode(text));
}

Deno.test("a new file and its directories are for their owner alone", async () => {
  await using directory = await temporaryDirectory();
  const file = `${directory.path}/a/b/config`;

  await writeFileAtomic(file, chunks("one ", "two"), { createParents: true });

  const modes = [file, `${directory.path}/a`, `${directory.path}/a/b`]
    .map((path) => (Deno.statSync(path).mode ?? 0) & 0o777);
  assert.deepEqual([Deno.readTextFileSync(file), ...modes], ["one two", 0o600, 0o700, 0o700]);
  assert.deepEqual(namesIn(`${directory.path}/a/b`), ["config"]);
});

Deno.test("an existing file keeps its mode, and a link keeps leading to it", async () => {
  await using directory = await temporaryDirectory();
  Deno.mkdirSync(`${directory.path}/real`);
  Deno.writeTextFileSync(`${directory.path}/real/config`, "old, and longer than the new");
  Deno.chmodSync(`${directory.path}/real/config`, 0o664);
  Deno.symlinkSync("real/config", `${directory.path}/link`);
  Deno.symlinkSync("link", `${directory.path}/link-to-link`);

  await writeFileAtomic(`${directory.path}/link-to-link`, "new", { mode: 0o600 });

  assert.equal(Deno.readTextFileSync(`${directory.path}/real/config`), "new");
  assert.equal((Deno.statSync(`${directory.path}/real/config`).mode ?? 0) & 0o777, 0o664);
  assert.equal(Deno.lstatSync(`${directory.path}/link`).isSymlink, true);
  assert.deepEqual(namesIn(`${directory.path}/real`), ["config"]);
});

Deno.test("a link to nothing gets the file it leads to", async () => {
  await using directory = await temporaryDirectory();
  Deno.symlinkSync(`${directory.path}/later`, `${directory.path}/link`);

  await writeFileAtomic(`${directory.path}/link`, "new");

  assert.deepEqual(namesIn(directory.path), ["later", "link"]);
  assert.equal(Deno.lstatSync(`${directory.path}/link`).isSymlink, true);
});

Deno.test("what cannot be written fails in the words of the official client", async () => {
  await using directory = await temporaryDirectory();
  const base = directory.path;
  Deno.mkdirSync(`${base}/dd`);
  Deno.writeTextFileSync(`${base}/file`, "");
  Deno.symlinkSync("loop", `${base}/loop`);
  const cases: [path: string, createParents: boolean, message: string][] = [
    [`${base}/no/such.crt`, false, `open ${base}/no/such.crt: no such file or directory`],
    [`${base}/dd`, false, `open ${base}/dd: is a directory`],
    [`${base}/file/x/config`, true, `mkdir ${base}/file: not a directory`],
    [`${base}/file/config`, false, `open ${base}/file/config: not a directory`],
    [`${base}/loop`, false, `open ${base}/loop: too many levels of symbolic links`],
  ];

  for (const [path, createParents, message] of cases) {
    await assert.rejects(writeFileAtomic(path, "x", { createParents }), { message });
  }
  assert.deepEqual(namesIn(base), ["dd", "file", "loop"]);
});

Deno.test("an error of the content leaves the old file and nothing else", async () => {
  await using directory = await temporaryDirectory();
  const file = `${directory.path}/snapshot`;
  Deno.writeTextFileSync(file, "old");
  async function* broken() {
    yield* chunks("half");
    throw new Error("connection dropped");
  }

  await assert.rejects(writeFileAtomic(file, broken()), { message: "connection dropped" });

  assert.deepEqual([Deno.readTextFileSync(file), namesIn(directory.path)], ["old", ["snapshot"]]);
});

Deno.test({
  name: "a read-only file, and one whose directory refuses new files, are left alone with a reason",
  ignore: Deno.uid() === 0, // root may write everywhere
  fn: async () => {
    await using directory = await temporaryDirectory();
    const file = `${directory.path}/sub/config`;
    Deno.mkdirSync(`${directory.path}/sub`);
    Deno.writeTextFileSync(file, "old");

    Deno.chmodSync(file, 0o400);
    await assert.rejects(writeFileAtomic(file, "new"), {
      message: `open ${file}: permission denied`,
    });
    Deno.chmodSync(file, 0o600);
    Deno.chmodSync(`${directory.path}/sub`, 0o500);
    await assert.rejects(writeFileAtomic(file, "new"), {
      message: `replace ${file}: permission denied`,
      hint: /its directory must be writable/,
    });
    Deno.chmodSync(`${directory.path}/sub`, 0o700);

    assert.equal(Deno.readTextFileSync(file), "old");
  },
});

Deno.test("a full disk leaves the old file and no temporary one", async (test) => {
  await using directory = await temporaryDirectory();
  const mount = new Deno.Command("mount", {
    args: ["-t", "tmpfs", "-o", "size=64k", "tmpfs", directory.path],
    stdout: "null",
    stderr: "null",
  });
  const isMounted = Deno.uid() === 0 && (await mount.output()).success;

  await test.step({
    name: "on a file system of 64 kB (needs the right to mount one)",
    ignore: !isMounted,
    fn: async () => {
      const file = `${directory.path}/config`;
      try {
        Deno.writeTextFileSync(file, "old");

        await assert.rejects(writeFileAtomic(file, new Uint8Array(100_000)), {
          message: `write ${file}: no space left on device`,
        });

        assert.deepEqual([Deno.readTextFileSync(file), namesIn(directory.path)], ["old", [
          "config",
        ]]);
      } finally {
        await new Deno.Command("umount", { args: [directory.path] }).output();
      }
    },
  });
});

Deno.test("a process killed while it saves leaves a whole file", async () => {
  await using directory = await temporaryDirectory();
  const file = `${directory.path}/config`;
  const module = new URL("../../core/files/atomic.ts", import.meta.url).href;
  const script = `
    import { writeFileAtomic } from "${module}";
    const letters = "abcdefghij";
    for (let round = 0;; round++) {
      await writeFileAtomic(${JSON.stringify(file)}, letters[round % 10].repeat(1_000_000));
      if (round > 0) console.log(round);
    }`;

  for (let round = 0; round < 3; round++) {
    await using writer = new Deno.Command(Deno.execPath(), {
      args: ["eval", "--quiet", script],
      stdout: "piped",
    }).spawn();
    const output = writer.stdout.getReader();
    await output.read(); // it is in its loop now
    writer.kill("SIGKILL");
    await writer.status;
    await output.cancel();

    const text = Deno.readTextFileSync(file);
    assert.equal(text, text.charAt(0).repeat(1_000_000));
  }
});
