/** Third-party plugins, met by the program as a process: found, listed, run, remembered and left out. */

import assert from "node:assert/strict";
import { startSandbox } from "../../mod.ts";
import { createPluginHome, greeting } from "../plugin_folder.ts";

/** A plugin as its author would write it: types by name only, everything else through `ctx`. */
const uptimePlugin = `
import type { Command, Plugin } from "${new URL("../../mod.ts", import.meta.url).href}";

const builds: Command<{ node: string; tag: string }> = {
  path: ["builds"],
  summary: "Show what nodes run",
  group: "talos",
  args: { rule: "none" },
  flags: {},
  targets: "many",
  columns: [
    { header: "NODE", cell: ({ node }) => node },
    { header: "TAG", cell: ({ tag }) => tag },
  ],
  async *run({ nodes, talos }) {
    for (const node of await nodes()) {
      const machine = await talos.node(node).service("machine.MachineService");
      const { messages } = await machine.version({});
      for (const { version } of messages) yield { node, tag: version?.tag ?? "" };
    }
  },
};

export default { name: "builds", apiVersion: 1, register: (registry) => registry.command(builds) } satisfies Plugin;
`;

Deno.test("a plugin's command prints what nodes say in every output format", async () => {
  await using home = await createPluginHome();
  await using sandbox = await startSandbox();
  const talosconfig = `${home.path}/talosconfig`;
  await sandbox.writeTalosconfig(talosconfig);
  await home.install("builds", uptimePlugin, { rpcs: ["machine.MachineService/Version"] });
  const builds = (...words: string[]) =>
    home.run(["builds", "-n", "10.5.0.2", ...words], { TALOSCONFIG: talosconfig });

  const outputs = {
    table: await builds(),
    json: await builds("-o", "json"),
    yaml: await builds("-o", "yaml"),
    jsonpath: await builds("-o", "jsonpath={.tag}"),
    name: await builds("-o", "name"),
  };

  const tag = "v1.14.0-beta.1";
  const printed = (stdout: string) => ({ code: 0, stdout, stderr: "" });
  assert.deepEqual(outputs, {
    table: printed(`NODE       TAG\n10.5.0.2   ${tag}\n`),
    json: printed(`{\n    "node": "10.5.0.2",\n    "tag": "${tag}"\n}\n`),
    yaml: printed(`node: 10.5.0.2\ntag: ${tag}\n`),
    jsonpath: printed(`${tag}\n`),
    name: printed("10.5.0.2\n"),
  });
});

Deno.test("a plugin's command is helped, completed and suggested like any other", async () => {
  await using home = await createPluginHome();
  await home.install("greet", greeting("greet", "greet"));

  const help = await home.run(["help"]);
  const completion = await home.run(["__complete", "gre"]);
  const withFlag = await home.run(["__complete", "--plugin-dir", home.plugins, "gre"], {
    XDG_DATA_HOME: "/nowhere",
  });
  const suggestion = await home.run(["gret"]);

  assert.match(help.stdout, /^ {2}greet +Greet$/m);
  assert.equal(completion.stdout, "greet\tGreet\n:4\n");
  assert.equal(withFlag.stdout, completion.stdout);
  assert.match(suggestion.stderr, /^Did you mean this\?\n\tgen\n\tget\n\tgreet\n/m);
});

Deno.test("plugins are found by variable, and by a flag before the command", async () => {
  await using home = await createPluginHome();
  await home.install("greet", greeting("greet", "greet"));
  const elsewhere = { XDG_DATA_HOME: `${home.path}/nowhere` };

  const outcomes = [
    await home.run(["greet"], { ...elsewhere, TALOSCTL_PLUGINS: `/nowhere:${home.plugins}` }),
    await home.run(["--plugin-dir", home.plugins, "greet"], elsewhere),
    await home.run([`--plugin-dir=${home.plugins}`, "greet"], elsewhere),
  ];
  const without = await home.run(["greet"], elsewhere);

  const greeted = { code: 0, stdout: "hello\n", stderr: "" };
  assert.deepEqual(outcomes, [greeted, greeted, greeted]);
  assert.equal(without.code, 1);
});

Deno.test("a plugin is imported when it is new, and when its command runs", async () => {
  await using home = await createPluginHome();
  const trace = `${home.path}/imports`;
  const tracing = `Deno.writeTextFileSync(${JSON.stringify(trace)}, "x", { append: true });\n`;
  const imports = () => Deno.readTextFileSync(trace).length;
  await home.install("greet", tracing + greeting("greet", "greet"), {
    permissions: { write: [trace] },
  });

  const counts: number[] = [];
  for (const words of [["version", "--client"], ["version", "--client"], ["greet"]]) {
    await home.run(words);
    counts.push(imports());
  }

  assert.deepEqual(counts, [1, 1, 2]);
});

Deno.test("a plugin that was changed does not run until it is approved again", async () => {
  await using home = await createPluginHome();
  await home.install("greet", greeting("greet", "greet"));
  await home.run(["greet"]);
  const changed = greeting("greet", "greet", "good morning");
  await Deno.writeTextFile(`${home.plugins}/greet/plugin.ts`, changed);
  const folder = `${await Deno.realPath(home.plugins)}/greet`;

  const refused = await home.run(["greet"]);
  const unrelated = await home.run(["config", "contexts"]);
  await home.approve("greet");
  const approved = await home.run(["greet"]);

  assert.deepEqual(refused, {
    code: 1,
    stdout: "",
    stderr: `plugin ${folder} has changed since it was approved\n` +
      `if that was you: talosctl plugin add ${folder}\n`,
  });
  assert.equal(unrelated.stderr, "");
  assert.deepEqual(approved, { code: 0, stdout: "good morning\n", stderr: "" });
});

Deno.test("a file beside the code counts as code", async () => {
  await using home = await createPluginHome();
  await home.install("greet", greeting("greet", "greet"));
  await home.run(["greet"]);
  await Deno.writeTextFile(`${home.plugins}/greet/more.txt`, "");

  assert.match((await home.run(["greet"])).stderr, /has changed since it was approved/);
});

Deno.test("a plugin that nobody approved is not imported, and named where its command may be meant", async () => {
  await using home = await createPluginHome();
  const trace = `${home.path}/imports`;
  await home.install("greet", `Deno.writeTextFileSync(${JSON.stringify(trace)}, "x");`);
  await Deno.remove(`${home.plugins}/grants.json`);
  const folder = `${await Deno.realPath(home.plugins)}/greet`;

  const unrelated = await home.run(["config", "contexts"]);
  const meant = await home.run(["greet"]);

  assert.equal(unrelated.stderr, "");
  assert.ok(
    meant.stderr.startsWith(
      `WARNING: plugin ${folder} is not approved yet: talosctl plugin add ${folder}\n` +
        `unknown command "greet" for "talosctl"\n`,
    ),
    meant.stderr,
  );
  await assert.rejects(Deno.stat(trace));
});

Deno.test("a command whose plugin lost its approval says so", async () => {
  await using home = await createPluginHome();
  await home.install("greet", greeting("greet", "greet"));
  await home.run(["greet"]);
  await Deno.remove(`${home.plugins}/grants.json`);

  const { code, stderr } = await home.run(["greet"]);

  assert.equal(code, 1);
  assert.match(stderr, /^plugin .*\/greet is not approved yet\ntalosctl plugin add .*\/greet\n$/);
});

Deno.test("a damaged grants file approves nothing, and costs one warning", async () => {
  await using home = await createPluginHome();
  await home.install("greet", greeting("greet", "greet"));
  await home.run(["greet"]);
  await Deno.writeTextFile(`${home.plugins}/grants.json`, "{");

  const refused = await home.run(["greet"]);
  const unrelated = await home.run(["config", "contexts"]);

  assert.match(refused.stderr, /is not approved yet/);
  assert.match(
    unrelated.stderr,
    /^WARNING: no plugin of .* is approved: reading .*grants\.json: .*\n$/,
  );
  assert.equal(unrelated.code, 0);
});

Deno.test("a removed plugin is forgotten", async () => {
  await using home = await createPluginHome();
  await home.install("greet", greeting("greet", "greet"));
  await home.install("other", greeting("other", "other"));
  assert.equal((await home.run(["greet"])).code, 0);
  assert.match(await Deno.readTextFile(home.cacheFile), /"greet"/);

  await Deno.remove(`${home.plugins}/greet`, { recursive: true });
  const { code, stderr } = await home.run(["greet"]);

  assert.equal(code, 1);
  assert.match(stderr, /^unknown command "greet" for "talosctl"\n/);
});

const broken: [what: string, code: string, manifest: Record<string, unknown>, reason: RegExp][] = [
  ["throws", `throw new Error("out of order");`, {}, /out of order/],
  ["has no plugin", "export default 5;", {}, /no plugin of apiVersion 1/],
  ["is no code", "export default {", {}, /./],
  ["ends the process", "Deno.exit(3);", {}, /it tried to end the program$/],
  ["is of another version", greeting("broken", "b"), { apiVersion: 2 }, /this program knows 1/],
  ["has another name", greeting("someone", "b"), {}, /"someone"/],
  ["leads outside", greeting("broken", "b"), { entry: "../p.ts" }, /outside the plugin's folder/],
  ["has a command of no shape", greeting("broken", "Not-A-Word"), {}, /command/],
];

for (const [what, code, manifest, reason] of broken) {
  Deno.test(`a plugin that ${what} costs one warning and nothing else`, async () => {
    await using home = await createPluginHome();
    await home.install("broken", code, manifest);
    await home.install("greet", greeting("greet", "greet"));

    const first = await home.run(["greet"]);
    const second = await home.run(["greet"]);

    for (const { code, stdout, stderr } of [first, second]) {
      assert.deepEqual({ code, stdout }, { code: 0, stdout: "hello\n" });
      const [line = "", ...more] = stderr.trimEnd().split("\n");
      assert.ok(line.startsWith(`WARNING: plugin `) && line.includes("/broken is left out: "));
      assert.match(line, reason);
      assert.deepEqual(more, []);
    }
  });
}

Deno.test("a damaged cache is made anew", async () => {
  await using home = await createPluginHome();
  await home.install("greet", greeting("greet", "greet"));
  await home.run(["greet"]);
  const whole = await Deno.readTextFile(home.cacheFile);

  for (const damaged of ["", "null", `{"version":3}`, `{"version":3,"plugins":{"x":{}}}`]) {
    await Deno.writeTextFile(home.cacheFile, damaged);
    assert.deepEqual(await home.run(["greet"]), { code: 0, stdout: "hello\n", stderr: "" });
    assert.equal(await Deno.readTextFile(home.cacheFile), whole);
  }
});

Deno.test("a relative --plugin-dir is looked up where the program runs", async () => {
  await using home = await createPluginHome();
  const warnings: string[] = [];
  for (const place of ["one", "two"]) {
    await Deno.mkdir(`${home.path}/${place}/plugins/greet`, { recursive: true });
    const code = greeting("greet", "greet", place);
    await Deno.writeTextFile(`${home.path}/${place}/plugins/greet/plugin.ts`, code);
    const manifest = `{ "name": "greet", "apiVersion": 1, "entry": "plugin.ts" }`;
    await Deno.writeTextFile(`${home.path}/${place}/plugins/greet/plugin.json`, manifest);
    for (const file of ["plugin.ts", "plugin.json"]) {
      await Deno.utime(`${home.path}/${place}/plugins/greet/${file}`, 1, 1);
    }
  }

  const lines: string[] = [];
  for (const place of ["one", "two"]) {
    const { stdout, stderr } = await home.run(["--plugin-dir", "plugins", "greet"], {}, place);
    lines.push(stdout);
    warnings.push(stderr);
  }

  assert.deepEqual({ lines, warnings }, { lines: ["one\n", "two\n"], warnings: ["", ""] });
});

Deno.test("no plugin takes the place of a command that is there", async () => {
  await using home = await createPluginHome();
  await home.install("a", greeting("a", "greet", "first"));
  await home.install("b", greeting("b", "greet", "second"));
  await home.install("c", greeting("c", "version"));
  await home.install("d", greeting("d", "get members"));
  await home.install("e", greeting("e", "nowhere here"));
  await home.install("f", greeting("f", "ls"));
  await home.install("g", greeting("g", "config greet", "in a group"));
  const folder = await Deno.realPath(home.plugins);

  const { code, stdout, stderr } = await home.run(["greet"]);
  const inGroup = await home.run(["config", "greet"]);

  assert.deepEqual({ code, stdout }, { code: 0, stdout: "first\n" });
  assert.equal(inGroup.stdout, "in a group\n");
  assert.equal(
    stderr,
    `\
WARNING: plugin ${folder}/b: its "greet" is left out, it clashes with that of ${folder}/a
WARNING: plugin ${folder}/c: its "version" is left out, it clashes with a built-in one
WARNING: plugin ${folder}/d: its "get members" is left out, "get" of this program takes no commands below it
WARNING: plugin ${folder}/e: its "nowhere here" is left out, there is no command "nowhere"
WARNING: plugin ${folder}/f: its "ls" is left out, it clashes with a built-in one
`,
  );
});
