/** The script of the portable executable: how it unpacks and starts. A few bytes stand for runtime and program here. */

import assert from "node:assert/strict";
import { writePortable } from "../../cli/portable/executable.ts";

/** Tells with which words it was started. */
const runtime = `#!/bin/sh\n[ "$1" = --version ] || printf '<%s>' "$@"\n`;

/** What is left of a run. */
interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** A folder with a small executable, and what it is started with; removed when disposed of. */
interface Workplace extends AsyncDisposable {
  folder: string;
  executable: string;
  run(env: Record<string, string>, program?: string): Promise<Outcome>;
}

async function openWorkplace(): Promise<Workplace> {
  const folder = await Deno.makeTempDir({ prefix: "talosctl script ü " });
  const program = `${folder}/program`;
  await Deno.mkdir(`${program}/cli`, { recursive: true });
  await Deno.writeTextFile(`${program}/cli/main.js`, "");
  await Deno.writeTextFile(`${folder}/runtime`, runtime, { mode: 0o755 });
  const executable = `${folder}/talosctl`;
  const parts = { runtime: `${folder}/runtime`, program, version: "1", system: "Any any" };
  await writePortable(parts, executable);
  return {
    folder,
    executable,
    async run(env, program = executable) {
      const { code, stdout, stderr } = await new Deno.Command(program, {
        args: ["a  b", "'$c'", ""],
        clearEnv: true,
        env: { PATH: Deno.env.get("PATH") ?? "", TMPDIR: folder, ...env },
      }).output();
      const decoder = new TextDecoder();
      return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** What a good run prints from a place. */
function started(place: string): Outcome {
  const words = [
    "run",
    "-A",
    "--no-prompt",
    "--no-config",
    "--unstable-worker-options",
    "--unstable-lazy-dynamic-imports",
  ];
  const given = [`${place}/program/cli/main.js`, "a  b", "'$c'", ""];
  const stdout = [...words, ...given].map((word) => `<${word}>`).join("");
  return { code: 0, stdout, stderr: "" };
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

/** The name of the folder that an executable unpacks to. */
async function keyOf(executable: string): Promise<string> {
  return /^key='([0-9a-f]{32})'/m.exec(await Deno.readTextFile(executable))?.[1] ?? "";
}

Deno.test("the portable executable unpacks itself once, for its user alone, and passes words on as they are", async () => {
  await using workplace = await openWorkplace();
  const cache = `${workplace.folder}/cache`;
  const place = `${cache}/talosctl/${await keyOf(workplace.executable)}`;

  const first = await workplace.run({ XDG_CACHE_HOME: cache });
  const inode = Deno.statSync(place).ino;
  const second = await workplace.run({ XDG_CACHE_HOME: cache });

  assert.deepEqual([first, second], [started(place), started(place)]);
  assert.equal(Deno.statSync(place).ino, inode);
  assert.deepEqual(namesIn(`${cache}/talosctl`), [await keyOf(workplace.executable)]);
  assert.deepEqual(namesIn(place), ["deno", "program"]);
  for (const path of [`${cache}/talosctl`, place]) {
    assert.equal((Deno.statSync(path).mode ?? 0) & 0o777, 0o700);
  }
});

Deno.test("first starts of the portable executable at the same time all work, and leave one copy", async () => {
  await using workplace = await openWorkplace();
  const cache = `${workplace.folder}/cache`;
  const key = await keyOf(workplace.executable);

  const runs = Array.from({ length: 8 }, () => workplace.run({ XDG_CACHE_HOME: cache }));
  const outcomes = await Promise.all(runs);

  for (const outcome of outcomes) {
    assert.deepEqual(outcome, started(`${cache}/talosctl/${key}`));
  }
  assert.deepEqual(namesIn(`${cache}/talosctl`), [key]);
  assert.deepEqual(namesIn(`${cache}/talosctl/${key}`), ["deno", "program"]);
});

Deno.test("the portable executable unpacks below the home folder when no cache folder is named", async () => {
  await using workplace = await openWorkplace();
  const key = await keyOf(workplace.executable);

  const outcome = await workplace.run({ HOME: workplace.folder, XDG_CACHE_HOME: "relative" });

  assert.deepEqual(outcome, started(`${workplace.folder}/.cache/talosctl/${key}`));
});

Deno.test("a cache folder that cannot be made gives way to the folder for temporary files", async () => {
  await using workplace = await openWorkplace();
  const { folder, executable } = workplace;
  const env = { XDG_CACHE_HOME: `${executable}/cache` };
  const place = `${folder}/talosctl-${Deno.uid()}/${await keyOf(executable)}`;

  const first = await workplace.run(env);
  await Deno.remove(`${place}/program/cli/main.js`); // as what sweeps such folders does
  const afterSweeping = await workplace.run(env);

  assert.deepEqual([first, afterSweeping], [started(place), started(place)]);
  assert.deepEqual(namesIn(`${place}/program/cli`), ["main.js"]);
});

Deno.test("with no place to unpack to, the portable executable names each and the way out", async () => {
  await using workplace = await openWorkplace();
  const place = `${workplace.executable}/place`;

  const { code, stdout, stderr } = await workplace.run({ XDG_CACHE_HOME: place, TMPDIR: place });

  assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
  assert.match(stderr, /^talosctl: cannot unpack itself \(for Any any, on \S+ \S+\):\n/);
  assert.ok(stderr.includes(`\n  ${place}/talosctl: mkdir: `), stderr);
  assert.ok(stderr.includes(`\n  ${place}/talosctl-${Deno.uid()}: mkdir: `), stderr);
  assert.match(stderr, /\nhint: .*XDG_CACHE_HOME.*\n$/);
});

Deno.test("a runtime that does not run on this machine is not kept", async () => {
  await using workplace = await openWorkplace();
  const { folder, executable } = workplace;
  await Deno.writeTextFile(`${folder}/runtime`, `#!${folder}/missing\n`);
  const program = `${folder}/program`;
  await writePortable(
    { runtime: `${folder}/runtime`, program, version: "1", system: "Any any" },
    executable,
  );

  const { code, stderr } = await workplace.run({ XDG_CACHE_HOME: `${folder}/cache` });

  assert.equal(code, 1);
  assert.match(stderr, /^talosctl: cannot unpack itself [^]*deno: .*not found\n/);
  assert.deepEqual(namesIn(`${folder}/cache/talosctl`), []);
});

Deno.test("a first start that is ended while it unpacks leaves nothing", async () => {
  await using workplace = await openWorkplace();
  const { folder, executable } = workplace;
  const waiting = `#!/bin/sh\n: >"$TMPDIR/waiting"\nexec sleep 60\n`;
  await Deno.writeTextFile(`${folder}/runtime`, waiting);
  const parts = { runtime: `${folder}/runtime`, program: `${folder}/program` };
  await writePortable({ ...parts, version: "1", system: "Any any" }, executable);

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    const env = { PATH: Deno.env.get("PATH") ?? "", TMPDIR: folder };
    const options = { clearEnv: true, env, detached: true, stderr: "null" } as const;
    const child = new Deno.Command(executable, options).spawn();
    const place = `${folder}/talosctl-${Deno.uid()}`;
    await until(() => exists(`${folder}/waiting`));
    Deno.kill(-child.pid, signal); // as a terminal does: to all of them
    const status = await child.status;
    await until(() => namesIn(place).length === 0);

    assert.equal(status.success, false);
    await Deno.remove(`${folder}/waiting`);
  }
});

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    assert.ok(Date.now() < deadline, "it comes within 10 s");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false; // not yet
  }
}

Deno.test("a damaged portable executable runs nothing and leaves nothing", async () => {
  await using workplace = await openWorkplace();
  const { folder, executable } = workplace;
  const bytes = await Deno.readFile(executable);
  const [short, flipped] = [`${folder}/short`, `${folder}/flipped`];
  await Deno.writeFile(short, bytes.subarray(0, -64), { mode: 0o755 });
  const checksum = bytes.length - 8;
  bytes[checksum] = 255 - (bytes[checksum] ?? 0);
  await Deno.writeFile(flipped, bytes, { mode: 0o755 });

  for (const program of [short, flipped]) {
    const { code, stdout, stderr } = await workplace.run(
      { XDG_CACHE_HOME: `${folder}/cache` },
      program,
    );

    assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
    assert.match(stderr, /^talosctl: cannot unpack itself [^]*gzip: /);
  }
  assert.deepEqual(namesIn(`${folder}/cache/talosctl`), []);
});

Deno.test("a link in the place of the cache folder is not followed", async () => {
  await using workplace = await openWorkplace();
  const { folder, executable } = workplace;
  const trap = await setTrap(`${folder}/elsewhere`, await keyOf(executable));
  await Deno.mkdir(`${folder}/cache`);
  await Deno.symlink(trap, `${folder}/cache/talosctl`);

  const outcome = await workplace.run({ XDG_CACHE_HOME: `${folder}/cache` });

  const place = `${folder}/talosctl-${Deno.uid()}/${await keyOf(executable)}`;
  assert.deepEqual(outcome, started(place));
});

Deno.test({
  name: "what another user has put in the place of the cache folder is never run",
  ignore: Deno.uid() !== 0, // only root can make a folder another user's
  async fn() {
    await using workplace = await openWorkplace();
    const { folder, executable } = workplace;
    const key = await keyOf(executable);
    const own = await setTrap(`${folder}/own/talosctl`, key);
    await Deno.chown(own, 12345, 12345);
    await setTrap(`${folder}/below/talosctl`, key);
    await Deno.chown(`${folder}/below/talosctl/${key}`, 12345, 12345);
    const taken = await setTrap(`${folder}/talosctl-0`, key);
    await Deno.chown(taken, 12345, 12345);

    const refused = await workplace.run({ XDG_CACHE_HOME: `${folder}/own` });
    const replaced = await workplace.run({ XDG_CACHE_HOME: `${folder}/below` });

    assert.deepEqual([refused.code, refused.stdout], [1, ""]);
    assert.match(refused.stderr, /own\/talosctl: it belongs to another user, or is a link\n/);
    assert.match(refused.stderr, /talosctl-0: it belongs to another user, or is a link\n/);
    assert.deepEqual(replaced, started(`${folder}/below/talosctl/${key}`));
  },
});

/** A folder that looks unpacked, but whose runtime tells that it was run. */
async function setTrap(folder: string, key: string): Promise<string> {
  await Deno.mkdir(`${folder}/${key}/program/cli`, { recursive: true });
  await Deno.writeTextFile(`${folder}/${key}/program/cli/main.js`, "");
  await Deno.writeTextFile(`${folder}/${key}/deno`, "#!/bin/sh\necho caught\n", { mode: 0o755 });
  return folder;
}
