/** Configurations that no node can run: whatever is sent, the node stays as it was. */

import assert from "node:assert/strict";
import { type Sandbox, startSandbox } from "../../mod.ts";
import { runProgram } from "../talosctl.ts";

const worker = "10.5.0.3";

/** Runs command lines in which `FILE` is a file with this text. */
async function openUser(sandbox: Sandbox) {
  const folder = await Deno.makeTempDir();
  const talosconfig = `${folder}/talosconfig`;
  await sandbox.writeTalosconfig(talosconfig);
  const run = (line: string) =>
    runProgram(line.replace("FILE", `${folder}/config.yaml`).split(" "), {
      env: { HOME: folder, TALOSCONFIG: talosconfig },
    });
  return {
    run,
    write: (text: string) => Deno.writeTextFile(`${folder}/config.yaml`, text),
    /** All that a node tells of its configuration, and of what it makes of it. */
    stateOf: async (node: string) => {
      const config = await run(`get machineconfig v1alpha1 -n ${node} -o yaml`);
      const hostname = await run(`get hostname -n ${node}`);
      assert.deepEqual([config.code, hostname.code], [0, 0], config.stderr);
      return config.stdout + hostname.stdout;
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

const manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n";
const kubeconfig = "apiVersion: v1\nkind: Config\nclusters: []\nusers: []\n";

/** What is in the file, and what the node says of it (spec/machine-ops.md, 16.7; spec/machineconfig.md, 2). */
const files: [name: string, text: string, reason: RegExp][] = [
  ["a manifest of Kubernetes", manifest, /"ConfigMap" "v1": not registered/],
  ["a kubeconfig", kubeconfig, /"Config" "v1": not registered/],
  ["a text", "this is not a configuration\n", /expected a YAML document at line 1/],
  ["YAML that ends too soon", "machine: {type: [\n", /did not find expected node content/],
  ["unknown keys", "version: v1alpha1\nmachine:\n  foo: 1\n", /unknown keys found during decoding/],
  [
    "no cluster",
    "version: v1alpha1\nmachine: {type: worker}\n",
    /cluster instructions are required/,
  ],
];

for (const [name, text, reason] of files) {
  Deno.test(`apply-config of a file with ${name} changes nothing, in no mode`, async () => {
    await using sandbox = await startSandbox({ workers: 1 });
    await using user = await openUser(sandbox);
    await user.write(text);
    const before = await user.stateOf(worker);

    for (const flags of ["", " --mode staged", " --mode try", " --dry-run"]) {
      const { code, stdout, stderr } = await user.run(`apply-config -n ${worker} -f FILE${flags}`);

      assert.deepEqual([code, stdout], [1, ""]);
      assert.ok(
        stderr.startsWith(
          `${worker}: error applying configuration: rpc error: code = InvalidArgument desc = `,
        ),
        stderr,
      );
      assert.match(stderr, reason);
    }
    assert.equal(await user.stateOf(worker), before);
  });
}

Deno.test("a machine in maintenance mode that is sent a foreign file goes on waiting", async () => {
  await using sandbox = await startSandbox({ maintenance: 1 });
  await using user = await openUser(sandbox);
  await user.write(manifest);
  const [endpoint = ""] = sandbox.maintenanceEndpoints;

  const { code, stderr } = await user.run(`apply-config --insecure -n ${endpoint} -f FILE`);

  assert.equal(code, 1);
  assert.match(stderr, /code = InvalidArgument desc = .*"ConfigMap" "v1": not registered/);
  assert.deepEqual(sandbox.maintenanceEndpoints, [endpoint]);
  assert.equal(sandbox.nodes[1]?.stage, "maintenance");
});

Deno.test("of several nodes the one that cannot be reached is named, and the others have the configuration", async () => {
  await using sandbox = await startSandbox({ workers: 2 });
  await using user = await openUser(sandbox);
  const { stdout: config } = await user.run(
    `get machineconfig v1alpha1 -n ${worker} -o jsonpath={.spec}`,
  );
  await user.write(
    config.replace("machine:\n", "machine:\n    sysctls:\n        vm.swappiness: 1\n"),
  );
  await sandbox.fault("10.5.0.4", "down");

  const { code, stdout, stderr } = await user.run(`apply-config -n ${worker},10.5.0.4 -f FILE`);

  assert.deepEqual([code, stdout], [1, ""]);
  const [done = "", failed = ""] = stderr.split("\n");
  assert.equal(done, "Applied configuration without a reboot");
  assert.match(
    failed,
    /^10\.5\.0\.4: error applying configuration: rpc error: code = Unavailable /,
  );
  assert.match(await user.stateOf(worker), /vm\.swappiness: 1/);
});
