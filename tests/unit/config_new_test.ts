/** `talosctl config new` against a simulated cluster (spec/client.md, 2.4 and 4.6). */

import assert from "node:assert/strict";
import { openTalosconfig } from "../../core/talosconfig/file.ts";
import { startSandbox } from "../../plugins/sandbox/start.ts";
import { type Outcome, runProgram } from "../talosctl.ts";

/** A run of `config new` in a folder that holds the admin's talosconfig; `%` in a word stands for it. */
async function configNew(
  words: readonly string[],
  test: (outcome: Outcome, folder: string, endpoints: readonly string[]) => Promise<void>,
): Promise<void> {
  await using sandbox = await startSandbox({ name: "prod", workers: 1, seed: 1 });
  const folder = await Deno.makeTempDir();
  try {
    await sandbox.writeTalosconfig(`${folder}/admin`);
    const argv = ["config", "new", ...words.map((word) => word.replace("%", folder))];
    const outcome = await runProgram(argv, { env: { TALOSCONFIG: `${folder}/admin` } });
    await test(outcome, folder, sandbox.endpoints);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("config new writes a configuration for the role, with the endpoints in use", () =>
  configNew(
    ["-n", "10.5.0.2", "--roles", "os:reader", "%/a/reader"],
    async (outcome, folder, endpoints) => {
      assert.deepEqual(outcome, { code: 0, stdout: "", stderr: "" });
      const path = `${folder}/a/reader`;
      const { config } = await openTalosconfig({ path, canWrite: false });
      assert.deepEqual([...config.contexts.keys()], ["reader@prod"]);
      assert.deepEqual(config.contexts.get(config.context)?.endpoints, endpoints);
      assert.equal((Deno.statSync(path).mode ?? 0) & 0o777, 0o600);
      const info = await runProgram(["config", "info", "--talosconfig", path]);
      assert.match(info.stdout, /^Roles: +os:reader$/m);
    },
  ));

const failures = [
  {
    words: ["-n", "10.5.0.2", "--roles", "foo,os:admin,bar", "%/x"],
    stderr: "unknown roles: foo, bar\n",
  },
  {
    words: ["-n", "10.5.0.2", "%/admin"],
    stderr: 'talosconfig file already exists: "%/admin"\n',
  },
  {
    words: ["-n", "10.5.0.2", "--crt-ttl", "0s", "%/x"],
    stderr: "rpc error: code = InvalidArgument desc = crt_ttl should be positive\n",
  },
];

for (const { words, stderr } of failures) {
  Deno.test(`config new ${words.join(" ")} fails: ${stderr.trim()}`, () =>
    configNew(words, async (outcome, folder) => {
      const said = outcome.stderr.replaceAll(folder, "%");
      assert.deepEqual([outcome.code, outcome.stdout, said], [1, "", stderr]);
      const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
      assert.deepEqual(names, ["admin"]);
    }));
}

Deno.test("config new asks exactly one node", () =>
  configNew(["-n", "10.5.0.2,10.5.0.3", "%/x"], (outcome) => {
    assert.equal(outcome.code, 1);
    assert.match(outcome.stderr, /^command "config new" requires exactly one node \(got 2\)\n\n/);
    return Promise.resolve();
  }));
