/** Long streams that do not come to their end: what came is kept, whole, and what is not read is not sent. */

import assert from "node:assert/strict";
import { type Sandbox, startSandbox } from "../../mod.ts";
import { type Ended, openHome, until } from "./program.ts";

const mebibyte = 1024 * 1024;
const controlPlane = "10.5.0.2";
const worker = "10.5.0.3";
const notice = "Signal received, aborting, press Ctrl+C once again to abort immediately...\n";
const toFile = 'exec "$@" >"$HOME/out"';

Deno.test("read keeps every message that came before the node broke off, though nobody took it in time", async () => {
  await using sandbox = await startSandbox({ workers: 1 });
  let madeBytes = 0;
  sandbox.nodes[1]?.files.write("/var/large", {
    statedBytes: largeBytes,
    *read() {
      for (; madeBytes < largeBytes; madeBytes += pattern.length) yield pattern;
    },
  });
  // More than the program and a pipe hold, less than the connection takes ahead of its reader.
  await sandbox.fault(worker, "reset", { afterBytes: 3_000_000 });
  await using home = await openHome(sandbox);
  const pipe = `${home.folder}/pipe`;
  new Deno.Command("mkfifo", { args: [pipe] }).outputSync();
  const running = home.start(["read", "/var/large", "-n", worker], {
    shell: 'exec "$@" >"$HOME/pipe"',
  });
  const output = await Deno.open(pipe);

  await until(() => madeBytes >= 2_900_000, running.ended);
  await quiet(() => madeBytes);
  await Deno.writeFile(`${home.folder}/out`, output.readable);
  const { code, stderr } = await running.ended;

  assert.equal(code, 1);
  assert.match(
    stderr,
    /^WARNING: what was read of "\/var\/large" is partial\nerror reading: rpc error: code = Unavailable desc = .+\n$/,
  );
  // A message of 1,024 bytes takes 1,027: 2,921 of them fit.
  assert.equal(await intactBytes(`${home.folder}/out`), 2921 * 1024);
});

Deno.test("read keeps what came before its connection was reset, and then says so", async () => {
  await using sandbox = await startSandbox();
  writeLargeFile(sandbox);
  await sandbox.fault(sandbox.endpoints[0] ?? "", "reset", { afterBytes: 8 * mebibyte });
  await using home = await openHome(sandbox);

  const { code, stderr } = await home.run(["read", "/var/large", "-n", controlPlane], {
    shell: toFile,
  });

  assert.deepEqual({ code, stderr }, {
    code: 1,
    stderr: 'WARNING: what was read of "/var/large" is partial\n' +
      "error reading: rpc error: code = Unavailable desc = error reading from server: EOF\n",
  });
  const keptBytes = await intactBytes(`${home.folder}/out`);
  // What a reset overtakes in the sockets of this machine never arrived.
  assert.ok(keptBytes > 2 * mebibyte && keptBytes < 8 * mebibyte, `${keptBytes} bytes`);
});

Deno.test("logs of several nodes keep all lines of the one that breaks off", async () => {
  await using sandbox = await startSandbox({ workers: 1 });
  for (const { system: { logs } } of sandbox.nodes) {
    for (let count = 0; count < 100; count++) logs.append("long", "x".repeat(1023));
  }
  await sandbox.fault(worker, "reset", { afterBytes: 50_000 });
  await using home = await openHome(sandbox);

  const { code, stdout, stderr } = await home.run([
    "logs",
    "long",
    "-n",
    `${controlPlane},${worker}`,
  ]);

  const lines = stdout.split("\n").filter((line) => line !== "");
  const countOf = (node: string) => lines.filter((line) => line === `${node}: ${"x".repeat(1023)}`);
  assert.deepEqual([countOf(controlPlane).length, countOf(worker).length], [100, 48]);
  assert.equal(lines.length, 148);
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^WARNING: the log of node 10\.5\.0\.3 is partial\nerror from node 10\.5\.0\.3: rpc error: code = Unavailable desc = .+\n$/,
  );
});

Deno.test("Ctrl-C ends a read at once, and what was written is intact", async () => {
  await using sandbox = await startSandbox();
  writeLargeFile(sandbox);
  await using home = await openHome(sandbox);
  const out = `${home.folder}/out`;
  const running = home.start(["read", "/var/large", "-n", controlPlane], { shell: toFile });
  await until(() => sizeOf(out) > 0, running.ended);

  running.kill("SIGINT");
  const ended = await running.ended;

  assertInterrupted(ended);
  assert.ok(await intactBytes(out) < largeBytes);
});

Deno.test("Ctrl-C ends a copy at once, and what was written is intact", async () => {
  await using sandbox = await startSandbox();
  writeLargeFile(sandbox);
  await using home = await openHome(sandbox);
  const copied = `${home.folder}/copied/large`;
  const running = home.start(["copy", "/var/large", "copied", "-n", controlPlane], {
    shell: 'cd "$HOME" && exec "$@"',
  });
  await until(() => sizeOf(copied) > 0, running.ended);

  running.kill("SIGINT");
  const ended = await running.ended;

  assertInterrupted(ended);
  assert.ok(await intactBytes(copied) < largeBytes);
});

Deno.test("logs -f of two nodes mixes whole lines only, and Ctrl-C leaves the last one whole", async () => {
  await using sandbox = await startSandbox({ workers: 1 });
  // Each takes several messages, so that lines of both nodes are under way at the same time.
  const line = (letter: string, count: number) => `${letter.repeat(3000)} ${count}`;
  const [first, second] = sandbox.nodes;
  const append = (count: number) => {
    first?.system.logs.append("long", line("a", count));
    second?.system.logs.append("long", line("b", count));
  };
  append(0);
  await using home = await openHome(sandbox);
  const running = home.start(["logs", "-f", "long", "-n", `${controlPlane},${worker}`]);
  await running.untilStdout(line("a", 0));
  await running.untilStdout(line("b", 0));

  for (let count = 1; count <= 50; count++) append(count);
  await running.untilStdout(line("a", 50));
  await running.untilStdout(line("b", 50));
  running.kill("SIGINT");
  const { stdout } = await running.ended;

  const counts = Array.from({ length: 51 }, (_, count) => count);
  const lines = stdout.split("\n");
  assert.equal(lines.pop(), "");
  const of = (node: string) => lines.filter((line) => line.startsWith(`${node}: `));
  assert.deepEqual(of(controlPlane), counts.map((count) => `${controlPlane}: ${line("a", count)}`));
  assert.deepEqual(of(worker), counts.map((count) => `${worker}: ${line("b", count)}`));
  assert.equal(lines.length, 102);
});

Deno.test({
  name: "a read that nobody takes stops the node, and keeps little in memory",
  ignore: Deno.build.os !== "linux", // the others have no /proc
  async fn() {
    await using sandbox = await startSandbox();
    let madeBytes = 0;
    const block = new Uint8Array(mebibyte);
    sandbox.nodes[0]?.files.write("/var/endless", {
      statedBytes: 1024 * mebibyte,
      *read() {
        for (; madeBytes < 1024 * mebibyte; madeBytes += block.length) yield block;
      },
    });
    await using home = await openHome(sandbox);
    const running = home.start(["read", "/var/endless", "-n", controlPlane], {
      stalled: true,
      shell: 'echo $$ >"$HOME/pid"; exec "$@"',
    });

    await running.untilStdout("\0");
    await quiet(() => madeBytes);
    const pid = (await Deno.readTextFile(`${home.folder}/pid`)).trim();
    const peak = /VmHWM:\s+(\d+) kB/.exec(await Deno.readTextFile(`/proc/${pid}/status`))?.[1];

    assert.ok(madeBytes < 32 * mebibyte, `${madeBytes} bytes were made`);
    assert.ok(Number(peak) < 200 * 1024, `${peak} kB`);
    running.kill("SIGINT");
    assertInterrupted(await running.ended);
  },
});

const unshared = 'unshare -rm sh -c \'mount -t tmpfs -o size=1m none "$HOME" && cd "$HOME" && ' +
  'cp "$TALOSCONFIG_COPY" talosconfig && exec "$@"\' sh "$@"';

Deno.test({
  name: "copy to a full disk says which file it could not write, and that the disk is full",
  ignore: !canMount(),
  async fn() {
    await using sandbox = await startSandbox();
    writeLargeFile(sandbox);
    await using home = await openHome(sandbox);
    await using other = await openHome(sandbox);

    const { code, stderr } = await home.run(["copy", "/var/large", "copied", "-n", controlPlane], {
      shell: unshared,
      env: { TALOSCONFIG_COPY: other.talosconfig },
    });

    assert.deepEqual({ code, stderr }, {
      code: 1,
      stderr: 'error copying data to "copied/large": write copied/large: no space left on device\n',
    });
  },
});

Deno.test("a file that changes its length while it is copied is cut at its header, or ends the copy as partial", async (test) => {
  await using sandbox = await startSandbox();
  await using home = await openHome(sandbox);
  const { files } = sandbox.nodes[0] ?? assert.fail("no node");
  files.write("/var/logs/a", "before\n");
  files.write("/var/logs/grown", { statedBytes: 6, read: () => [ascii("grown since")] });
  files.write("/var/logs/z", "after\n");

  await test.step("one that grows", async () => {
    const { code, stderr } = await home.run(["copy", "/var/logs", "grown", "-n", controlPlane], {
      shell: 'cd "$HOME" && exec "$@"',
    });

    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    assert.deepEqual(textsIn(`${home.folder}/grown`), {
      a: "before\n",
      grown: "grown ",
      z: "after\n",
    });
  });

  await test.step("one that shrinks", async () => {
    files.write("/var/logs/shrunk", { statedBytes: 100_000, read: () => [ascii("all there is")] });

    const { code, stderr } = await home.run(["copy", "/var/logs", "shrunk", "-n", controlPlane], {
      shell: 'cd "$HOME" && exec "$@"',
    });
    const archive = await home.run(["copy", "/var/logs", "-", "-n", controlPlane], {
      shell: '"$@" >"$HOME/out" || { tar -tzf "$HOME/out" 2>/dev/null; exit 1; }',
    });

    // What Go's archiver says: the entry is shorter than its header, and nothing can come after it.
    const reason = "rpc error: code = Unknown desc = archive/tar: missed writing 99988 bytes\n";
    assert.deepEqual({ code, stderr }, {
      code: 1,
      stderr: `WARNING: ${reason}WARNING: what is in "shrunk" is partial\n` +
        'error copying data to "shrunk/shrunk": unexpected EOF\n',
    });
    assert.deepEqual(textsIn(`${home.folder}/shrunk`), {
      a: "before\n",
      grown: "grown ",
      shrunk: "all there is",
    });
    assert.deepEqual(archive, {
      code: 1,
      signal: null,
      stdout: "a\ngrown\nshrunk\n",
      stderr: `WARNING: the archive is partial\n${reason}`,
    });
  });
});

Deno.test("a file that changes its length while it is read comes as long as it is by then", async () => {
  await using sandbox = await startSandbox();
  await using home = await openHome(sandbox);
  const { files } = sandbox.nodes[0] ?? assert.fail("no node");
  files.write("/var/shrunk", { statedBytes: 100_000, read: () => [ascii("all there is")] });
  files.write("/var/grown", { statedBytes: 6, read: () => [ascii("grown "), ascii("since")] });

  const shrunk = await home.run(["read", "/var/shrunk", "-n", controlPlane]);
  const grown = await home.run(["read", "/var/grown", "-n", controlPlane]);

  // The stream says no length and ends well, as on a real node (spec/machine-read.md, 16).
  const rest = { code: 0, signal: null, stderr: "" };
  assert.deepEqual([shrunk, grown], [
    { ...rest, stdout: "all there is" },
    { ...rest, stdout: "grown since" },
  ]);
});

const largeBytes = 512 * mebibyte;

function writeLargeFile({ nodes }: Sandbox): void {
  for (const { files } of nodes) files.write("/var/large", { sizeBytes: largeBytes });
}

/** What the large file repeats. */
const pattern = Uint8Array.from({ length: 64 * 1024 }, (_, index) => index % 251);

/** How long a beginning of the large file is; fails where it is something else. */
async function intactBytes(path: string): Promise<number> {
  let sizeBytes = 0;
  using file = await Deno.open(path);
  const block = new Uint8Array(pattern.length);
  for (;;) {
    let filled = 0;
    for (let count: number | null = -1; count !== null && filled < block.length;) {
      count = await file.read(block.subarray(filled));
      filled += count ?? 0;
    }
    assert.deepEqual(block.subarray(0, filled), pattern.subarray(0, filled));
    sizeBytes += filled;
    if (filled < block.length) return sizeBytes;
  }
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The files of a folder, by name. */
function textsIn(folder: string): Record<string, string> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  return Object.fromEntries(
    names.map((name) => [name, Deno.readTextFileSync(`${folder}/${name}`)]),
  );
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

function assertInterrupted({ code, signal, stderr }: Ended): void {
  assert.deepEqual({ code, signal }, { code: 1, signal: null });
  assert.ok(stderr.startsWith(notice), stderr);
}

/** Until a count has stayed the same for many turns of the loop: no event tells that a sender waits. */
async function quiet(count: () => number): Promise<void> {
  for (let turns = 0, before = -1; turns < 200;) {
    turns = before === count() ? turns + 1 : 0;
    before = count();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Whether this user may have file systems of their own. */
function canMount(): boolean {
  if (Deno.build.os !== "linux") return false;
  const args = ["-rm", "mount", "-t", "tmpfs", "none", "/tmp"];
  return new Deno.Command("unshare", { args }).outputSync().success;
}
