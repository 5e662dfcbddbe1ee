/** Mutated plugin manifests and caches of them: each costs a warning at most. */

import assert from "node:assert/strict";
import { approvePlugin } from "../plugin_folder.ts";
import { runProgram } from "../talosctl.ts";
import { mutate } from "./random.ts";

const manifest = JSON.stringify({ name: "good", apiVersion: 1, entry: "main.js" }, undefined, 2);

const code = `export default { name: "good", apiVersion: 1, register() {} };`;

const pieces: [string, ...string[]] = [
  ..."{ } [ ] : , \\ / . 0 - e".split(" ") as [string],
  ...['"', "null", "true", "1e999", "\0", "\u{1f642}", "\ud800", "../", "%00", "#", "?", "\n"],
  ...['"__proto__": {}', '"entry": ""', '"apiVersion": 2', '"entry": "."', '"name": []'],
];

Deno.test("a mutated plugin.json costs a warning at most", async () => {
  await using home = await openPlugins();
  for (let seed = 1; seed <= 150; seed++) {
    await Deno.writeTextFile(home.manifest, mutate(manifest, seed, pieces));
    await home.approve();
    const { code, stdout, stderr } = await runProgram(["version", "--client"], { env: home.env });

    assert.deepEqual([code, stdout.slice(0, 8)], [0, "Client:\n"], `seed ${seed}: ${stderr}`);
    assert.match(stderr, /^(WARNING: plugin .+\n)?$/, `seed ${seed}`);
  }
});

Deno.test("a mutated cache of plugins is used or made anew", async () => {
  await using home = await openPlugins();
  await Deno.writeTextFile(home.manifest, manifest);
  await home.approve();
  await runProgram(["version", "--client"], { env: home.env });
  const cache = await Deno.readTextFile(home.cache);

  for (let seed = 1; seed <= 150; seed++) {
    await Deno.writeTextFile(home.cache, mutate(cache, seed, pieces));
    const { code, stderr } = await runProgram(["version", "--client"], { env: home.env });

    assert.equal(code, 0, `seed ${seed}: ${stderr}`);
    assert.match(stderr, /^(WARNING: plugin .+\n)?$/, `seed ${seed}`);
  }
});

Deno.test("a mutated grants.json approves what was approved, or nothing", async () => {
  await using home = await openPlugins();
  await Deno.writeTextFile(home.manifest, manifest);
  await home.approve();
  const grants = await Deno.readTextFile(home.grants);

  for (let seed = 1; seed <= 150; seed++) {
    await Deno.writeTextFile(home.grants, mutate(grants, seed, pieces));
    const { code, stderr } = await runProgram(["version", "--client"], { env: home.env });

    assert.equal(code, 0, `seed ${seed}: ${stderr}`);
    assert.match(stderr, /^(WARNING: .+\n)?$/, `seed ${seed}: ${stderr}`);
  }
});

async function openPlugins() {
  const folder = await Deno.makeTempDir();
  const plugin = `${folder}/plugins/good`;
  await Deno.mkdir(plugin, { recursive: true });
  await Deno.writeTextFile(`${plugin}/main.js`, code);
  return {
    env: { HOME: folder, TALOSCTL_PLUGINS: `${folder}/plugins` },
    manifest: `${plugin}/plugin.json`,
    grants: `${folder}/plugins/grants.json`,
    approve: () => approvePlugin(`${folder}/plugins`, "good"),
    cache: `${folder}/.cache/talosctl/plugins.json`,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
