/** `plugin new`: what it writes, and what it refuses. That the plugin runs is tested in tests/e2e/plugin_examples_test.ts. */

import assert from "node:assert/strict";
import type { Plugin, Services as OwnServices } from "../../mod.ts";
import type {
  Plugin as WrittenPlugin,
  Services,
} from "../../plugins/plugin/template/talosctl.d.ts";
import { runProgram } from "../talosctl.ts";

/** The types that authors write with are those of the program: this file would not pass the check otherwise. */
const isTaken: (plugin: WrittenPlugin) => Plugin = (plugin) => plugin;
const isWhole: (services: keyof OwnServices) => keyof Services = (name) => name;

async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

const files = [
  "README.md",
  "deno.json",
  "plugin.json",
  "plugin.ts",
  "plugin_test.ts",
  "talosctl.d.ts",
];

Deno.test("plugin new writes a plugin under its name that asks for one call only", async () => {
  await withFolder(async (folder) => {
    const words = ["plugin", "new", "hello", "--dir", `${folder}/a/b`, "-o", "jsonpath={.name}"];
    const outcome = await runProgram(words);

    assert.deepEqual(outcome, { code: 0, stdout: "hello\n", stderr: "" });
    assert.deepEqual(namesIn(`${folder}/a/b`), files);
    assert.deepEqual(JSON.parse(await Deno.readTextFile(`${folder}/a/b/plugin.json`)), {
      name: "hello",
      apiVersion: 1,
      entry: "plugin.ts",
      version: "0.1.0",
      description: "Shows which Talos each node runs",
      permissions: {},
      rpcs: ["machine.MachineService/Version"],
    });
    for (const file of files) {
      assert.doesNotMatch(await Deno.readTextFile(`${folder}/a/b/${file}`), /plugin-name/, file);
    }
  });
});

Deno.test("plugin new has the plugin's test import the library that it is told", async () => {
  await withFolder(async (folder) => {
    const library = "npm:@talos/talosctl@0.1.0";
    await runProgram(["plugin", "new", "hello", "--dir", folder, "--library", library]);

    const { imports } = JSON.parse(await Deno.readTextFile(`${folder}/deno.json`));
    assert.deepEqual(imports, { "@talos/talosctl": library });
  });
});

const refused: [words: readonly string[], stderr: RegExp][] = [
  [["Hello"], /^making plugin "Hello": a name is made of up to 64 lower-case letters, digits/],
  [["../up"], /^making plugin "\.\.\/up": a name is made of/],
  [["get"], /^making plugin get: "talosctl get" is there already\nits first command is called as/],
  [["ls"], /^making plugin ls: "talosctl list" is there already\n/],
  [["help"], /^making plugin help: "talosctl help" is there already\n/],
];

for (const [words, stderr] of refused) {
  Deno.test(`plugin new ${words.join(" ")} writes nothing and says why`, async () => {
    await withFolder(async (folder) => {
      const outcome = await runProgram(["plugin", "new", ...words, "--dir", `${folder}/new`]);

      assert.equal(outcome.code, 1);
      assert.match(outcome.stderr, stderr);
      assert.deepEqual(namesIn(folder), []);
    });
  });
}

Deno.test("plugin new leaves a folder alone that is not empty", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/plugin.ts`, "mine");

    const outcome = await runProgram(["plugin", "new", "hello", "--dir", folder]);

    const stderr = `making plugin hello: ${folder} is not empty\nname another folder with --dir\n`;
    assert.deepEqual(outcome, { code: 1, stdout: "", stderr });
    assert.deepEqual(namesIn(folder), ["plugin.ts"]);
  });
});

Deno.test("a plugin written with the types it is given is one to the program", () => {
  const plugin: WrittenPlugin = { name: "x", apiVersion: 1, register: () => {} };

  assert.equal(isTaken(plugin), plugin);
  assert.equal(isWhole("machine.MachineService"), "machine.MachineService");
});
