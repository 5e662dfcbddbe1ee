/** Third-party plugins that are broken, each in its way: a warning for each, and every other command works. */

import assert from "node:assert/strict";
import { approvePlugin } from "../plugin_folder.ts";
import { type Home, openHome } from "./program.ts";

const malformed = "a command it declares is malformed";

/** A plugin folder: its code and manifest where they are not the good ones, and what is said of it. */
const broken: [name: string, change: { code?: string; manifest?: string }, problem: RegExp][] = [
  ["syntax", { code: "export default {{{" }, /^SyntaxError: .+$/],
  ["empty", { code: "" }, /the default export is no plugin of apiVersion 1$/],
  [
    "future",
    { manifest: manifestOf("future", { apiVersion: 2 }) },
    /^plugin\.json: apiVersion 2, /,
  ],
  ["throws", { code: codeOf("throws", 'throw new Error("not\\ntoday");') }, /^not$/],
  [
    "late",
    { code: codeOf("late", 'queueMicrotask(() => { throw new Error("late"); });') },
    /^late$/,
  ],
  ["endless", { code: codeOf("endless", "while (true) {}") }, /^no answer within 5 s$/],
  ["waits", { code: "await new Promise(() => {});" }, /^no answer within 5 s$/],
  ["exits", { code: codeOf("exits", "Deno.exit(0);") }, /^it tried to end the program$/],
  ["json", { manifest: "{ name:" }, /^plugin\.json: .+ in JSON at position 2/],
  ["list", { manifest: "[]" }, /^plugin\.json wants the strings "name" and "entry"$/],
  ["null", { manifest: "null" }, /^plugin\.json wants the strings "name" and "entry"$/],
  ["gone", { manifest: manifestOf("gone", { entry: "gone.js" }) }, /gone\.js: no such file or dir/],
  ["outside", { manifest: manifestOf("outside", { entry: "../good/main.js" }) }, /is outside the/],
  ["absolute", { manifest: manifestOf("absolute", { entry: "/etc/passwd" }) }, /is outside the/],
  [
    "other",
    { manifest: manifestOf("another") },
    /^its name is "other", plugin\.json says "another"$/,
  ],
  ["flags", { code: codeOf("flags", "", { flags: "{ a: null }" }) }, new RegExp(`^${malformed}$`)],
  [
    "type",
    { code: codeOf("type", "", { flags: '{ a: { type: "x", help: "" } }' }) },
    /^a command it/,
  ],
  ["args", { code: codeOf("args", "", { args: "null" }) }, new RegExp(`^${malformed}$`)],
  ["path", { code: codeOf("path", "", { path: "[1]" }) }, new RegExp(`^${malformed}$`)],
];

Deno.test("broken plugins cost a warning each, once the time of the slowest, and no other command", async () => {
  await using home = await openHome();
  await install(home, "good", {});
  for (const [name, change] of broken) await install(home, name, change);

  const first = await home.run(["good"]);
  const second = await home.run(["config", "contexts"]);

  assert.deepEqual([first.code, first.stdout], [0, "hello\n"]);
  assert.deepEqual([second.code, second.stdout], [0, "CURRENT   NAME   ENDPOINTS   NODES\n"]);
  const warnings = first.stderr.split("\n").slice(0, -1);
  assert.equal(warnings.length, broken.length, first.stderr);
  for (const [name, , problem] of broken) {
    const start = `WARNING: plugin ${pluginFolder(home, name)} is left out: `;
    const warning = warnings.find((line) => line.startsWith(start)) ?? "";
    assert.match(warning.slice(start.length), problem, name);
  }
  assert.equal(second.stderr, first.stderr);
});

Deno.test("a plugin cannot take the name of a built-in command, nor of an earlier plugin", async () => {
  await using home = await openHome();
  await install(home, "clash", { code: codeOf("clash", "", { path: '["version"]' }) });
  await install(home, "good", {});
  await install(home, "imitator", { code: codeOf("imitator", "", { path: '["good"]' }) });

  const builtIn = await home.run(["version", "--client", "--short"]);
  const good = await home.run(["good"]);

  assert.match(builtIn.stdout, /^Client:\nTalos v/);
  assert.equal(good.stdout, "hello\n");
  assert.equal(
    good.stderr,
    `WARNING: plugin ${
      pluginFolder(home, "clash")
    }: its "version" is left out, it clashes with a built-in one\n` +
      `WARNING: plugin ${
        pluginFolder(home, "imitator")
      }: its "good" is left out, it clashes with that of ${pluginFolder(home, "good")}\n`,
  );
});

Deno.test("a plugin that is mended is back at the next start", async () => {
  await using home = await openHome();
  await install(home, "good", { code: "export default 1;" });
  const before = await home.run(["good"]);
  await install(home, "good", {});

  const after = await home.run(["good"]);

  assert.equal(before.code, 1);
  assert.match(before.stderr, /unknown command "good" for "talosctl"/);
  assert.deepEqual([after.code, after.stdout, after.stderr], [0, "hello\n", ""]);
});

for (
  const cache of [
    "",
    "{",
    "null",
    '{"version":3,"plugins":{"x":null}}',
    '{"version":3,"plugins":7}',
  ]
) {
  Deno.test(`a damaged cache of plugins is made anew: ${cache || "empty"}`, async () => {
    await using home = await openHome();
    await install(home, "good", {});
    await Deno.mkdir(`${home.folder}/.cache/talosctl`, { recursive: true });
    await Deno.writeTextFile(`${home.folder}/.cache/talosctl/plugins.json`, cache);

    const { code, stdout, stderr } = await home.run(["good"]);

    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: "hello\n", stderr: "" });
  });
}

/** A plugin with one command of its own name. */
function codeOf(name: string, before = "", command: Record<string, string> = {}): string {
  const fields = {
    path: `["${name}"]`,
    summary: '"says hello"',
    args: '{ rule: "none" }',
    flags: "{}",
    targets: '"none"',
    run: 'async function* () { yield "hello\\n"; }',
    ...command,
  };
  const entries = Object.entries(fields).map(([key, code]) => `${key}: ${code}`).join(", ");
  return `export default { name: "${name}", apiVersion: 1, register(registry) { ${before}
    registry.command({ ${entries} });
  } };`;
}

function manifestOf(name: string, fields: Record<string, unknown> = {}): string {
  return JSON.stringify({ name, apiVersion: 1, entry: "main.js", ...fields });
}

function pluginFolder(home: Home, name: string): string {
  return `${home.folder}/.local/share/talos/plugins/${name}`;
}

async function install(
  home: Home,
  name: string,
  { code = codeOf(name), manifest = manifestOf(name) }: { code?: string; manifest?: string },
): Promise<void> {
  const folder = pluginFolder(home, name);
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}/main.js`, code);
  await Deno.writeTextFile(`${folder}/plugin.json`, manifest);
  await approvePlugin(`${home.folder}/.local/share/talos/plugins`, name);
}
