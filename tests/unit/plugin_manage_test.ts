/** `plugin list`, `inspect`, `update`, `remove` and `doctor`: what is there, and what has become of it. */

import assert from "node:assert/strict";
import { createWorkshop, greeter, type PluginWorkshop } from "../plugin_workshop.ts";

/** Writes and adds a plugin; the folder it was added from. */
async function added(
  workshop: PluginWorkshop,
  name: string,
  manifest: Record<string, unknown> = {},
): Promise<string> {
  const source = await workshop.write(name, greeter(name, manifest));
  const { code, stderr } = await workshop.plugin(["add", source, "--yes"]);
  assert.equal(code, 0, stderr);
  return source;
}

/** One plugin in each state; the source of those that were added. */
async function everyState(workshop: PluginWorkshop): Promise<Record<string, string>> {
  const sources = {
    broken: await added(workshop, "broken"),
    changed: await added(workshop, "changed"),
    fine: await added(workshop, "fine", { version: "1.0.0" }),
    gone: await added(workshop, "gone"),
  };
  await workshop.write("../data/talos/plugins/stranger", greeter("stranger"));
  await Deno.writeTextFile(`${workshop.plugins}/broken/plugin.json`, "{");
  await Deno.writeTextFile(`${workshop.plugins}/changed/more.ts`, "");
  await Deno.remove(`${workshop.plugins}/gone`, { recursive: true });
  return sources;
}

async function executable(path: string): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(path, "#!/bin/sh\necho hello\n", { mode: 0o755 });
}

Deno.test("plugin list shows plugins and executables on PATH, each with its state", async () => {
  await using workshop = await createWorkshop();
  const sources = await everyState(workshop);
  const [one, two] = [`${workshop.path}/bin`, `${workshop.path}/other bin`];
  await executable(`${one}/talosctl-hi`);
  await executable(`${one}/talosctl-version`);
  await executable(`${two}/talosctl-hi`);
  await Deno.writeTextFile(`${two}/talosctl-notes`, "no program");
  const options = { env: { PATH: `${one}:${two}:/nowhere` } };

  const table = await workshop.plugin(["list"], options);
  const names = await workshop.plugin(["list", "-o", "name"], options);
  const json = await workshop.plugin(["list", "-o", "jsonpath={.state}"], options);

  const rows = table.stdout.trimEnd().split("\n").map((row) => row.split(/ {2,}/));
  assert.deepEqual(rows, [
    ["NAME", "KIND", "VERSION", "STATE", "SOURCE"],
    ["broken", "plugin", "broken", sources["broken"]],
    ["changed", "plugin", "changed", sources["changed"]],
    ["fine", "plugin", "1.0.0", "approved", sources["fine"]],
    ["stranger", "plugin", "not approved", `${workshop.plugins}/stranger`],
    ["gone", "plugin", "missing", sources["gone"]],
    ["hi", "executable", "ready", `${one}/talosctl-hi`],
    ["version", "executable", "shadowed by talosctl version", `${one}/talosctl-version`],
    ["hi", "executable", `shadowed by ${one}/talosctl-hi`, `${two}/talosctl-hi`],
  ]);
  assert.equal(table.code, 0);
  assert.equal(names.stdout, "broken\nchanged\nfine\nstranger\ngone\nhi\nversion\nhi\n");
  assert.equal(
    json.stdout,
    "broken\nchanged\napproved\nnot approved\nmissing\nready\nshadowed\nshadowed\n",
  );
});

Deno.test("plugin inspect shows manifest, grant and commands, and narrowed rights", async () => {
  await using workshop = await createWorkshop();
  const source = await workshop.write(
    "greet",
    greeter("greet", { version: "1.0.0", description: "Greets", rpcs: "all" }),
  );
  await workshop.plugin(["add", source, "--yes", "--rpcs", "read-only"]);

  const { code, stdout, stderr } = await workshop.plugin(["inspect", "greet"]);
  const json = await workshop.plugin(["inspect", "greet", "-o", "json"]);

  const { grant, ...facts } = JSON.parse(json.stdout);
  assert.equal(
    stdout,
    `Name:         greet
Version:      1.0.0
Description:  Greets
Folder:       ${workshop.plugins}/greet
State:        approved
Source:       ${source}
Approved at:  2026-02-03T04:05:06.000Z
SHA-256:      ${grant.sha256}
It may:
  call nodes: methods that only read
It asks for more (+) or less (-):
  + call nodes: ANY method
  - call nodes: methods that only read
Commands:
  talosctl greet: Greet
`,
  );
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  assert.equal(grant.rpcs, "read-only");
  assert.deepEqual(facts, {
    name: "greet",
    version: "1.0.0",
    description: "Greets",
    folder: `${workshop.plugins}/greet`,
    state: "approved",
    asksFor: { permissions: {}, rpcs: "all" },
    commands: [{ command: "greet", summary: "Greet" }],
  });
});

Deno.test("plugin inspect runs nothing of a plugin that is not approved", async () => {
  await using workshop = await createWorkshop();
  await workshop.write("../data/talos/plugins/stranger", {
    ...greeter("stranger", { permissions: { run: ["sh"] } }),
    "plugin.ts": "for (;;);",
  });

  await added(workshop, "changed");
  await Deno.writeTextFile(`${workshop.plugins}/changed/plugin.ts`, "for (;;);");

  const { code, stdout } = await workshop.plugin(["inspect", "stranger"]);
  const changed = await workshop.plugin(["inspect", "changed"]);
  const unknown = await workshop.plugin(["inspect", "nobody"]);

  assert.equal(
    stdout,
    `Name:         stranger
Folder:       ${workshop.plugins}/stranger
State:        not approved
It asks for:
  run programs, which may do all that you may: sh
`,
  );
  assert.equal(code, 0);
  assert.match(changed.stdout, /^State: +changed$/m);
  assert.doesNotMatch(changed.stdout, /^Commands:$/m);
  assert.match(unknown.stderr, /^looking for plugin "nobody": it is not installed$/m);
  assert.equal(unknown.code, 1);
});

Deno.test("plugin update shows what a new version may do more, and asks", async () => {
  await using workshop = await createWorkshop();
  const before = { permissions: { net: ["a.example", "b.example"] }, rpcs: "read-only" };
  const source = await added(workshop, "greet", { version: "1.0.0", ...before });
  const after = { permissions: { net: ["b.example"], run: true }, rpcs: "read-only" };
  await workshop.write("greet", greeter("greet", { version: "1.1.0", ...after }));
  const update = (stdin: string) =>
    workshop.plugin(["update", "greet"], { isTerminal: true, stdin });

  const refused = await update("n\n");
  const updated = await update("y\n");
  const current = await update("");

  const question = `plugin greet from ${source}: 1.0.0 -> 1.1.0
what it may do changes:
  + run programs, which may do all that you may: ANY
  - connect to: a.example
Update greet? [y/N]: `;
  assert.equal(refused.stdout, question);
  assert.match(refused.stderr, /^updating greet: approving it: the answer was not yes/);
  assert.equal(refused.code, 1);
  const row = (status: string, from: string) =>
    `NAME    STATUS${" ".repeat(status.length - 3)}FROM    TO      SOURCE\n` +
    `greet   ${status}   ${from}   1.1.0   ${source}\n`;
  assert.deepEqual(updated, {
    code: 0,
    stdout: question + row("updated", "1.0.0"),
    stderr: "",
  });
  assert.deepEqual(current, { code: 0, stdout: row("current", "1.1.0"), stderr: "" });
});

Deno.test("plugin update goes on when one source is gone, and gives files back", async () => {
  await using workshop = await createWorkshop();
  const sources = await everyState(workshop);
  const lost = `${sources["fine"]}`;
  await Deno.remove(lost, { recursive: true });

  const { code, stdout, stderr } = await workshop.plugin([
    ...["update", "-o", "jsonpath={.name}"],
  ]);
  const states = await workshop.plugin(["list", "-o", "jsonpath={.state}"]);

  assert.equal(stdout, "broken\nchanged\ngone\n", stderr);
  assert.match(stderr, /^updating fine: .*no such file or directory$/m);
  assert.equal(code, 1);
  assert.equal(states.stdout, "approved\napproved\napproved\napproved\nnot approved\n");
});

Deno.test("plugin update keeps what works when the new version does not", async () => {
  await using workshop = await createWorkshop();
  await added(workshop, "greet");
  await workshop.write("greet", { "plugin.ts": "export default {" });

  const { code, stderr } = await workshop.plugin(["update", "greet", "--yes"]);

  assert.equal(code, 1);
  assert.match(stderr, /^updating greet: its new version: /m);
  assert.equal((await workshop.talosctl(["greet"])).stdout, "hello\n");
  assert.deepEqual(workshop.installed(), ["grants.json", "greet"]);
});

Deno.test("plugin remove asks, and removes folder and approval", async () => {
  await using workshop = await createWorkshop();
  await added(workshop, "greet");
  const remove = (words: string[], stdin = "") =>
    workshop.plugin(["remove", ...words], { isTerminal: stdin !== "", stdin });

  const unheard = await remove(["greet"]);
  const wrong = await remove(["greet", "nobody", "--yes"]);
  const refused = await remove(["greet"], "no\n");
  const before = workshop.installed();
  const removed = await remove(["greet"], "y\n");

  assert.match(unheard.stderr, /^removing greet: nobody is at a terminal to agree to it$/m);
  assert.match(wrong.stderr, /^looking for plugin "nobody": it is not installed$/m);
  assert.match(refused.stderr, /^removing greet: the answer was not yes/m);
  assert.deepEqual([unheard.code, wrong.code, refused.code], [1, 1, 1]);
  assert.deepEqual(before, ["grants.json", "greet"]);
  const stdout = `plugin greet: ${workshop.plugins}/greet is removed\nRemove? [y/N]: `;
  assert.deepEqual(removed, { code: 0, stdout, stderr: "" });
  assert.deepEqual(workshop.installed(), ["grants.json"]);
  const grants = JSON.parse(await Deno.readTextFile(`${workshop.plugins}/grants.json`));
  assert.deepEqual(grants.plugins, {});
});

Deno.test("plugin remove clears away what is broken, and what is gone already", async () => {
  await using workshop = await createWorkshop();
  await everyState(workshop);

  const { code, stderr } = await workshop.plugin([
    ...["remove", "broken", "changed", "gone", "stranger", "--yes"],
  ]);

  assert.equal(code, 0, stderr);
  assert.deepEqual(workshop.installed(), ["fine", "grants.json"]);
});

Deno.test("plugin doctor names every problem with what helps, and fails", async () => {
  await using workshop = await createWorkshop();
  await everyState(workshop);
  const bin = `${workshop.path}/bin`;
  await executable(`${bin}/talosctl-version`);

  const outcome = await workshop.plugin(["doctor", "-o", "json"], { env: { PATH: bin } });

  const findings = outcome.stdout.trim().split(/(?<=^})\n/m).map((text) => JSON.parse(text));
  const { plugins } = workshop;
  assert.deepEqual(findings.map(({ name, help }) => [name, help]), [
    ["broken", "talosctl plugin update broken, or talosctl plugin remove broken"],
    [
      "changed",
      `talosctl plugin add ${plugins}/changed to approve it as it is, or ` +
      "talosctl plugin update changed",
    ],
    ["stranger", `talosctl plugin add ${plugins}/stranger`],
    ["gone", "talosctl plugin update gone, or talosctl plugin remove gone"],
    ["version", `rename ${bin}/talosctl-version to talosctl- and a free name`],
  ]);
  assert.match(findings[0].problem, /^plugin\.json: /);
  assert.deepEqual(findings.slice(1).map(({ problem }) => problem), [
    "its files have changed since it was approved",
    "it was never approved",
    "its folder is gone",
    `never run: "talosctl version" is in its place`,
  ]);
  assert.match(outcome.stderr, /^doctor: 5 problems$/m);
  assert.equal(outcome.code, 1);
});

Deno.test("plugin doctor says so when nothing is wrong", async () => {
  await using workshop = await createWorkshop();
  await added(workshop, "greet");

  const outcome = await workshop.plugin(["doctor"]);

  assert.deepEqual(outcome, { code: 0, stdout: "", stderr: "doctor: no problems\n" });
});

Deno.test("plugin doctor finds two plugins that want one name, and damaged grants", async () => {
  await using workshop = await createWorkshop();
  await added(workshop, "greet");
  const other = `${workshop.path}/other/plugins`;
  await added(workshop, "aaa");
  await Deno.mkdir(other, { recursive: true });
  const env = { TALOSCTL_PLUGINS: `${other}:${workshop.plugins}` };
  const source = await workshop.write("elsewhere", {
    ...greeter("bbb"),
    "plugin.ts": String(greeter("greet")["plugin.ts"]).replace(`name: "greet"`, `name: "bbb"`),
  });
  const first = await workshop.plugin(["add", source, "--yes"], {
    env: { TALOSCTL_PLUGINS: other },
  });
  assert.equal(first.code, 0, first.stderr);

  const clash = await workshop.plugin(["doctor", "-o", "json"], { env });
  await Deno.writeTextFile(`${workshop.plugins}/grants.json`, "{");
  const damaged = await workshop.plugin(["doctor", "-o", "jsonpath={.problem}"], { env });

  assert.match(clash.stdout, /"help": "one of the two has to go: talosctl plugin remove greet"/);
  assert.equal(clash.code, 1);
  assert.match(damaged.stdout, /^reading .*grants\.json: /m);
  assert.equal(damaged.code, 1);
});

Deno.test("names of plugins are completed, with their states", async () => {
  await using workshop = await createWorkshop();
  await everyState(workshop);

  const { stdout } = await workshop.talosctl(["__complete", "plugin", "remove", ""]);

  assert.equal(
    stdout,
    "broken\tbroken\nchanged\tchanged\nfine\tapproved\nstranger\tnot approved\ngone\tmissing\n:4\n",
  );
});
