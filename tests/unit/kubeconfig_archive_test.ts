/** What nodes send for a kubeconfig that is none, or means ill: each is an error, and no file is made. */

import assert from "node:assert/strict";
import { type Pack, pack } from "tar-stream";
import { RpcError } from "../../core/errors.ts";
import { startAnswering } from "../answering_nodes.ts";

const config = "apiVersion: v1\nkind: Config\n";

type Entry = [header: Parameters<Pack["entry"]>[0], content?: string];

async function tar(...entries: readonly Entry[]): Promise<Uint8Array<ArrayBuffer>> {
  const archive = pack();
  for (const [header, content = ""] of entries) archive.entry(header, content);
  archive.finalize();
  const chunks = await Array.fromAsync(archive as AsyncIterable<Uint8Array<ArrayBuffer>>);
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** Runs `kubeconfig` against a node that sends these messages; the outcome, and the file if there is one. */
async function fetched(messages: () => AsyncIterable<object> | readonly object[]) {
  await using nodes = await startAnswering({ "machine.MachineService/Kubeconfig": messages });
  const folder = await Deno.makeTempDir();
  try {
    const outcome = await nodes.talosctl(["kubeconfig", "-n", "10.5.0.2", `${folder}/file`]);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    return {
      outcome,
      names,
      text: names.length > 0 ? await Deno.readTextFile(`${folder}/file`) : "",
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const saved = {
  outcome: { code: 0, stdout: "", stderr: "" },
  names: ["file"],
  text: config,
};
const failed = (error: string) => ({
  outcome: { code: 1, stdout: "", stderr: `${error}\n` },
  names: [],
  text: "",
});

const whole = await tar([{ name: "kubeconfig" }, config]);
const bomb = 20 * 1024 * 1024;

/** What is in the gzip'ed part, and what comes of it. */
const archives: [name: string, archive: Uint8Array<ArrayBuffer>, expected: object][] = [
  ["ends right behind the data", whole.slice(0, 512 + config.length), saved],
  [
    "has other files before it",
    await tar([{ name: "a/kubeconfig" }, "no"], [{ name: "b" }, "no"], [
      { name: "/./x/../kubeconfig" },
      config,
    ]),
    saved,
  ],
  [
    "leads outside",
    await tar([{ name: "../../etc/passwd" }, "no"], [
      { name: "../../kubeconfig" },
      config,
    ]),
    saved,
  ],
  [
    "holds no kubeconfig",
    await tar([{ name: "../kubeconfig/../x" }, config]),
    failed("couldn't find file kubeconfig in the archive"),
  ],
  ["is empty", await tar(), failed("couldn't find file kubeconfig in the archive")],
  [
    "has a folder in its place",
    await tar([{ name: "kubeconfig/", type: "directory" }]),
    failed("kubeconfig is not a file"),
  ],
  [
    "has a link in its place",
    await tar([{ name: "kubeconfig", type: "symlink", linkname: "/etc/shadow" }]),
    failed("kubeconfig is not a file"),
  ],
  ["is cut off in the data", whole.slice(0, 512 + 10), failed("unexpected EOF")],
  [
    "is cut off in a header",
    whole.slice(0, 100),
    failed("error reading tar header: unexpected EOF"),
  ],
  [
    "is no archive",
    new TextEncoder().encode("x".repeat(1024)),
    failed("error reading tar header: archive/tar: invalid tar header"),
  ],
  [
    "has a broken header",
    whole.with(0, 0x4b),
    failed("error reading tar header: archive/tar: invalid tar header"),
  ],
  ["has a file without a name", nameless(whole), failed("empty tar header path")],
  [
    "never ends",
    new Uint8Array(bomb),
    failed("error reading tar header: the node's archive is larger than 16777216 bytes"),
  ],
];

/** The same archive with its first name taken out, and the checksum that goes with it. */
function nameless(archive: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const changed = archive.slice();
  changed.fill(0, 0, 100);
  changed.fill(0x20, 148, 156);
  const sum = changed.subarray(0, 512).reduce((sum, byte) => sum + byte, 0);
  changed.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
  return changed;
}

for (const [name, archive, expected] of archives) {
  Deno.test(`a kubeconfig whose archive ${name}`, async () => {
    const bytes = await gzip(archive);

    assert.deepEqual(await fetched(() => [{ bytes }]), expected);
  });
}

Deno.test("a kubeconfig that comes in many messages is put together", async () => {
  const packed = await gzip(whole);

  const result = await fetched(() =>
    Array.from(packed, (byte) => ({ bytes: Uint8Array.of(byte) }))
  );

  assert.deepEqual(result, saved);
});

/** Streams that are no archive at all (spec/kubeconfig.md, 4). */
const streams: [name: string, messages: object[], error: string][] = [
  ["nothing", [], "error initializing gzip: EOF"],
  [
    "no gzip",
    [{ bytes: new TextEncoder().encode("hello, world") }],
    "error initializing gzip: gzip: invalid header",
  ],
  [
    "a failure inside a message",
    [{ metadata: { error: "wrong", status: { code: 9, message: "no CA" } } }],
    "error initializing gzip: rpc error: code = FailedPrecondition desc = no CA",
  ],
];

for (const [name, messages, error] of streams) {
  Deno.test(`a kubeconfig of which the node sends ${name} is an error`, async () => {
    assert.deepEqual(await fetched(() => messages), failed(error));
  });
}

Deno.test("a node that fails half-way through leaves no file", async () => {
  const packed = await gzip(await tar([{ name: "kubeconfig" }, crypto.randomUUID().repeat(3000)]));

  const result = await fetched(async function* () {
    yield { bytes: packed.slice(0, packed.length / 2) };
    await Promise.resolve();
    throw new RpcError("Unavailable", "going down");
  });

  assert.deepEqual(
    result,
    failed("error reading tar header: rpc error: code = Unavailable desc = going down"),
  );
});

Deno.test("a file that appears while the node is asked is merged into, or refused without merging", async () => {
  const folder = await Deno.makeTempDir();
  const paths = { merged: `${folder}/merged`, refused: `${folder}/refused` };
  const bytes = await gzip(whole);
  const mine = "users: [{name: me, user: {}}]\n";
  await using nodes = await startAnswering({
    "machine.MachineService/Kubeconfig": (_, node) => {
      Deno.writeTextFileSync(node === "merged" ? paths.merged : paths.refused, mine);
      return [{ bytes }];
    },
  });

  const merged = await nodes.talosctl(["kubeconfig", "-n", "merged", paths.merged]);
  const refused = await nodes.talosctl(["kubeconfig", "-n", "refused", "-m=false", paths.refused]);

  assert.equal(merged.code, 0);
  assert.match(await Deno.readTextFile(paths.merged), /^kind: Config\nusers:\n- name: me\n/m);
  assert.deepEqual(refused, {
    code: 1,
    stdout: "",
    stderr: `kubeconfig file already exists, use --force to overwrite: "${paths.refused}"\n`,
  });
  assert.equal(await Deno.readTextFile(paths.refused), mine);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a kubeconfig that cannot be read is not merged, and the old one stays", async () => {
  const bytes = await gzip(await tar([{ name: "kubeconfig" }, "clusters: [\n"]));
  await using nodes = await startAnswering({
    "machine.MachineService/Kubeconfig": () => [{ bytes }],
  });
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, config);

  const outcome = await nodes.talosctl(["kubeconfig", "-n", "10.5.0.2", path]);

  assert.deepEqual(outcome, {
    code: 1,
    stdout: "",
    stderr: "yaml: line 1: did not find expected node content\n",
  });
  assert.equal(await Deno.readTextFile(path), config);
  await Deno.remove(path);
});
