/** The system tables against simulated nodes: what roles may see, and nodes that cannot be reached (recordings `role-*`, `node-*`). */

import assert from "node:assert/strict";
import { startSandbox } from "../../mod.ts";
import { type Outcome, runProgram } from "../talosctl.ts";

const denied =
  "error from node 10.5.0.3: rpc error: code = PermissionDenied desc = not authorized\n";

Deno.test("a role that may not look at a node's system gets the empty table and the reason", async () => {
  const rows: [string, string][] = [
    ["containers", "NODE   NAMESPACE   ID   IMAGE   PID   STATUS\n"],
    [
      "processes",
      "NODE   PID   STATE   THREADS   CPU-TIME   VIRTMEM   RESMEM   LABEL   COMMAND\n",
    ],
    ["netstat -l", ""],
    ["image list", ""],
  ];
  await using sandbox = await startSandbox({ controlPlanes: 2, seed: 1, platform: "container" });
  const talosconfig = await Deno.makeTempFile();
  await sandbox.writeTalosconfig(talosconfig, "os:etcd:backup");
  const talosctl = (line: string): Promise<Outcome> =>
    runProgram(line.split(" "), { env: { TALOSCONFIG: talosconfig } });

  for (const [line, stdout] of rows) {
    assert.deepEqual(await talosctl(`${line} -n 10.5.0.3`), { code: 1, stdout, stderr: denied });
  }
  assert.deepEqual(await talosctl("inspect dependencies -n 10.5.0.3"), {
    code: 1,
    stdout: "",
    stderr:
      "error getting controller runtime dependencies: rpc error: code = PermissionDenied desc = not authorized\n",
  });
  await Deno.remove(talosconfig);
});

Deno.test("a simulated node shows its containers beside the failure of an address where none is", async () => {
  await using sandbox = await startSandbox({ seed: 1, platform: "container" });
  const talosconfig = await Deno.makeTempFile();
  await sandbox.writeTalosconfig(talosconfig);

  const outcome = await runProgram("containers -n 10.5.0.66,10.5.0.2".split(" "), {
    env: { TALOSCONFIG: talosconfig },
  });

  const [header, ...rows] = outcome.stdout.trimEnd().split("\n");
  assert.equal(header, "NODE       NAMESPACE   ID       IMAGE   PID   STATUS");
  assert.deepEqual(rows.map((row) => row.split(/ {3,}/).filter((_, index) => index !== 3)), [
    ["10.5.0.2", "system", "apid", "RUNNING"],
    ["10.5.0.2", "system", "trustd", "RUNNING"],
  ]);
  assert.match(
    outcome.stderr,
    /^error from node 10\.5\.0\.66: rpc error: code = Unavailable desc = connection error: /,
  );
  assert.equal(outcome.code, 1);
  await Deno.remove(talosconfig);
});
