/** What plugins do in their Workers, and what of it a user sees: calls, streams, questions, progress, and all that goes wrong. */

import assert from "node:assert/strict";
import { startSandbox } from "../../mod.ts";
import { createPluginHome, type PluginHome } from "../plugin_folder.ts";
import { runProgram } from "../talosctl.ts";

/** A plugin with one command of its own name; `command` has further fields of it. */
function code(name: string, run: string, { command = "", before = "" } = {}): string {
  return `${before}
export default {
  name: "${name}",
  apiVersion: 1,
  register(registry) {
    registry.command({
      path: ["${name}"],
      summary: "Try",
      group: "talos",
      args: { rule: "any" },
      flags: {},
      targets: "none",
      ${command}
      ${run}
    });
  },
};
`;
}

/** Runs a plugin's command in this process, against what is installed in a home. */
function runInstalled(
  home: PluginHome,
  words: readonly string[],
  options: Parameters<typeof runProgram>[1] = {},
) {
  const env = { HOME: home.path, XDG_DATA_HOME: `${home.path}/data`, ...options.env };
  return runProgram(words, { ...options, env });
}

const table = `text: undefined,
  columns: [
    { header: "NAME", cell: ({ name }) => name.toUpperCase() },
    { header: "COUNT", cell: ({ count }) => String(count) },
  ],`;

Deno.test("records are shown in every format, by cells that the plugin computes", async () => {
  await using home = await createPluginHome();
  const run = `*run() { yield { name: "a", count: 1 }; yield { name: "bb", count: 22 }; },`;
  await home.install("records", code("records", run, { command: table }));
  const printed = async (...words: string[]) => (await runInstalled(home, ["records", ...words]));

  const outputs = [
    await printed(),
    await printed("-o", "json"),
    await printed("-o", "yaml"),
    await printed("-o", "jsonpath={.count}"),
    await printed("-o", "name"),
  ].map(({ code, stdout, stderr }) => ({ code, stdout, stderr }));

  const good = (stdout: string) => ({ code: 0, stdout, stderr: "" });
  assert.deepEqual(outputs, [
    good("NAME   COUNT\nA      1\nBB     22\n"),
    good(`{\n    "name": "a",\n    "count": 1\n}\n{\n    "name": "bb",\n    "count": 22\n}\n`),
    good("name: a\ncount: 1\n---\nname: bb\ncount: 22\n"),
    good("1\n22\n"),
    good("a\nbb\n"),
  ]);
});

Deno.test("a table without rows has its header, a text without records nothing", async () => {
  await using home = await createPluginHome();
  await home.install("empty", code("empty", "*run() {},", { command: table }));
  await home.install("silent", code("silent", "*run() {},", { command: `text: () => "x",` }));

  assert.equal((await runInstalled(home, ["empty"])).stdout, "NAME   COUNT\n");
  assert.deepEqual(await runInstalled(home, ["silent"]), { code: 0, stdout: "", stderr: "" });
});

Deno.test("layouts, documents and names of the plugin's own are used", async () => {
  await using home = await createPluginHome();
  const own = `layout: ({ args, first, nodes }) => ({
      rows: (record, { now }) => [[args[0], first.name, typeof now.getTime()], [record.name]],
    }),
    formats: { json: (record) => "own " + record.name + "\\n" },
    nameOf: (record) => "the " + record.name,`;
  await home.install("own", code("own", `*run() { yield { name: "a" }; },`, { command: own }));

  const outputs = await Promise.all(
    ["table", "json", "yaml", "name"].map(async (format) =>
      (await runInstalled(home, ["own", "x", "-o", format])).stdout
    ),
  );

  assert.deepEqual(outputs, ["x   a   number\na\n", "own a\n", "name: a\n", "the a\n"]);
});

Deno.test("calls of every kind are answered: one, a stream, many nodes, a failed node, a stream sent", async () => {
  await using home = await createPluginHome();
  await using sandbox = await startSandbox({ controlPlanes: 2 });
  const talosconfig = `${home.path}/talosconfig`;
  await sandbox.writeTalosconfig(talosconfig);
  sandbox.fault("10.5.0.3", "down");
  const run = `async *run({ talos, nodes }) {
    const [node] = await nodes();
    const machine = await talos.node(node).service("machine.MachineService");
    const { messages } = await machine.version({});
    yield messages[0].version.tag + "\\n";
    let bytes = 0;
    for await (const { bytes: chunk } of machine.read({ path: "/etc/os-release" })) bytes += chunk?.length ?? 0;
    yield bytes > 0 ? "read\\n" : "nothing\\n";
    const many = await talos.nodes(["10.5.0.2", "10.5.0.3"]).service("machine.MachineService");
    for await (const answer of many.hostname({})) {
      if (answer.error) yield answer;
      else yield answer.node + " " + answer.value.messages[0].hostname + "\\n";
    }
    try {
      await machine.read({ path: "/no/such/file" })[Symbol.asyncIterator]().next();
    } catch (error) {
      yield error.name + " " + error.code + "\\n";
    }
    const recover = machine.etcdRecover((async function* () {
      for (let count = 0; count < 10; count++) yield { bytes: new Uint8Array(1000) };
    })());
    yield await recover.then(() => "recovered\\n", (error) => error.code + "\\n");
  },`;
  await home.install("calls", code("calls", run), { rpcs: "all" });

  const { code: status, stdout, stderr } = await runInstalled(home, ["calls", "-n", "10.5.0.2"], {
    env: { TALOSCONFIG: talosconfig },
  });

  const lines = stdout.split("\n");
  assert.deepEqual(lines.slice(0, 2), ["v1.14.0-beta.1", "read"]);
  assert.match(lines[2] ?? "", /^10\.5\.0\.2 /);
  assert.match(lines[3] ?? "", /^CliError \w+$/);
  assert.equal(lines[4], "recovered");
  assert.match(stderr, /^error from node 10\.5\.0\.3: rpc error: code = Unavailable/);
  assert.equal(status, 1);
});

Deno.test("a call outside of the grant is refused before anything goes out", async () => {
  await using home = await createPluginHome();
  await using sandbox = await startSandbox();
  const talosconfig = `${home.path}/talosconfig`;
  await sandbox.writeTalosconfig(talosconfig);
  const run = `async *run({ talos, args: [method] }) {
    const machine = await talos.node("10.5.0.2").service("machine.MachineService");
    yield JSON.stringify(Object.keys(await machine[method]({}))) + "\\n";
  },`;
  await home.install("caller", code("caller", run), { rpcs: "read-only" });
  const call = (method: string) =>
    runInstalled(home, ["caller", method], { env: { TALOSCONFIG: talosconfig } });

  const allowed = await call("version");
  const before = sandbox.calls.length;
  const refused = await call("reboot");
  await home.approve("caller", { permissions: {}, rpcs: ["machine.MachineService/Hostname"] });
  const named = await call("hostname");
  const after = sandbox.calls.length;
  const other = await call("version");

  assert.deepEqual(allowed, { code: 0, stdout: '["messages"]\n', stderr: "" });
  assert.deepEqual(refused, {
    code: 1,
    stdout: "",
    stderr: "calling machine.MachineService/Reboot: plugin caller was not granted this call\n" +
      'it may make calls that only read; its plugin.json asks for calls under "rpcs"\n',
  });
  assert.equal(named.stdout, '["messages"]\n');
  assert.equal(after - before, 1);
  assert.match(other.stderr, /^calling machine\.MachineService\/Version: plugin caller was not/);
  assert.equal(sandbox.calls.length, after);
});

Deno.test("a plugin that may only read sees no sensitive resource, whoever runs it", async () => {
  await using home = await createPluginHome();
  await using sandbox = await startSandbox();
  const talosconfig = `${home.path}/talosconfig`;
  await sandbox.writeTalosconfig(talosconfig);
  const run = `async *run({ talos, args: [namespace, type, id] }) {
    const state = await talos.node("10.5.0.2").service("cosi.resource.State");
    const { resource } = await state.get({ namespace, type, id });
    yield resource.metadata.id + "\\n";
  },`;
  await home.install("getter", code("getter", run), { rpcs: "read-only" });
  const get = (...words: string[]) =>
    runInstalled(home, ["getter", ...words], { env: { TALOSCONFIG: talosconfig } });

  const open = await get("network", "HostnameStatuses.net.talos.dev", "hostname");
  const closed = await get("config", "MachineConfigs.config.talos.dev", "v1alpha1");
  await home.approve("getter", { permissions: {}, rpcs: "all" });
  const granted = await get("config", "MachineConfigs.config.talos.dev", "v1alpha1");

  assert.deepEqual(open, { code: 0, stdout: "hostname\n", stderr: "" });
  assert.deepEqual([closed.code, closed.stdout], [1, ""]);
  assert.match(
    closed.stderr,
    /^reading resources of type "MachineConfigs\.config\.talos\.dev": they are sensitive\n/,
  );
  assert.equal(granted.stdout, "v1alpha1\n");
});

Deno.test("a .proto file outside of the plugin's folder is not read", async () => {
  await using home = await createPluginHome();
  const plugin = code("outside", `*run() { yield "ran\\n"; },`).replace(
    "registry.command",
    `registry.proto(new URL("file:///etc/hostname"));\nregistry.command`,
  );
  await home.install("outside", plugin);

  const { code: status, stdout, stderr } = await runInstalled(home, ["outside"]);

  assert.deepEqual([status, stdout], [1, ""]);
  assert.match(stderr, /its \.proto file file:\/\/\/etc\/hostname is outside of its folder\n$/);
});

Deno.test("no key, certificate or password of the talosconfig comes to a plugin", async () => {
  await using home = await createPluginHome();
  await using sandbox = await startSandbox({ name: "lab" });
  const talosconfig = `${home.path}/talosconfig`;
  await sandbox.writeTalosconfig(talosconfig);
  const text = await Deno.readTextFile(talosconfig);
  const secrets = [...text.matchAll(/^\s*(?:ca|crt|key): (\S+)$/gm)].map(([, value = ""]) => value);
  // Every value of every message and of ctx, and what the buffers behind bytes hold.
  const before = `const seen = [];
    globalThis.addEventListener("message", ({ data }) => seen.push(data));
    function walk(value, found = new Set(), depth = 0) {
      if (typeof value === "string") found.add(value);
      else if (ArrayBuffer.isView(value)) {
        found.add(new TextDecoder("latin1").decode(new Uint8Array(value.buffer)));
      } else if (value instanceof Map || value instanceof Set) walk([...value], found, depth + 1);
      else if (typeof value === "object" && value !== null && depth < 30) {
        for (const key of Reflect.ownKeys(value)) {
          try { walk(value[key], found, depth + 1); } catch {}
        }
      }
      return found;
    }`;
  const run = `async *run(ctx) {
    const { config } = await ctx.config.open();
    const nodes = await ctx.nodes();
    const machine = await ctx.talos.node(nodes[0]).service("machine.MachineService");
    await machine.version({});
    for await (const _ of machine.read({ path: "/etc/os-release" }));
    try { await ctx.talos.node("x\\0").ownService("none"); } catch (error) { seen.push(error); }
    for (const text of walk([seen, ctx, config])) yield text + "\\n";
    yield "names " + [...config.contexts.keys()] + "\\n";
  },`;
  await home.install("walker", code("walker", run, { before }), { rpcs: "all" });

  const { code: status, stdout, stderr } = await runInstalled(
    home,
    ["walker", "-n", "10.5.0.2"],
    { env: { TALOSCONFIG: talosconfig } },
  );

  assert.deepEqual([status, stderr], [0, ""]);
  assert.equal(secrets.length, 3);
  for (const secret of secrets) {
    assert.ok(!stdout.includes(secret));
    assert.ok(!stdout.includes(atob(secret).slice(40, 90)));
  }
  assert.ok(!/BEGIN (?:CERTIFICATE|.*KEY)/.test(stdout));
  assert.match(stdout, /^names lab$/m);
  assert.match(stdout, /10\.5\.0\.2/);
});

Deno.test("questions, answers, progress, notes, input and the clock go through", async () => {
  await using home = await createPluginHome();
  const run = `async *run({ prompt, progress, note, now, env, out, given, version }) {
    yield "first\\n";
    const sure = await prompt.confirm("sure? ");
    const line = await prompt.line("line? ");
    progress.update("half");
    progress.update("done", "succeeded");
    note("a note");
    yield JSON.stringify([sure, line, now().getFullYear(), env("LANG") ?? null, out.stdout.isTerminal]) + "\\n";
  },`;
  await home.install("asking", code("asking", run), { permissions: { env: ["LANG"] } });

  const outcome = await runInstalled(home, ["asking"], {
    stdin: "yes\nhello\n",
    env: { LANG: "C", OTHER: "x" },
    now: () => new Date("2030-05-05T00:00:00Z"),
  });

  assert.deepEqual(outcome, {
    code: 0,
    stdout: 'first\nsure? line? [true,"hello",2030,"C",false]\n',
    stderr: "half\ndone\na note\n",
  });
});

Deno.test("piped input comes to a plugin as it is", async () => {
  await using home = await createPluginHome();
  const run = `async *run({ stdin }) { for await (const chunk of stdin) yield chunk; },`;
  await home.install("echo", code("echo", run));

  const { stdout } = await runInstalled(home, ["echo"], { stdin: "some\ninput" });

  assert.equal(stdout, "some\ninput");
});

Deno.test("words are completed by a plugin's completer", async () => {
  await using home = await createPluginHome();
  const plugin = code("fruit", "*run() {},", {
    command: `args: { rule: "any", completion: { positions: [], rest: "fruit" } },`,
  }).replace(
    "registry.command",
    `registry.completer("fruit", async ({ args }, word) => ({
      candidates: ["apple\\tred", "pear"].filter((it) => it.startsWith(word)),
      directive: 4,
    }));
    registry.command`,
  );
  await home.install("fruit", plugin);

  const { stdout } = await runInstalled(home, ["__complete", "fruit", "a"]);

  assert.equal(stdout, "apple\tred\n:4\n");
});

const failing: [what: string, run: string, stderr: RegExp][] = [
  ["throws", `async *run() { throw new Error("out of order"); },`, /^plugin bad: out of order\n$/],
  ["throws at once", `run() { throw new Error("at once"); },`, /^plugin bad: at once\n$/],
  ["throws no error", `*run() { throw 5; },`, /^plugin bad: 5\n$/],
  [
    "throws an error for the user",
    `*run() { throw Object.assign(new Error("no fruit"), { hint: "buy some" }); },`,
    /^no fruit\nbuy some\n$/,
  ],
  [
    "leaves a promise",
    `async *run() { Promise.reject(new Error("left")); await new Promise(() => {}); },`,
    /^plugin bad: left\n$/,
  ],
  [
    "throws in a timer",
    `async *run() { setTimeout(() => { throw new Error("later"); }); await new Promise(() => {}); },`,
    /^plugin bad: later\n$/,
  ],
  ["ends the process", `*run() { Deno.exit(0); },`, /^plugin bad: it tried to end the program\n$/],
  ["closes its thread", `*run() { close(); },`, /^plugin bad: it tried to end the program\n$/],
  ["yields nothing", `*run() { yield null; },`, /^plugin bad: it yielded null\n$/],
  [
    "asks for what is not there",
    `async *run({ talos }) { await talos.service("no.Such"); },`,
    /^calling service "no\.Such": no such service is known\n/,
  ],
];

for (const [what, run, expected] of failing) {
  Deno.test(`a plugin that ${what} fails with a line, and what it printed before stands`, async () => {
    await using home = await createPluginHome();
    const body = run.replace(/\{ /, `{ ${run.includes("*run") ? `yield "before\\n"; ` : ""}`);
    await home.install("bad", code("bad", run.includes("({") ? run : body));

    const { code: status, stdout, stderr } = await runInstalled(home, ["bad"]);

    assert.equal(status, 1);
    assert.match(stderr, expected);
    assert.match(stdout, /^(?:before\n)?$/);
  });
}

Deno.test("a record that is no data fails with a line, behind those before it", async () => {
  await using home = await createPluginHome();
  const run = `*run() { yield { name: "a" }; yield { name: "b" }; yield { f() {} }; },`;
  await home.install("bad", code("bad", run, { command: `text: () => "x\\n",` }));

  const { code: status, stdout, stderr } = await runInstalled(home, ["bad", "-o", "name"]);

  assert.deepEqual([status, stdout], [1, "a\nb\n"]);
  assert.match(stderr, /^plugin bad: .*could not be cloned/);
});

Deno.test("what a plugin prints by itself goes to stderr, line by line", async () => {
  await using home = await createPluginHome();
  const run = `async *run() {
    console.log("one", { two: 2 });
    console.error("three");
    Deno.stdout.writeSync(new TextEncoder().encode("fo"));
    await Deno.stderr.write(new TextEncoder().encode("ur\\nfive\\n"));
    yield "record\\n";
  },`;
  await home.install("noisy", code("noisy", run));

  const outcome = await home.run(["noisy"]);

  assert.deepEqual(outcome, {
    code: 0,
    stdout: "record\n",
    stderr: "one { two: 2 }\nthree\nfour\nfive\n",
  });
});

Deno.test("a plugin that floods stderr has the rest dropped and counted", async () => {
  await using home = await createPluginHome();
  const run = `*run({ note }) {
    for (let count = 0; count < 100000; count++) note("line " + count);
    yield "done\\n";
  },`;
  await home.install("flood", code("flood", run));

  const { code: status, stdout, stderr } = await home.run(["flood"]);

  assert.deepEqual([status, stdout], [0, "done\n"]);
  const lines = stderr.trimEnd().split("\n");
  assert.ok(lines.length < 2100, String(lines.length));
  assert.match(lines.at(-1) ?? "", /^\(\d+ more lines were dropped\)$/);
});

for (
  const body of [
    "await new Promise(() => {});",
    "while (true);",
    `while (true) console.log("x");`,
  ]
) {
  Deno.test(`Ctrl-C ends a plugin that goes on with ${body}`, async () => {
    await using home = await createPluginHome();
    const run =
      `async *run({ note }) { yield "begun\\n"; await 0; await new Promise((go) => setTimeout(go, 50)); ${body} },`;
    await home.install("stubborn", code("stubborn", run));
    const interrupt = new AbortController();

    const { code: status, stdout, stderr } = await runInstalled(home, ["stubborn"], {
      interrupt: interrupt.signal,
      onStdout: () => interrupt.abort(),
    });

    assert.deepEqual([status, stdout], [1, "begun\n"]);
    assert.match(stderr, /^Signal received/);
    assert.match(stderr, /plugin stubborn: ended, for it went on after the interrupt\n$/);
  });
}

Deno.test("a plugin that heeds its signal ends in its own way", async () => {
  await using home = await createPluginHome();
  const run = `async *run({ signal }) {
    yield "begun\\n";
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    yield "cleaned up\\n";
  },`;
  await home.install("polite", code("polite", run));
  const interrupt = new AbortController();

  const { code: status, stdout } = await runInstalled(home, ["polite"], {
    interrupt: interrupt.signal,
    onStdout: () => interrupt.abort(),
  });

  assert.deepEqual([status, stdout], [0, "begun\ncleaned up\n"]);
});

Deno.test("a plugin that yields without end waits for its reader", async () => {
  await using home = await createPluginHome();
  const run = `*run({ note }) {
    for (let count = 0; ; count++) {
      if (count % 1000 === 0) note(String(count));
      yield "x".repeat(1000) + "\\n";
    }
  },`;
  await home.install("endless", code("endless", run));
  const process = new Deno.Command("sh", {
    args: [
      "-c",
      `"$@" 2>"$HOME/notes" | { head -c 100000 >/dev/null; sleep 1; }`,
      "sh",
      Deno.execPath(),
      "run",
      "-A",
      new URL("../../cli/main.ts", import.meta.url).pathname,
      "endless",
    ],
    clearEnv: true,
    env: home.environment,
  });

  await process.output();

  const last = (await Deno.readTextFile(`${home.path}/notes`)).trimEnd().split("\n").at(-1);
  // What was read, the pipe, and four batches; never a second's worth.
  assert.ok(Number(last) < 5000, `${last}`);
});

Deno.test("a plugin cannot offer provisioners, nor take the flags that choose whom to connect to", async () => {
  await using home = await createPluginHome();
  const provisioner = code("offers", "*run() {},").replace(
    "registry.command",
    `registry.provisioner({ name: "x", destroy() {} });\nregistry.command`,
  );
  await home.install("offers", provisioner);
  const flags = `flags: { endpoints: { type: "strings", help: "", default: ["evil"] } },`;
  await home.install("flags", code("flags", "*run() {},", { command: flags }));

  const { stderr } = await runInstalled(home, ["config", "contexts"]);

  const lines = stderr.trimEnd().split("\n").map((line) => line.replace(/^.*plugins\//, ""));
  assert.deepEqual(lines, [
    `flags is left out: its "flags" declares the flag "endpoints", which decides whom the program connects to`,
    "offers is left out: it offers a provisioner, which third-party plugins cannot",
  ]);
});

Deno.test("a developer's folder runs as its manifest asks, itself or one above it", async () => {
  await using home = await createPluginHome();
  const run = `*run() { yield Deno.env.get("HOME") !== undefined ? "home\\n" : ""; },`;
  await home.install("dev", code("dev", run), { permissions: { env: ["HOME"] } });
  await Deno.remove(`${home.plugins}/grants.json`);

  const outcomes = [
    await home.run(["--plugin-dir", home.plugins, "dev"]),
    await home.run(["--plugin-dir", `${home.plugins}/dev`, "dev"]),
  ];

  const good = { code: 0, stdout: "home\n", stderr: "" };
  assert.deepEqual(outcomes, [good, good]);
});
