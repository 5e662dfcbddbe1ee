/** What a third-party plugin may not reach, tried by one: files, keys, the environment, programs, the process itself. */

import assert from "node:assert/strict";
import { fileUrl } from "../../core/files/file_url.ts";
import { startSandbox } from "../../mod.ts";
import { makeLaunchers } from "../launchers.ts";
import { createPluginHome, type PluginHome } from "../plugin_folder.ts";

/** Lines of JavaScript that give what they got; `SECRET` is the path of the talosconfig, `OUT` of its folder. */
const attempts: Record<string, string> = {
  "text import": `return (await import("./text.ts")).default`,
  "json import": `return (await import("./json.ts")).default`,
  "computed import": `return (await import(SECRET, { with: { type: "text" } })).default`,
  "relative import": `return (await import("../../../../talosconfig", { with: { type: "text" } }))`,
  "data import":
    `return (await import("data:text/javascript,import x from '" + SECRET_URL + "' with { type: 'text' }; export default x")).default`,
  "package": `return await import("np" + "m:js-yaml@5.5.0")`,
  "web module": `return await import("https://example.com/x.js")`,
  "readTextFile": `return await Deno.readTextFile(SECRET)`,
  "readTextFileSync": `return Deno.readTextFileSync(SECRET)`,
  "open": `return await new Response((await Deno.open(SECRET)).readable).text()`,
  "copy in": `await Deno.copyFile(SECRET, new URL("copy", import.meta.url)); return "copied"`,
  "link in": `Deno.symlinkSync(SECRET, new URL("link", import.meta.url)); return "linked"`,
  "list": `return [...Deno.readDirSync(OUT)].map(({ name }) => name)`,
  "proc": `return Deno.readTextFileSync("/proc/self/environ")`,
  "fetch file": `return await (await fetch(SECRET_URL)).text()`,
  "fetch web": `return await (await fetch("http://127.0.0.1:1/")).text()`,
  "worker":
    `const worker = new Worker(import.meta.resolve("./text.ts"), { type: "module" }); return "started"`,
  "node worker": `return (await import("node:worker_threads")).Worker`,
  "node fs": `return (await import("node:fs")).readFileSync(SECRET, "utf8")`,
  "node process": `return (await import("node:process")).default.env`,
  "static node": `return (await import("./node.ts")).default`,
  "static web module": `return (await import("./web.ts")).default`,
  "static bare name": `return (await import("./bare.ts")).default`,
  "require": `return (await import("./require.cjs")).default`,
  "process": `return process.getBuiltinModule("fs")`,
  "Function": `return await Function("return import('node:fs')")()`,
  "AsyncFunction": `return await (async () => {}).constructor("return import('node:fs')")()`,
  "eval": `return await (0, eval)("import('node:fs')")`,
  "internals": `return Deno[Symbol.for("Deno.internal")] ?? Deno.internal()`,
  "env": `return Deno.env.get("HOME")`,
  "all env": `return Deno.env.toObject()`,
  "ctx.env": `return ctx.env("HOME") ?? fail()`,
  "command": `return new Deno.Command("id").outputSync()`,
  "connect": `return await Deno.connect({ hostname: "127.0.0.1", port: 1 })`,
  "listen": `return Deno.listen({ port: 0 })`,
  "dns": `return await Deno.resolveDns("example.com", "A")`,
  "hostname": `return Deno.hostname()`,
  "ffi": `return Deno.dlopen("libc.so.6", {})`,
  "kill": `return Deno.kill(Deno.pid, "SIGKILL")`,
  "signals": `return Deno.addSignalListener("SIGINT", () => {})`,
  "stdin": `return Deno.stdin.readSync(new Uint8Array(1))`,
  "message": `return postMessage({ kind: "done" })`,
  "permission":
    `return (await Deno.permissions.request({ name: "read" })).state === "granted" || fail()`,
  "talosconfig path": `return (await ctx.config.open()).path || fail()`,
  "other talosconfig": `return await ctx.config.openPath(SECRET)`,
  "edit": `return await ctx.config.edit(() => {}) ?? "edited"`,
  "provisioners": `return await ctx.host.provisioners()`,
  "terminal": `return await ctx.terminal.runForeground(["id"])`,
  "metadata":
    `return await (await ctx.talos.node("10.5.0.2").service("machine.MachineService")).version({}, { metadata: { "talos-role": "os:admin" } })`,
  "maintenance":
    `return await (await ctx.talos.maintenance("127.0.0.1").service("machine.MachineService")).version({})`,
  "call":
    `return await (await ctx.talos.node("10.5.0.2").service("machine.MachineService")).reboot({})`,
  "calls":
    `for await (const answer of (await ctx.talos.nodes(["10.5.0.2"]).service("machine.MachineService")).reboot({})) return answer`,
};

function pluginCode(home: string): string {
  const cases = Object.entries(attempts).map(([name, code]) =>
    `  [${JSON.stringify(name)}, async (ctx) => { ${code} }],`
  );
  return `
const SECRET = ${JSON.stringify(`${home}/talosconfig`)};
const SECRET_URL = ${JSON.stringify(fileUrl(`${home}/talosconfig`).href)};
const OUT = ${JSON.stringify(home)};
const fail = () => { throw new Error("refused"); };
const attempts = [
${cases.join("\n")}
];
export default {
  name: "attempts",
  apiVersion: 1,
  register(registry) {
    registry.command({
      path: ["attempts"],
      summary: "Try",
      group: "talos",
      args: { rule: "none" },
      flags: {},
      targets: "none",
      text: ({ name, got }) => name + ": " + got + "\\n",
      async *run(ctx) {
        for (const [name, attempt] of attempts) {
          let got = "";
          try {
            const result = await attempt(ctx);
            got = \`got \${typeof result} \${Deno.inspect(result).slice(0, 300)}\`;
          } catch (error) {
            got = "refused";
          }
          yield { name, got };
        }
      },
    });
  },
};
`;
}

async function installAttempts(home: PluginHome): Promise<void> {
  await home.install("attempts", pluginCode(home.path), {
    rpcs: ["machine.MachineService/Version"],
  });
  const folder = `${home.plugins}/attempts`;
  const secret = JSON.stringify(
    `file://${encodeURI(home.path).replaceAll("#", "%23")}/talosconfig`,
  );
  const importing = (type: string) =>
    `import x from ${secret} with { type: "${type}" };\nexport default x;\n`;
  await Deno.writeTextFile(`${folder}/text.ts`, importing("text"));
  await Deno.writeTextFile(`${folder}/json.ts`, importing("json"));
  await Deno.writeTextFile(
    `${folder}/node.ts`,
    `import fs from "node:fs";\nfs.writeSync(1, "NOISE");\nexport default fs;\n`,
  );
  const others = { web: "https://example.com/x.js", bare: "fs" };
  for (const [name, specifier] of Object.entries(others)) {
    const code = `import * as all from "${specifier}";\nexport default Object.keys(all);\n`;
    await Deno.writeTextFile(`${folder}/${name}.ts`, code);
  }
  await Deno.writeTextFile(
    `${folder}/require.cjs`,
    `require("node:fs").writeSync(1, "NOISE");\nmodule.exports = {};\n`,
  );
  await home.approve("attempts");
}

Deno.test("nothing that a plugin was not granted can be reached by it, however the program runs", async (test) => {
  await using sandbox = await startSandbox();
  await using launchers = await makeLaunchers();
  for (const { name, command } of launchers.all) {
    await test.step(name, async () => {
      await using home = await createPluginHome(command);
      const talosconfig = `${home.path}/talosconfig`;
      await sandbox.writeTalosconfig(talosconfig);
      await installAttempts(home);

      const { code, stdout, stderr } = await home.run(["attempts"], {
        TALOSCONFIG: talosconfig,
      });

      const refused = Object.keys(attempts).map((name) => `${name}: refused\n`).join("");
      assert.equal(stdout, refused);
      assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    });
  }
  const reboots = sandbox.calls.filter(({ method }) => method.includes("Reboot"));
  assert.deepEqual(reboots, []);
});

Deno.test("what a plugin was granted it reaches", async () => {
  await using sandbox = await startSandbox();
  await using home = await createPluginHome();
  const talosconfig = `${home.path}/talosconfig`;
  await sandbox.writeTalosconfig(talosconfig);
  await installAttempts(home);
  const path = await Deno.realPath(home.path);
  await home.approve("attempts", {
    permissions: { read: [path], env: ["HOME"], run: ["id"], net: ["127.0.0.1"] },
    rpcs: "all",
  });

  const { stdout } = await home.run(["attempts"], { TALOSCONFIG: talosconfig });

  const got = stdout.split("\n").filter((line) => / got /.test(line));
  assert.deepEqual(got.map((line) => line.split(":")[0]), [
    "readTextFile",
    "readTextFileSync",
    "open",
    "list",
    "fetch file",
    "env",
    "ctx.env",
    "command",
    "call",
    "calls",
  ]);
  assert.ok(sandbox.calls.some(({ method }) => method === "/machine.MachineService/Reboot"));
});

for (
  const line of [
    `import x from "npm:js-yaml@5.5.0";`,
    `export * from'npm:js-yaml@5.5.0';`,
    `const x = await import( "npm:js-yaml@5.5.0");`,
    `import x from "\\x6epm:js-yaml@5.5.0";`,
    `import x from /* a comment */ "npm:js-yaml@5.5.0";`,
    `import "jsr:@std/path";`,
    `/** @jsxImportSource npm:js-yaml@5.5.0 */`,
  ]
) {
  Deno.test(`a plugin that holds ${line} is not loaded, for a registry would be asked`, async () => {
    await using home = await createPluginHome();
    const refusal = /"more\.ts" holds ".*"/;
    await home.install("attempts", pluginCode(home.path));
    await Deno.writeTextFile(`${home.plugins}/attempts/more.ts`, line);

    await assert.rejects(home.approve("attempts"), refusal);
    const { code, stderr } = await home.run(["--plugin-dir", home.plugins, "attempts"]);

    assert.equal(code, 1);
    assert.match(stderr, refusal);
  });
}

Deno.test("a plugin with a symbolic link in its folder does not run", async () => {
  await using home = await createPluginHome();
  await installAttempts(home);
  await Deno.symlink("/etc/passwd", `${home.plugins}/attempts/link`);

  const { code, stdout, stderr } = await home.run(["attempts"]);

  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, /"link" is a symbolic link/);
});
