/** Snapshots of etcd that do not come to their end: nothing has the final name, and what had it before is as it was. */

import assert from "node:assert/strict";
import { type Sandbox, startSandbox } from "../../mod.ts";
import { etcdOf } from "../../plugins/sandbox/etcd/etcd_cluster.ts";
import { startAnswering } from "../answering_nodes.ts";
import { type Home, openHome, until } from "./program.ts";

const mebibyte = 1024 * 1024;
const node = "10.5.0.2";
const notice = "Signal received, aborting, press Ctrl+C once again to abort immediately...\n";

Deno.test("etcd snapshot leaves no file when its connection breaks, and keeps the one that was there", async () => {
  await using sandbox = await startSandbox();
  etcdOf(sandbox).databaseBytes = 16 * mebibyte;
  await using home = await openHome(sandbox);
  const snapshot = ["etcd", "snapshot", "db", "-n", node];
  await Deno.writeTextFile(`${home.folder}/old`, "the last snapshot");
  await sandbox.fault(sandbox.endpoints[0] ?? "", "reset", { afterBytes: 4 * mebibyte });

  const fresh = await home.run(snapshot, { shell: 'cd "$HOME" && "$@"' });
  const again = await home.run(snapshot.with(2, "old"), { shell: 'cd "$HOME" && "$@"' });

  for (const { code, stdout, stderr } of [fresh, again]) {
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /^error reading: rpc error: code = Unavailable desc = .+\n$/);
  }
  assert.deepEqual(snapshotsIn(home), ["old"]);
  assert.equal(await Deno.readTextFile(`${home.folder}/old`), "the last snapshot");
});

Deno.test("Ctrl-C during etcd snapshot leaves no file", async () => {
  await using sandbox = await startSandbox();
  etcdOf(sandbox).databaseBytes = 256 * mebibyte;
  await using home = await openHome(sandbox);
  const running = home.start(["etcd", "snapshot", `${home.folder}/db`, "-n", node]);
  await until(() => sizeOf(`${home.folder}/db.part`) > mebibyte, running.ended);

  running.kill("SIGINT");
  const { code, stdout, stderr } = await running.ended;

  assert.notEqual(code, 0);
  assert.equal(stdout, "");
  assert.ok(stderr.startsWith(notice), stderr);
  assert.deepEqual(snapshotsIn(home), []);
});

Deno.test({
  name: "etcd snapshot on a full disk says so, and leaves no file",
  ignore: Deno.build.os !== "linux", // the others have no /dev/full
  fn: async () => {
    await using sandbox = await startSandbox();
    await using home = await openHome(sandbox);
    await Deno.symlink("/dev/full", `${home.folder}/db.part`);

    const { code, stdout, stderr } = await home.run([
      "etcd",
      "snapshot",
      `${home.folder}/db`,
      "-n",
      node,
    ]);

    assert.deepEqual({ code, stdout, stderr }, {
      code: 1,
      stdout: "",
      stderr: `write ${home.folder}/db.part: no space left on device\n`,
    });
    assert.deepEqual(snapshotsIn(home), []);
  },
});

Deno.test("etcd snapshot is for its owner alone, and replaces the one before", async () => {
  await using sandbox = await startSandbox({ seed: 1 });
  etcdOf(sandbox).databaseBytes = mebibyte;
  await using home = await openHome(sandbox);
  const path = `${home.folder}/db`;
  await Deno.writeTextFile(path, "the last snapshot");

  const { code, stdout, stderr } = await home.run(["etcd", "snapshot", path, "-n", node]);

  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(
    stdout,
    /^etcd snapshot saved to "\S+\/db" \(1048608 bytes\)\nsnapshot info: hash [\da-f]{8}, revision 619, total keys 426, total size 1048576\n$/,
  );
  const { size, mode } = await Deno.stat(path);
  assert.deepEqual([size, (mode ?? 0) & 0o777], [1048608, 0o600]);
  assert.deepEqual(snapshotsIn(home), ["db"]);
});

Deno.test("etcd snapshot refuses what does not fit the checksum behind it", async () => {
  const page = new Uint8Array(512);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", page));
  const streams: Record<string, [Uint8Array[], string]> = {
    "no checksum": [[page], "sha256 checksum not found (size 512)\n"],
    "nothing": [[], "sha256 checksum not found (size 0)\n"],
    "a checksum cut off": [
      [page, digest.subarray(0, 31)],
      "sha256 checksum not found (size 543)\n",
    ],
    "a wrong checksum": [
      [page, digest.with(0, (digest[0] ?? 0) ^ 1)],
      "sha256 checksum does not match the snapshot (size 544)\n",
    ],
    // Whole, and no database: the file is there before that is looked at.
    "no database": [[page, digest.subarray(0, 5), digest.subarray(5)], "invalid database\n"],
  };
  for (const [name, [pieces, text]] of Object.entries(streams)) {
    await using nodes = await startAnswering({
      "machine.MachineService/EtcdSnapshot": () => pieces.map((bytes) => ({ bytes })),
    });
    const folder = await Deno.makeTempDir();
    try {
      const { code, stderr } = await nodes.talosctl(`etcd snapshot ${folder}/db -n ${node}`);

      assert.equal(code, 1, name);
      assert.ok(stderr.startsWith(text), `${name}: ${stderr}`);
      const left = [...Deno.readDirSync(folder)].map((entry) => entry.name);
      assert.deepEqual(left, name === "no database" ? ["db"] : [], name);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }
});

Deno.test("etcd snapshot says which file it cannot make, and asks nobody", async () => {
  await using sandbox = await startSandbox();
  await using home = await openHome(sandbox);
  await Deno.mkdir(`${home.folder}/folder`);

  const nowhere = await home.run(["etcd", "snapshot", "/nowhere/db", "-n", node]);
  const folder = await home.run(["etcd", "snapshot", `${home.folder}/folder`, "-n", node]);

  assert.equal(
    nowhere.stderr,
    "error creating temporary file: open /nowhere/db.part: no such file or directory\n",
  );
  assert.match(
    folder.stderr,
    /^error renaming to final location: rename .*\/folder.part .*\/folder: .+\n$/,
  );
  assert.deepEqual([nowhere.code, folder.code], [1, 1]);
  assert.equal(callsOf(sandbox, "EtcdSnapshot"), 1);
  assert.deepEqual(snapshotsIn(home), ["folder"]);
});

function callsOf({ calls }: Sandbox, method: string): number {
  return calls.filter((call) => call.method.endsWith(`/${method}`)).length;
}

function snapshotsIn({ folder }: Home): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => /^(?:db|old|folder)/.test(name));
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
