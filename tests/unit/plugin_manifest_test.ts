/** `plugin.json`, the grants file and the hash that approval is bound to. */

import assert from "node:assert/strict";
import { editGrants, grantsPath, readGrants } from "../../core/plugin_grants.ts";
import { hashFolder } from "../../core/plugin_hash.ts";
import { parseManifest } from "../../core/plugin_manifest.ts";

const least = { name: "greet", apiVersion: 1, entry: "plugin.ts" };

Deno.test("a manifest that asks for nothing gets nothing", () => {
  const manifest = parseManifest(JSON.stringify(least));

  assert.deepEqual(manifest, { ...least, permissions: {}, rpcs: [] });
});

Deno.test("a manifest keeps what it asks for", () => {
  const whole = {
    ...least,
    version: "1.2.0",
    description: "Greets",
    permissions: { net: ["example.com:443"], read: true, env: ["LANG"] },
    rpcs: ["machine.MachineService/Version"],
  };

  assert.deepEqual(parseManifest(JSON.stringify(whole)), whole);
});

const malformed: [change: Record<string, unknown>, problem: RegExp][] = [
  [{ apiVersion: 2 }, /^plugin\.json: apiVersion 2, this program knows 1$/],
  [{ apiVersion: "1" }, /^plugin\.json: apiVersion "1", this program knows 1$/],
  [{ name: 1 }, /^plugin\.json wants the strings "name" and "entry"$/],
  [{ name: "../x" }, /^plugin\.json: the name "\.\.\/x" is not made of/],
  [{ name: "" }, /the name "" is not made of/],
  [{ entry: "../x.ts" }, /the entry "\.\.\/x\.ts" is outside the plugin's folder$/],
  [{ entry: "/x.ts" }, /is outside the plugin's folder$/],
  [{ entry: "a\\x.ts" }, /is outside the plugin's folder$/],
  [{ entry: "https://x/y.ts" }, /is outside the plugin's folder$/],
  [{ entry: "a/" }, /the entry "a\/" names no file$/],
  [{ permisions: {} }, /^plugin\.json: unknown key "permisions"$/],
  [{ a: 1, b: 2 }, /^plugin\.json: unknown keys "a", "b"$/],
  [{ permissions: [] }, /^plugin\.json: "permissions" is no object$/],
  [{ permissions: { ffi: true } }, /^plugin\.json: "permissions": unknown key "ffi"$/],
  [{ permissions: { net: false } }, /the permission "net" is neither true nor a list of strings$/],
  [{ permissions: { net: "x" } }, /the permission "net" is neither true nor/],
  [{ permissions: { read: [""] } }, /the permission "read" is neither true nor/],
  [{ permissions: { read: ["/a\u001b[2K"] } }, /the permission "read" is neither true nor/],
  [{ permissions: { read: ["/a\u202eb"] } }, /the permission "read" is neither true nor/],
  [{ rpcs: true }, /^plugin\.json: "rpcs" is neither "all" nor "read-only" nor a list such as/],
  [{ rpcs: ["Version"] }, /^plugin\.json: "rpcs" is neither/],
  [{ description: "two\nlines" }, /^plugin\.json: "description" is no line of text$/],
];

for (const [change, problem] of malformed) {
  Deno.test(`a manifest with ${JSON.stringify(change)} is refused with its reason`, () => {
    assert.throws(() => parseManifest(JSON.stringify({ ...least, ...change })), {
      name: "CliError",
      message: problem,
    });
  });
}

const grant = {
  source: "/somewhere/greet",
  sha256: "0".repeat(64),
  approvedAt: "2026-01-01T00:00:00.000Z",
  permissions: { net: true as const },
  rpcs: "read-only" as const,
};

Deno.test("a grant that is written is read again, by its owner alone", async () => {
  await using folder = await temporaryFolder();

  assert.deepEqual(readGrants(folder.path), {});
  await editGrants(folder.path, (grants) => grants["greet"] = grant);
  await editGrants(folder.path, (grants) => grants["other"] = { ...grant, rpcs: [] });

  const written = readGrants(folder.path);
  assert.deepEqual(written, { greet: grant, other: { ...grant, rpcs: [] } });
  assert.equal(Number((await Deno.stat(grantsPath(folder.path))).mode) & 0o777, 0o600);
});

Deno.test("a damaged grants file approves nothing and says so", async () => {
  await using folder = await temporaryFolder();
  const good = JSON.stringify({ version: 1, plugins: { greet: grant } });
  const damaged = [
    "",
    "null",
    good.replace(`"version":1`, `"version":2`),
    good.replace("0000", "zzzz"),
    good.replace(`"greet"`, `"../greet"`),
    good.replace("read-only", "read"),
    good.replace(`{"net":true}`, `{"net":1}`),
  ];

  for (const text of damaged) {
    await Deno.writeTextFile(grantsPath(folder.path), text);
    assert.throws(() => readGrants(folder.path), { name: "CliError" }, text);
  }
});

Deno.test("a folder's hash is what sha256sum tells of it, and changes with any name or byte", async () => {
  await using folder = await temporaryFolder();
  await Deno.mkdir(`${folder.path}/lib`);
  await Deno.writeTextFile(`${folder.path}/plugin.json`, "{}");
  await Deno.writeTextFile(`${folder.path}/lib/a.ts`, "a");
  const { stdout } = await new Deno.Command("sh", {
    args: [
      "-c",
      "find . -type f | sed 's,^./,,' | LC_ALL=C sort | xargs sha256sum | sha256sum",
    ],
    cwd: folder.path,
  }).output();

  const hash = await hashFolder(folder.path);
  await Deno.rename(`${folder.path}/lib/a.ts`, `${folder.path}/lib/b.ts`);
  const renamed = await hashFolder(folder.path);
  await Deno.writeTextFile(`${folder.path}/lib/b.ts`, "b");
  const changed = await hashFolder(folder.path);

  assert.equal(hash, new TextDecoder().decode(stdout).slice(0, 64));
  assert.equal(new Set([hash, renamed, changed]).size, 3);
});

Deno.test("a folder with a symbolic link has no hash", async () => {
  await using folder = await temporaryFolder();
  await Deno.symlink("/etc/passwd", `${folder.path}/x`);

  await assert.rejects(hashFolder(folder.path), { message: /"x" is a symbolic link$/ });
});

Deno.test("a folder with more than a plugin may have is not read to its end", async () => {
  await using folder = await temporaryFolder();
  using file = await Deno.open(`${folder.path}/x`, { write: true, create: true });
  await file.truncate(64 * 1024 * 1024);

  await assert.rejects(hashFolder(folder.path), { message: /larger than 33554432 bytes$/ });
});

async function temporaryFolder() {
  const path = await Deno.makeTempDir({ prefix: "talosctl-plugin-" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}
