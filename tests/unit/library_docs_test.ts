/** What mod.ts promises of itself: every public symbol is explained, and using it leaves the process alone. */

import assert from "node:assert/strict";

const root = new URL("../..", import.meta.url);

async function deno(...args: string[]) {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { success, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

Deno.test("every public symbol of the library has documentation", async () => {
  const { success, stderr } = await deno("doc", "--lint", "mod.ts");

  assert.ok(success, stderr);
});

/** Everything the library does, and as much of it as can fail. */
const program = `
import * as talosctl from ${JSON.stringify(new URL("mod.ts", root).href)};

const nowhere = { stdout: new WritableStream(), stderr: new WritableStream(), env: {} };
{
  await using sandbox = await talosctl.startSandbox({ maintenance: 1 });
  await using talos = await talosctl.connect({ talosconfig: await sandbox.talosconfig() });
  const machine = await talos.node("10.5.0.2").service("machine.MachineService");
  await machine.version({});
  const refused = await talos.node("10.5.0.9").service("machine.MachineService");
  await refused.version({}).catch(() => {});
  for await (const _ of talosctl.watchResources(talos, { node: "10.5.0.2", type: "members" })) break;
  await sandbox.fault("10.5.0.2", "reset");
  await machine.version({}).catch(() => {});
}
await talosctl.loadTalosconfig("/dev/null/config").catch(() => {});
await talosctl.parseSecrets("cluster: {}").catch(() => {});
await talosctl.loadMachineConfig("a: b: c").catch(() => {});
await talosctl.validateMachineConfig("kind: [", { mode: "metal" });
await talosctl.main(["version", "--client"], nowhere);
await talosctl.main(["no", "such", "command"], nowhere);
await talosctl.main(["version", "-e", "127.0.0.1:1", "-n", "10.5.0.2"], nowhere);
Deno.stdout.writeSync(new TextEncoder().encode("reached the end"));
`;

Deno.test("the library prints nothing, and does not end the process", async () => {
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(path, program);

  const config = new URL("deno.json", root).pathname;
  const outcome = await deno("run", "-A", "--no-check", `--config=${config}`, path);
  await Deno.remove(path);

  assert.deepEqual(outcome, { success: true, stdout: "reached the end", stderr: "" });
});
