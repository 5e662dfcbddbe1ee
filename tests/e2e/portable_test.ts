/** The portable executable, built from this tree: the program in it is whole. What its script does is tested apart. */

import assert from "node:assert/strict";
import { startSandbox } from "../../mod.ts";
import { greeting } from "../plugin_folder.ts";

const sources = new URL("../..", import.meta.url).pathname;
const work = { folder: "" };

Deno.test.beforeAll(async () => {
  work.folder = await Deno.makeTempDir({ prefix: "talosctl portable ü " });
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", `${sources}cli/compile.ts`, "--portable", executable()],
    stdout: "null",
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
});

Deno.test.afterAll(() => Deno.remove(work.folder, { recursive: true }));

function executable(): string {
  return `${work.folder}/talosctl`;
}

/** A folder for one test. */
async function makeFolder(): Promise<string> {
  return await Deno.makeTempDir({ dir: work.folder });
}

interface StartOptions {
  env?: Record<string, string>;
  stdin?: string;
}

/** Starts it in an environment with nothing of this process's but PATH. */
function start(args: readonly string[], { env = {} }: StartOptions = {}) {
  return new Deno.Command(executable(), {
    args: [...args],
    clearEnv: true,
    env: {
      PATH: Deno.env.get("PATH") ?? "",
      HOME: work.folder,
      XDG_CACHE_HOME: `${work.folder}/cache`,
      TMPDIR: work.folder,
      ...env,
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function run(args: readonly string[], options: StartOptions = {}) {
  const child = start(args, options);
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(options.stdin ?? ""));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

const version = ["version", "--client", "--short"];
const versionOutput = { code: 0, stdout: "Client:\nTalos v1.14.0-beta.1\n", stderr: "" };

Deno.test("the portable executable starts from a path with spaces, at the first time and later", async () => {
  const outcomes = [await run(version), await run(version)];

  assert.deepEqual(outcomes, [versionOutput, versionOutput]);
});

Deno.test("arguments, standard input, exit status and variables pass through", async () => {
  const folder = await makeFolder();
  const config = `${folder}/con fig`;
  const script =
    `#!/bin/sh\nprintf '%s|' "$@" "$DENO_DIR" "\${TALOSCTL_USER_DENO_DIR-none}"\nexit 7\n`;
  await Deno.writeTextFile(`${folder}/talosctl-tell`, script, { mode: 0o755 });
  const env = { TALOSCONFIG: config, PATH: `${folder}:${Deno.env.get("PATH")}` };

  const merged = await run(["config", "merge", "/dev/stdin"], {
    env,
    stdin: "context: a\ncontexts: {a: {}}\n",
  });
  const told = await run(["tell", "", "a  b", "'$x'"], { env: { ...env, DENO_DIR: "/own" } });
  const refused = await run(["version", "extra"], { env });

  assert.deepEqual(merged, { code: 0, stdout: "", stderr: "" });
  assert.match(await Deno.readTextFile(config), /^context: a\n/);
  assert.deepEqual(told, { code: 7, stdout: "|a  b|'$x'|/own|none|", stderr: "" });
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /^unknown command "extra" for "talosctl version"\n/);
});

Deno.test("index and codecs are in the portable executable, and a signal reaches the program", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 1 });
  const folder = await makeFolder();
  await sandbox.writeTalosconfig(`${folder}/config`);
  const env = { TALOSCONFIG: `${folder}/config` };

  const asked = await run(["version", "--short", "-n", "10.5.0.2"], { env });
  const watching = start(["get", "members", "-w", "-n", "10.5.0.2"], { env });
  await watching.stdin.close();
  const reader = watching.stdout.getReader();
  await reader.read();
  watching.kill("SIGINT");
  while (!(await reader.read()).done);
  const { code, signal } = await watching.status;
  await watching.stderr.cancel();

  assert.equal(asked.code, 0);
  assert.match(asked.stdout, /\n\tNODE: +10\.5\.0\.2\n/);
  assert.deepEqual({ code, signal }, { code: 0, signal: null });
});

Deno.test("a third party's plugin beside the portable executable runs", async () => {
  const folder = await makeFolder();
  await Deno.mkdir(`${folder}/hello`);
  const manifest = { name: "hello", apiVersion: 1, entry: "plugin.ts" };
  await Deno.writeTextFile(`${folder}/hello/plugin.json`, JSON.stringify(manifest));
  await Deno.writeTextFile(`${folder}/hello/plugin.ts`, greeting("hello", "greet"));

  const outcome = await run(["--plugin-dir", folder, "greet"]);

  assert.deepEqual(outcome, { code: 0, stdout: "hello\n", stderr: "" });
});

Deno.test("a simulated cluster that the portable executable starts outlives it", async () => {
  const home = await makeFolder();
  const env = { HOME: home };

  const created = await run(["cluster", "create", "sandbox", "--name", "lab"], { env });
  const asked = await run(["version", "--short", "-n", "10.5.0.2"], { env });
  const destroyed = await run(["cluster", "destroy", "--name", "lab"], { env });

  assert.deepEqual([created.code, asked.code, destroyed.code], [0, 0, 0], created.stderr);
  assert.match(asked.stdout, /\n\tNODE: +10\.5\.0\.2\n/);
});
