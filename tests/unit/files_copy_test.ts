/** `copy`: whole trees, archives on stdout, and archives that try to get out of the folder. */

import assert from "node:assert/strict";
import { gunzipSync, gzipSync } from "node:zlib";
import { type Header, pack } from "tar-stream";
import { concatBytes } from "../../core/bytes.ts";
import { RpcError } from "../../core/errors.ts";
import { startSandbox } from "../../mod.ts";
import { type FakeNodes, startFakeNodes } from "../fake_nodes.ts";
import { talosctl } from "../talosctl.ts";

const copy = "machine.MachineService/Copy";

/** An archive of these entries, compressed. */
async function archive(entries: (Partial<Header> & { name: string; text?: string })[]) {
  const tar = pack();
  for (const { text = "", ...header } of entries) tar.entry(header, text);
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) chunks.push(chunk as Uint8Array);
  return new Uint8Array(gzipSync(concatBytes(chunks)));
}

/** Nodes that send these bytes in pieces, and then perhaps a failure. */
function sending(bytes: Uint8Array, failure?: RpcError): Promise<FakeNodes> {
  return startFakeNodes({
    *[copy]() {
      for (let at = 0; at < bytes.length; at += 1024) {
        yield { bytes: bytes.subarray(at, at + 1024) };
      }
      if (failure) throw failure;
    },
  });
}

async function temporaryFolder() {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** Everything below a folder: paths with content, `/` or the target of a link, and the mode. */
function tree(folder: string, below = ""): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { name, isDirectory, isSymlink } of Deno.readDirSync(`${folder}/${below}`)) {
    const path = below + name;
    const mode = ((Deno.lstatSync(`${folder}/${path}`).mode ?? 0) & 0o7777).toString(8);
    if (isSymlink) found[path] = `-> ${Deno.readLinkSync(`${folder}/${path}`)}`;
    else if (isDirectory) Object.assign(found, { [`${path}/`]: mode }, tree(folder, `${path}/`));
    else found[path] = `${mode} ${Deno.readTextFileSync(`${folder}/${path}`)}`;
  }
  return found;
}

const sample = [
  { name: "etc/", type: "directory", mode: 0o500 },
  { name: "etc/hosts", mode: 0o4644, text: "127.0.0.1 localhost\n" },
  { name: "etc/localtime", type: "symlink", linkname: "/usr/share/zoneinfo/Etc/UTC" },
  { name: "etc/empty", mode: 0o400 },
] as const;

Deno.test("copy makes the folder with all above it, and unpacks files, folders and links into it", async () => {
  await using folder = await temporaryFolder();
  await using nodes = await sending(await archive([...sample]));

  const outcome = await talosctl(nodes, `copy -n a /x ${folder.path}/new/./deep/`);

  assert.deepEqual(outcome, { code: 0, stdout: "", stderr: "" });
  assert.deepEqual(tree(`${folder.path}/new/deep`), {
    "etc/": "700",
    "etc/hosts": "644 127.0.0.1 localhost\n",
    "etc/localtime": "-> /usr/share/zoneinfo/Etc/UTC",
    "etc/empty": "400 ",
  });
  assert.deepEqual(nodes.requests[0]?.request, { rootPath: "/x" });
});

Deno.test("copy brings over what a node of the sandbox lists and reads", async () => {
  await using folder = await temporaryFolder();
  await using sandbox = await startSandbox({ seed: 1 });
  const target = { talosconfigPath: `${folder.path}/talosconfig`, clock: sandbox.clock };
  await sandbox.writeTalosconfig(target.talosconfigPath);

  const copied = await talosctl(target, `cp -n 10.5.0.2 /etc ${folder.path}/etc`);
  const listed = await talosctl(target, "ls -n 10.5.0.2 -r /etc");
  const release = await talosctl(target, "read -n 10.5.0.2 /etc/os-release");

  assert.deepEqual(copied, { code: 0, stdout: "", stderr: "" });
  const paths = Object.keys(tree(`${folder.path}/etc`)).map((path) => path.replace(/\/$/, ""));
  assert.deepEqual(paths.sort(), listed.stdout.trimEnd().split("\n").slice(1).sort());
  assert.equal(Deno.readTextFileSync(`${folder.path}/etc/os-release`), release.stdout);
});

Deno.test("copy to - writes the archive as it came, and fails with the bare error", async () => {
  const bytes = await archive([...sample]);
  await using nodes = await sending(bytes);
  await using denied = await sending(
    new Uint8Array(0),
    new RpcError("PermissionDenied", "not authorized"),
  );
  const written: Uint8Array[] = [];

  const { code } = await talosctl(nodes, "copy -n a /x -", {
    onStdout: (chunk) => written.push(chunk),
  });
  const failed = await talosctl(denied, "copy -n a /x -");
  const shown = await talosctl(nodes, "copy -n a /x -", { isTerminal: true });

  assert.deepEqual(concatBytes(written), bytes);
  assert.match(new TextDecoder().decode(gunzipSync(bytes)), /127\.0\.0\.1 localhost/);
  assert.deepEqual([code, failed.code, shown.code], [0, 1, 1]);
  assert.equal(failed.stderr, "rpc error: code = PermissionDenied desc = not authorized\n");
  assert.match(
    shown.stderr,
    /^writing to stdout: a compressed archive is nothing for a terminal\n/,
  );
});

Deno.test("copy of what is not there leaves the new folder, as the official client does", async () => {
  await using folder = await temporaryFolder();
  await using nodes = await sending(
    new Uint8Array(0),
    new RpcError("Unknown", "lstat /nx: no such file or directory"),
  );

  const outcome = await talosctl(nodes, `copy -n a /nx ${folder.path}/new`);

  assert.deepEqual(outcome, {
    code: 1,
    stdout: "",
    stderr: "error initializing gzip: rpc error: code = Unknown desc = " +
      "lstat /nx: no such file or directory\n",
  });
  assert.deepEqual(tree(`${folder.path}`), { "new/": "755" });
});

Deno.test("copy that reaches no endpoint makes no folder", async () => {
  await using folder = await temporaryFolder();
  await using nodes = await sending(new Uint8Array(0));
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();

  const { code, stderr } = await talosctl(
    nodes,
    `copy -n a -e 127.0.0.1:${port} /x ${folder.path}/new`,
  );

  assert.match(stderr, /^error copying: rpc error: code = Unavailable desc = connection error: /);
  assert.deepEqual([code, tree(folder.path)], [1, {}]);
});

Deno.test("copy replaces nothing", async (test) => {
  await using folder = await temporaryFolder();
  await using nodes = await sending(await archive([...sample]));
  const local = `${folder.path}/local`;
  const rows: [string, () => void, string][] = [
    [
      "a file in the folder's place",
      () => Deno.writeTextFileSync(local, "mine"),
      [
        `local path "${local}" should be a directory`,
      ].join(),
    ],
    [
      "a folder of the same name",
      () => Deno.mkdirSync(`${local}/etc`, { recursive: true }),
      `error creating directory "${local}/etc" mode drwx------: mkdir ${local}/etc: file exists`,
    ],
    [
      "a path below a file",
      () => Deno.writeTextFileSync(local, "mine"),
      `failed to stat local path: stat ${local}/below: not a directory`,
    ],
  ];
  for (const [name, arrange, expected] of rows) {
    await test.step(name, async () => {
      arrange();
      const before = tree(folder.path);
      const below = name === "a path below a file" ? "/below" : "";

      const outcome = await talosctl(nodes, `copy -n a /x ${local}${below}`);

      assert.deepEqual(outcome, { code: 1, stdout: "", stderr: `${expected}\n` });
      assert.deepEqual(tree(folder.path), before);
      await Deno.remove(local, { recursive: true });
    });
  }
});

Deno.test("copy leaves a file alone that is there already", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/hosts`, "mine");
  await using nodes = await sending(await archive([{ name: "hosts", text: "theirs" }]));

  const outcome = await talosctl(nodes, `copy -n a /etc/hosts ${folder.path}`);

  assert.deepEqual(outcome, {
    code: 1,
    stdout: "",
    stderr: `error creating file "${folder.path}/hosts" mode -rw-r--r--: ` +
      `open ${folder.path}/hosts: file exists\n`,
  });
  assert.equal(await Deno.readTextFile(`${folder.path}/hosts`), "mine");
});

Deno.test("copy writes nothing outside of its folder, whatever an archive says", async (test) => {
  const outside = { name: "up/x", text: "escaped" };
  const rows: [string, Parameters<typeof archive>[0], string, Record<string, string>][] = [
    ["names that climb", [{ name: "../../up", text: "a" }, { name: "/abs", text: "b" }], "", {
      "up": "644 a",
      "abs": "644 b",
    }],
    [
      "a file below a link",
      [{ name: "up", type: "symlink", linkname: ".." }, outside],
      'refusing to write "up/x": "LOCAL/up" is a symbolic link, and may lead out of the folder\n',
      { up: "-> .." },
    ],
    [
      "a folder that becomes a link",
      [
        { name: "up/", type: "directory", mode: 0o755 },
        { name: "up", type: "symlink", linkname: ".." },
        outside,
      ],
      'error creating symlink "LOCAL/up" -> "..": symlink .. LOCAL/up: file exists\n',
      { "up/": "755" },
    ],
    [
      "a name that leads nowhere",
      [{ name: "a/..", text: "x" }],
      "empty tar header path\n",
      {},
    ],
    [
      "a device, a pipe and a second name",
      [
        { name: "null", type: "character-device", devmajor: 1, devminor: 3, mode: 0o666 },
        { name: "pipe", type: "fifo" },
        { name: "twin", type: "link", linkname: "/etc/passwd" },
      ],
      [
        ["null", "a device"],
        ["pipe", "a pipe"],
        ["twin", "a second name of another file"],
      ].map(([name, kind]) =>
        `WARNING: "LOCAL/${name}" is ${kind} on the node: an empty file is in its place\n`
      ).join(""),
      { null: "666 ", pipe: "644 ", twin: "644 " },
    ],
  ];
  for (const [name, entries, stderr, expected] of rows) {
    await test.step(name, async () => {
      await using folder = await temporaryFolder();
      const local = `${folder.path}/local`;
      await using nodes = await sending(await archive(entries));

      const outcome = await talosctl(nodes, `copy -n a /x ${local}`);

      const isWarned = stderr === "" || stderr.startsWith("WARNING");
      assert.deepEqual(outcome, {
        code: isWarned ? 0 : 1,
        stdout: "",
        stderr: stderr.replaceAll("LOCAL", local),
      });
      assert.deepEqual(tree(local), expected);
      assert.deepEqual([...Deno.readDirSync(folder.path)].map(({ name }) => name), ["local"]);
    });
  }
});

Deno.test("copy warns of files that the node has left out, after all others are there", async () => {
  await using folder = await temporaryFolder();
  await using nodes = await sending(
    await archive([...sample]),
    new RpcError("Unknown", '1 error occurred:\n\t* skipping "/x/y": permission denied\n\n'),
  );

  const { code, stderr } = await talosctl(nodes, `copy -n a /x ${folder.path}/new`);

  assert.match(
    stderr,
    /^WARNING: rpc error: code = Unknown desc = 1 error occurred:\n\t\* skipping/,
  );
  assert.deepEqual([code, Object.keys(tree(`${folder.path}/new`)).length], [0, 4]);
});

Deno.test("copy that breaks off keeps what came, and says that it is partial", async (test) => {
  const text = crypto.getRandomValues(new Uint8Array(48_000)).toHex();
  const whole = await archive([...sample, { name: "big", text }]);
  const lost = new RpcError("Unavailable", "error reading from server: EOF");
  const rows: [string, Uint8Array, RpcError | undefined, RegExp][] = [
    [
      "the node goes away",
      whole.subarray(0, 30_000),
      lost,
      /^error copying data to "LOCAL\/big": rpc error: code = Unavailable desc = error reading.*\n$/,
    ],
    [
      "the archive ends too early",
      whole.subarray(0, 30_000),
      undefined,
      /^error copying data to "LOCAL\/big": unexpected EOF\n$/,
    ],
  ];
  for (const [name, bytes, failure, expected] of rows) {
    await test.step(name, async () => {
      await using folder = await temporaryFolder();
      const local = `${folder.path}/local`;
      await using nodes = await sending(bytes, failure);

      const { code, stderr } = await talosctl(nodes, `copy -n a /x ${local}`);

      const [notice, ...errors] = stderr.replaceAll(local, "LOCAL").split(/(?<=\n)/);
      assert.equal(notice, 'WARNING: what is in "LOCAL" is partial\n');
      assert.match(errors.join(""), expected);
      assert.equal(code, 1);
      assert.equal(tree(local)["etc/hosts"], "644 127.0.0.1 localhost\n");
    });
  }
});

Deno.test("copy says what is wrong with something that is no archive", async (test) => {
  const rows: [string, Uint8Array, string][] = [
    ["nothing", new Uint8Array(0), "error initializing gzip: EOF\n"],
    [
      "text",
      new TextEncoder().encode("hello hello"),
      "error initializing gzip: gzip: invalid header\n",
    ],
    [
      "a gzip'ed text",
      new Uint8Array(gzipSync("x".repeat(512))),
      "error reading tar header: archive/tar: invalid tar header\n",
    ],
    ["a gzip'ed bit", new Uint8Array(gzipSync("x")), "error reading tar header: unexpected EOF\n"],
  ];
  for (const [name, bytes, stderr] of rows) {
    await test.step(name, async () => {
      await using folder = await temporaryFolder();
      await using nodes = await sending(bytes);

      const outcome = await talosctl(nodes, `copy -n a /x ${folder.path}`);

      assert.deepEqual(outcome, { code: 1, stdout: "", stderr });
    });
  }
});
