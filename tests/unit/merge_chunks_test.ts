/** What becomes of the bundle's files: those that are always loaded together are one. */

import assert from "node:assert/strict";
import { mergeChunks } from "../../cli/merge_chunks.ts";

/** A bundle as the bundler splits it: the plugin shares one file with the start, another with running. */
const bundle: Readonly<Record<string, string>> = {
  "cli/main.js":
    'import{c as o}from"../chunk-B.js";import"../chunk-A.js";globalThis.seen.push(`main ${o}`);' +
    'await (await import("../execute-X1.js")).execute();',
  "chunk-A.js": 'globalThis.seen.push("a");export const a=1;',
  "chunk-B.js": 'import{a}from"./chunk-A.js";const b=a+1;export{b as c};',
  "execute-X1.js": 'import{d}from"./chunk-C.js";import"./chunk-A.js";' +
    "export async function execute(){const n=`../plugins/p/plugin.js`;" +
    "await import(new URL(n,d).href)}",
  "chunk-C.js": "export const d=import.meta.url.replace(/[^/]*$/,'cli/');",
  "chunk-D.js": 'export const e="d";',
  "lib-L.js": `export const lib="${"x".repeat(30_000)}";`,
  "plugins/p/plugin.js": 'import{a}from"../../chunk-A.js";import{d}from"../../chunk-C.js";' +
    'import{e}from"../../chunk-D.js";import{lib}from"../../lib-L.js";' +
    "globalThis.seen.push(`plugin ${a} ${typeof d} ${e} ${lib.length}`);",
  "chunk-Q.js": "export const q=1;",
  "later-Z.js": 'export const q=()=>import("./chunk-Q.js");',
  "plugins/q/plugin.js": 'import{q}from"../../chunk-Q.js";import{e}from"../../chunk-D.js";' +
    'export{e,q};export const where=import.meta.url;export const z=()=>import("../../later-Z.js");',
};

async function writeBundle(folder: string): Promise<void> {
  for (const path of ["cli", "plugins/p", "plugins/q"]) {
    await Deno.mkdir(`${folder}/${path}`, { recursive: true });
  }
  for (const [path, code] of Object.entries(bundle)) {
    await Deno.writeTextFile(`${folder}/${path}`, code);
  }
}

Deno.test("what starts the program is one file, what runs a command another, and all works as before", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await writeBundle(folder);

    await mergeChunks(folder, ["cli/main.ts", "plugins/p/plugin.ts", "plugins/q/plugin.ts"]);

    const files = [...Deno.readDirSync(folder)].filter(({ isFile }) => isFile)
      .map(({ name }) => name).sort();
    assert.deepEqual(files, [
      "chunk-D.js",
      "execute-X1.js",
      "later-Z.js",
      "lib-L.js",
      "run.js",
      "start.js",
    ]);
    assert.equal(Deno.readTextFileSync(`${folder}/lib-L.js`), bundle["lib-L.js"]);
    const seen: string[] = [];
    Object.assign(globalThis, { seen });
    await import(`file://${folder}/cli/main.js`);
    assert.deepEqual(seen, ["a", "main 2", "plugin 1 string d 30000"]);
    const plugin = `file://${folder}/plugins/q/plugin.js`;
    const { where } = await import(plugin);
    assert.equal(where, plugin, "a plugin finds what is beside it");
  } finally {
    await Deno.remove(folder, { recursive: true });
    Reflect.deleteProperty(globalThis, "seen");
  }
});

Deno.test("a bundle without the file that runs commands is refused", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/cli`);
    await Deno.writeTextFile(`${folder}/cli/main.js`, 'import"../chunk-A.js";');
    await Deno.writeTextFile(`${folder}/chunk-A.js`, "globalThis.none=1;");
    await Deno.writeTextFile(`${folder}/mod.js`, "export const a=1;");

    await assert.rejects(
      mergeChunks(folder, ["cli/main.ts", "mod.ts"]),
      /the bundle has no file that runs commands/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
