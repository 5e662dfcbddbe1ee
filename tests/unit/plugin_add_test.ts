/** `plugin add`: what is asked before anything runs, where plugins may come from, and what is never installed. */

import assert from "node:assert/strict";
import { gzip, tarOf, zipOf } from "../archives.ts";
import { createWorkshop, type Files, greeter } from "../plugin_workshop.ts";

Deno.test("plugin add shows what a plugin asks for, asks, and installs a copy of it", async () => {
  await using workshop = await createWorkshop();
  const rights = { permissions: { net: ["a.example:443"], env: true }, rpcs: "read-only" };
  const source = await workshop.write("greet", {
    ...greeter("greet", { version: "1.2.0", description: "Greets", ...rights }),
    "lib/words.ts": "export const word = 1;\n",
    ".git/config": "",
    "node_modules/left/out.js": "",
  });

  const outcome = await workshop.plugin(["add", source], { isTerminal: true, stdin: "y\n" });
  const run = await workshop.talosctl(["greet"]);

  const question = `plugin greet 1.2.0 from ${source}
Greets
it may:
  connect to: a.example:443
  read environment variables: ANY
  call nodes: methods that only read
Install greet 1.2.0? [y/N]: `;
  const stdout = `${question}added greet 1.2.0\n  talosctl greet\n`;
  assert.deepEqual(outcome, { code: 0, stdout, stderr: "" });
  assert.deepEqual(run, { code: 0, stdout: "hello\n", stderr: "" });
  assert.deepEqual(workshop.installed(), ["grants.json", "greet"]);
  const files = [...Deno.readDirSync(`${workshop.plugins}/greet`)].map(({ name }) => name);
  assert.deepEqual(files.sort(), ["lib", "plugin.json", "plugin.ts"]);
  const { plugins } = JSON.parse(await Deno.readTextFile(`${workshop.plugins}/grants.json`));
  const { sha256, ...grant } = plugins.greet;
  assert.match(sha256, /^[0-9a-f]{64}$/);
  assert.deepEqual(grant, { source, approvedAt: "2026-02-03T04:05:06.000Z", ...rights });
});

Deno.test("plugin add installs nothing unless somebody says yes", async () => {
  await using workshop = await createWorkshop();
  const source = await workshop.write("greet", greeter("greet"));

  const refused = await workshop.plugin(["add", source], { isTerminal: true, stdin: "n\n" });
  const unheard = await workshop.plugin(["add", source], { stdin: "y\n" });

  const lines = `plugin greet from ${source}\nit may:\n  nothing outside its own folder\n`;
  assert.deepEqual(refused, {
    code: 1,
    stdout: `${lines}Install greet? [y/N]: `,
    stderr: "adding greet: the answer was not yes, nothing was changed\n" +
      "--yes answers it beforehand\n",
  });
  assert.deepEqual(unheard, {
    code: 1,
    stdout: "",
    stderr: `${lines}adding greet: nobody is at a terminal to agree to it\n` +
      "--yes agrees beforehand\n",
  });
  assert.deepEqual(workshop.installed(), []);
});

Deno.test("plugin add --yes tells a script what it agreed to, as data", async () => {
  await using workshop = await createWorkshop();
  const source = await workshop.write("greet", greeter("greet", { rpcs: "all" }));

  const added = await workshop.plugin(["add", source, "--yes", "-o", "json"]);
  const again = await workshop.plugin(["add", source, "--yes"]);

  assert.deepEqual(JSON.parse(added.stdout), {
    name: "greet",
    folder: `${workshop.plugins}/greet`,
    source,
    permissions: {},
    rpcs: "all",
    status: "added",
    commands: ["greet"],
  });
  assert.equal(
    added.stderr,
    `plugin greet from ${source}\nit may:\n  call nodes: ANY method\n`,
  );
  const stdout = "greet is installed and approved already\n";
  assert.deepEqual(again, { code: 0, stdout, stderr: "" });
});

Deno.test("plugin add --rpcs grants less than a plugin asks for", async () => {
  await using workshop = await createWorkshop();
  const source = await workshop.write("greet", greeter("greet", { rpcs: "all" }));
  const rpcsOf = async (...words: string[]) => {
    const { stdout } = await workshop.plugin(["add", source, "--yes", "-o", "json", ...words]);
    return JSON.parse(stdout).rpcs;
  };

  assert.equal(await rpcsOf("--rpcs", "read-only"), "read-only");
  assert.deepEqual(await rpcsOf("--rpcs", "none"), []);
  const method = "machine.MachineService/Version";
  assert.deepEqual(await rpcsOf("--rpcs", method), [method]);
  const wrong = await workshop.plugin(["add", source, "--yes", "--rpcs", "some"]);
  assert.match(wrong.stderr, /^--rpcs: /m);
});

Deno.test("plugin add takes archives, with and without a folder around, and single modules", async () => {
  const files = greeter("greet");
  const inFolder = Object.fromEntries(
    Object.entries(files).map(([name, content]) => [`greet-1.0.0/${name}`, content]),
  );
  const sources: [name: string, content: Uint8Array | string][] = [
    ["greet.tar", await tarOf(files)],
    ["greet.tgz", await gzip(await tarOf(inFolder))],
    ["greet.zip", await zipOf(inFolder)],
    ["plugin.ts", String(files["plugin.ts"])],
  ];
  for (const [name, content] of sources) {
    await using workshop = await createWorkshop();
    const beside: Files = name === "plugin.ts" ? files : {};
    const folder = await workshop.write("made here", { ...beside, [name]: content });

    const added = await workshop.plugin(["add", `${folder}/${name}`, "--yes"]);
    const run = await workshop.talosctl(["greet"]);

    assert.equal(added.code, 0, `${name}: ${added.stderr}`);
    assert.equal(run.stdout, "hello\n", `${name}: ${run.stderr}`);
  }
});

Deno.test("plugin add refuses what is no plugin, and leaves nothing behind", async () => {
  const { "plugin.ts": code = "", ...rest } = greeter("greet");
  const sources: [what: string, files: Files, error: RegExp][] = [
    ["no manifest", { "plugin.ts": code }, /it is no plugin, for it has no plugin\.json/],
    [
      "another apiVersion",
      greeter("greet", { apiVersion: 2 }),
      /apiVersion 2, this program knows 1/,
    ],
    ["an unknown key", greeter("greet", { permisions: {} }), /unknown key "permisions"/],
    ["a name that is a path", greeter("../greet"), /the name "\.\.\/greet" is not made of/],
    ["no entry", rest, /the entry "plugin\.ts" of plugin\.json is not there/],
    ["a syntax error", { ...rest, "plugin.ts": "export default {" }, /^adding greet: /m],
    [
      "a grab for what it did not ask for",
      { ...rest, "plugin.ts": `Deno.readTextFileSync("/etc/hosts");\n${code}` },
      /^adding greet: .*read access/m,
    ],
    [
      "another name in its code",
      { ...rest, "plugin.ts": String(code).replace(`name: "greet"`, `name: "other"`) },
      /its name is "other", plugin\.json says "greet"/,
    ],
  ];
  for (const [what, files, error] of sources) {
    await using workshop = await createWorkshop();
    const source = await workshop.write("greet", files);

    const { code, stdout, stderr } = await workshop.plugin(["add", source, "--yes"]);

    assert.match(stderr, error, what);
    assert.doesNotMatch(stderr, /internal error/, what);
    assert.deepEqual({ code, stdout }, { code: 1, stdout: "" }, what);
    assert.deepEqual(workshop.installed().filter((name) => name !== "grants.json"), [], what);
  }
});

Deno.test("plugin add gives up on a plugin whose register never ends", async () => {
  await using workshop = await createWorkshop();
  const source = await workshop.write("greet", {
    ...greeter("greet"),
    "plugin.ts": `export default { name: "greet", apiVersion: 1, register() { for (;;); } };\n`,
  });

  const { code, stderr } = await workshop.plugin(["add", source, "--yes"]);

  assert.match(stderr, /^adding greet: .*no answer within 5 s$/m);
  assert.equal(code, 1);
  assert.deepEqual(workshop.installed(), []);
});

Deno.test("plugin add refuses links, wherever they lead", async () => {
  await using workshop = await createWorkshop();
  const source = await workshop.write("greet", greeter("greet"));
  await Deno.symlink("/etc/hosts", `${source}/hosts`);
  const linked = await tarOf(greeter("greet"), [
    { name: "hosts", type: "symlink", linkname: "/etc/hosts" },
  ]);
  const piped = await tarOf(greeter("greet"), [{ name: "pipe", type: "fifo" }]);
  const archives = await workshop.write("archives", {
    "linked.tar": linked,
    "piped.tar": piped,
    "linked.zip": await zipOf({ hosts: "/etc/hosts" }, 0o120777),
  });
  const errorOf = async (path: string) => (await workshop.plugin(["add", path, "--yes"])).stderr;

  assert.equal(
    await errorOf(source),
    `reading ${source}: "hosts" is a link or a device, not a file or folder\n`,
  );
  assert.equal(
    await errorOf(`${archives}/linked.tar`),
    `reading ${archives}/linked.tar: the entry "hosts" is a symlink, not a file or folder\n`,
  );
  assert.equal(
    await errorOf(`${archives}/piped.tar`),
    `reading ${archives}/piped.tar: the entry "pipe" is a fifo, not a file or folder\n`,
  );
  assert.equal(
    await errorOf(`${archives}/linked.zip`),
    `reading ${archives}/linked.zip: the entry "hosts" is not a file or folder\n`,
  );
  assert.deepEqual(workshop.installed(), []);
});

Deno.test("plugin add writes nothing of an archive that leads out of its folder", async () => {
  for (
    const name of ["../escaped", "lib/../../escaped", "/tmp/escaped", "..\\escaped", "C:escaped"]
  ) {
    for (const [kind, pack] of [["tar", tarOf], ["zip", zipOf]] as const) {
      await using workshop = await createWorkshop();
      const archive = await pack({ ...greeter("greet"), [name]: "x" });
      const folder = await workshop.write("archives", { [`greet.${kind}`]: archive });

      const { code, stderr } = await workshop.plugin(["add", `${folder}/greet.${kind}`, "--yes"]);

      const where = `reading ${folder}/greet.${kind}`;
      const quoted = JSON.stringify(name);
      const error = `${where}: the file ${quoted} would be outside the plugin's folder\n`;
      assert.deepEqual({ code, stderr }, { code: 1, stderr: error });
      assert.deepEqual(workshop.installed(), []);
    }
  }
});

Deno.test("plugin add refuses archives that are damaged, cut short or far too large", async () => {
  await using workshop = await createWorkshop();
  const files = greeter("greet");
  const [tar, zip] = [await tarOf(files), await zipOf(files)];
  const damaged = zip.slice();
  damaged[60] = (damaged[60] ?? 0) ^ 0xff;
  const noise = crypto.getRandomValues(new Uint8Array(4096));
  const overlapping = await zipOf({ first: noise, second: "x" });
  // The last entry of the directory says that its content is as long as the other's, 20 bytes behind its beginning.
  const lastEntry = overlapping.length - 22 - 46 - "second".length;
  new DataView(overlapping.buffer).setUint32(lastEntry + 20, noise.length, true);
  const folder = await workshop.write("archives", {
    "overlapping.zip": overlapping,
    "cut.tar": tar.subarray(0, tar.length - 1536),
    "cut.tgz": (await gzip(tar)).subarray(0, 100),
    "cut.zip": zip.subarray(0, zip.length - 30),
    "damaged.zip": damaged,
    "bomb.tgz": await gzip(new Uint8Array(80 * 1024 * 1024)),
    "bomb.zip": await zipOf({ zeros: new Uint8Array(40 * 1024 * 1024) }),
    "plugin.exe": "MZ",
  });
  const errorOf = async (name: string) => {
    const { stderr } = await workshop.plugin(["add", `${folder}/${name}`, "--yes"]);
    return stderr.replace(`reading ${folder}/${name}: `, "");
  };

  assert.match(await errorOf("cut.tar"), /^it is no whole tar archive: /);
  assert.equal(await errorOf("cut.tgz"), "unexpected EOF\n");
  assert.match(await errorOf("cut.zip"), /^it is no whole zip archive: End of central directory/);
  assert.equal(await errorOf("overlapping.zip"), "it is no whole zip archive\n");
  assert.match(await errorOf("damaged.zip"), /^the file "plugin\.json" is damaged$/m);
  assert.equal(await errorOf("bomb.tgz"), "it is larger than 32 MiB\n");
  assert.equal(await errorOf("bomb.zip"), "it is larger than 32 MiB\n");
  assert.match(await errorOf("plugin.exe"), /^it is neither a tar archive/);
  assert.deepEqual(workshop.installed(), []);
});

Deno.test("plugin add refuses names that are taken, by the program or by another plugin", async () => {
  await using workshop = await createWorkshop();
  const greet = await workshop.write("greet", greeter("greet"));
  await workshop.plugin(["add", greet, "--yes"]);
  const wants = async (name: string, path: string[]) => {
    const files = greeter(name);
    const code = String(files["plugin.ts"]).replace(`["${name}"]`, JSON.stringify(path));
    return await workshop.write(name, { ...files, "plugin.ts": code });
  };
  const errorOf = async (source: string) => {
    const { code, stderr } = await workshop.plugin(["add", source, "--yes"]);
    assert.equal(code, 1);
    return stderr;
  };

  // Its own name comes first in the alphabet, and what it wants is taken all the same.
  const { plugins } = workshop;
  const clash = `its "greet" is left out, it clashes with that of ${plugins}/greet`;
  const lines = (await errorOf(await wants("aaa", ["greet"]))).split("\n").slice(-3, -1);
  assert.deepEqual(lines, [
    `plugin ${plugins}/aaa: ${clash}`,
    "adding aaa: it wants names that are taken, nothing was changed",
  ]);
  assert.match(await errorOf(await wants("mine", ["version"])), /clashes with a built-in one$/m);
  const other = await workshop.write("elsewhere", greeter("greet", { version: "6.6.6" }));
  assert.equal(
    await errorOf(other),
    `adding greet: a plugin of this name is installed from ${greet}\n` +
      `"talosctl plugin remove greet" makes room\n`,
  );
  assert.deepEqual(workshop.installed(), ["grants.json", "greet"]);
  assert.equal((await workshop.talosctl(["greet"])).stdout, "hello\n");
});

Deno.test("plugin add approves a changed plugin again, where it is and from its source", async () => {
  await using workshop = await createWorkshop();
  const source = await workshop.write("greet", greeter("greet"));
  await workshop.plugin(["add", source, "--yes"]);
  const module = `${workshop.plugins}/greet/plugin.ts`;
  const code = await Deno.readTextFile(module);
  await Deno.writeTextFile(module, code.replace("hello", "good morning"));

  const refused = await workshop.talosctl(["greet"]);
  const approved = await workshop.plugin(["add", `${workshop.plugins}/greet`, "--yes"]);
  const changed = await workshop.talosctl(["greet"]);
  const again = await workshop.plugin(["add", source, "--yes"]);
  const original = await workshop.talosctl(["greet"]);

  assert.equal(refused.code, 1);
  assert.equal(refused.stdout, "");
  assert.match(refused.stderr, /talosctl plugin add/);
  assert.equal(approved.code, 0, approved.stderr);
  assert.equal(changed.stdout, "good morning\n");
  assert.equal(again.code, 0, again.stderr);
  assert.equal(original.stdout, "hello\n");
});

Deno.test("plugin add does not run a folder that somebody put among the plugins", async () => {
  await using workshop = await createWorkshop();
  const source = await workshop.write("greet", greeter("greet"));
  await workshop.write(`../data/talos/plugins/greet`, greeter("greet"));

  const { code, stderr } = await workshop.plugin(["add", source, "--yes"]);
  const inPlace = await workshop.plugin(["add", `${workshop.plugins}/greet`, "--yes"]);

  assert.equal(code, 1);
  assert.match(stderr, /^adding greet: a folder that was never approved is in its place$/m);
  assert.equal(inPlace.code, 0, inPlace.stderr);
  assert.equal((await workshop.talosctl(["greet"])).stdout, "hello\n");
});

Deno.test("plugin add leaves nothing behind when Ctrl-C is the answer", async () => {
  await using workshop = await createWorkshop();
  const source = await workshop.write("greet", greeter("greet"));
  const controller = new AbortController();
  async function* typing(): AsyncGenerator<string> {
    controller.abort();
    yield* [];
    await new Promise(() => {});
  }

  const { code, stderr } = await workshop.plugin(["add", source], {
    isTerminal: true,
    stdin: typing(),
    interrupt: controller.signal,
  });

  assert.match(stderr, /interrupted$/m);
  assert.equal(code, 1);
  assert.deepEqual(workshop.installed(), []);
});

Deno.test("plugins added at the same time are all there, each with its approval", async () => {
  await using workshop = await createWorkshop();
  const names = ["one", "two", "three", "four"];
  const sources = await Promise.all(names.map((name) => workshop.write(name, greeter(name))));

  const outcomes = await Promise.all(
    [...sources, ...sources].map((source) => workshop.plugin(["add", source, "--yes"])),
  );
  const { stdout } = await workshop.plugin(["list", "-o", "jsonpath={.state}"]);

  const failures = outcomes.filter(({ code }) => code !== 0).map(({ stderr }) => stderr);
  assert.deepEqual(failures, []);
  assert.equal(stdout, "approved\n".repeat(names.length));
  assert.deepEqual(workshop.installed(), ["four", "grants.json", "one", "three", "two"]);
});
