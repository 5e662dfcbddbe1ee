/** The permissions that README.md names: commands run with exactly these, and with none of them left out. */

import assert from "node:assert/strict";
import { startSandbox } from "../../mod.ts";
import { processEnvironment } from "../process_environment.ts";

const root = new URL("../..", import.meta.url).pathname;

/** The flags of the row that begins so. */
function flagsOf(need: string): string[] {
  const rows = Deno.readTextFileSync(`${root}README.md`).split("\n");
  const row = rows.find((line) => line.startsWith(`| ${need}`));
  assert.ok(row !== undefined, `README.md has a row "${need}"`);
  return row.match(/--allow-[\w=:.-]+/g) ?? [];
}

async function run(flags: readonly string[], words: readonly string[], home: string) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", ...flags, `${root}cli/main.ts`, ...words],
    clearEnv: true,
    env: processEnvironment(home),
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Every command works with these flags, and some command misses each of them. */
async function assertLeast(flags: readonly string[], commands: readonly string[][], home: string) {
  for (const words of commands) {
    const { code, stderr } = await run(flags, words, home);
    assert.equal(code, 0, `${words.join(" ")}: ${stderr}`);
  }
  for (const flag of flags) {
    const fewer = flags.filter((other) => other !== flag);
    const outcomes = await Promise.all(commands.map((words) => run(fewer, words, home)));
    const hasFailed = outcomes.some(({ code }) => code !== 0);
    assert.ok(hasFailed, `${flag} is needed for ${commands.join(" or ")}`);
  }
}

async function withHome(use: (home: string) => Promise<void>): Promise<void> {
  const home = await Deno.makeTempDir({ prefix: "talosctl-permissions-" });
  try {
    await Deno.mkdir(`${home}/.talos`);
    await use(home);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

Deno.test("offline commands work with the permissions that README.md names", async () => {
  await withHome(async (home) => {
    const path = `${home}/link.yaml`;
    await Deno.writeTextFile(path, "apiVersion: v1alpha1\nkind: LinkConfig\nname: eth0\n");
    await assertLeast(
      flagsOf("work offline"),
      [["version", "--client"], ["validate", "-c", path, "-m", "metal"]],
      home,
    );
  });
});

Deno.test("commands that write files work with the permissions that README.md names", async () => {
  await withHome(async (home) => {
    const path = `${home}/config`;
    await Deno.writeTextFile(path, "context: a\ncontexts:\n    a: {}\n");
    const add = ["config", "endpoint", "10.0.0.2", "--talosconfig", path];
    await assertLeast(flagsOf("write files too"), [add], home);
  });
});

Deno.test("asking and changing nodes works with the permissions that README.md names", async () => {
  await using sandbox = await startSandbox();
  await withHome(async (home) => {
    await sandbox.writeTalosconfig(`${home}/.talos/config`);
    const flags = flagsOf("ask nodes").map((flag) =>
      flag.replace("10.0.0.2:50000", sandbox.endpoints.join(","))
    );
    const node = ["-n", "10.5.0.2"];
    const commands = [["version", ...node], ["service", "kubelet", "restart", ...node]];
    await assertLeast(flags, commands, home);
  });
});

Deno.test("simulated clusters run with the permissions that README.md names", async () => {
  const flags = flagsOf("run clusters here");
  await withHome(async (home) => {
    const created = await run(flags, ["cluster", "create", "sandbox"], home);
    const asked = await run(flags, ["version", "-n", "10.5.0.2"], home);
    const destroyed = await run(flags, ["cluster", "destroy"], home);

    assert.deepEqual([created.code, asked.code, destroyed.code], [0, 0, 0], created.stderr);
  });
  for (const flag of flags.filter((flag) => !flag.startsWith("--allow-net"))) {
    await withHome(async (home) => {
      const fewer = flags.filter((other) => other !== flag);
      const { code } = await run(fewer, ["cluster", "create", "sandbox"], home);

      assert.equal(code, 1, `${flag} is needed`);
    });
  }
});
