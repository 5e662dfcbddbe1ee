/** `talosctl version` with each of its flags, on nodes that answer, fail or have no configuration. */

import assert from "node:assert/strict";
import { startSandbox } from "../../mod.ts";
import { runProgram } from "../talosctl.ts";

const client = "Client:\nTalos v1.14.0-beta.1\n";

/** The block of one node (spec/cli.md, 9). */
function block(node: string, enabled: string, tag = "v1.14.0-beta.1"): string {
  return `\tNODE:        ${node}\n\tTag:         ${tag}\n\tSHA:         undefined\n\tBuilt:       \n` +
    `\tGo version:  go1.26.8\n\tOS/Arch:     linux/amd64\n\tEnabled:     ${enabled}\n`;
}

Deno.test("version asks no node and reads no file with --client", async () => {
  const { code, stdout, stderr } = await runProgram(["version", "--client", "--short"]);

  assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: client, stderr: "" });
});

Deno.test("version shows what each node runs, and names the node that is down", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 1, workers: 1, version: "v1.13.2" });
  const talosconfig = await Deno.makeTempFile();
  await sandbox.writeTalosconfig(talosconfig);
  await sandbox.fault("10.5.0.3", "down");

  const outcome = await runProgram(["version", "--short", "-n", "10.5.0.2,10.5.0.3"], {
    env: { TALOSCONFIG: talosconfig },
  });

  await Deno.remove(talosconfig);
  assert.deepEqual(outcome, {
    code: 1,
    stdout: `${client}Server:\n${block("10.5.0.2", "RBAC", "v1.13.2")}`,
    stderr:
      'error getting version from node 10.5.0.3: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 10.5.0.3:50000: connect: connection refused"\n',
  });
});

Deno.test("version --insecure asks a node in maintenance mode, with the certificate that is expected", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 1, maintenance: 1 });
  const [node = ""] = sandbox.maintenanceEndpoints;

  const plain = await runProgram(["version", "--short", "-i", "-n", node]);
  const pinned = await runProgram(["version", "-i", "--cert-fingerprint", "AAAA", "-n", node]);

  assert.deepEqual(plain, { code: 0, stdout: `${client}Server:\n${block(node, "")}`, stderr: "" });
  assert.deepEqual([pinned.code, pinned.stderr], [
    1,
    `error getting version from node ${node}: rpc error: code = Unavailable desc = connection error: desc = "transport: authentication handshake failed: leaf peer certificate doesn't match the provided fingerprints: [AAAA]"\n`,
  ]);
});
