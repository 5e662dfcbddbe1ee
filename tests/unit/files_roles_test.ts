/** Reading files and streams of a simulated cluster: who may, what is not there, and a node that is down. */

import assert from "node:assert/strict";
import { startSandbox } from "../../mod.ts";
import { talosctl } from "../talosctl.ts";

const refused = "rpc error: code = PermissionDenied desc = not authorized\n";
const bytesOnly = { code: 1, stdout: "" };

Deno.test("files and streams are refused to roles as the recordings say", async (test) => {
  await using sandbox = await startSandbox({ controlPlanes: 2, workers: 1, seed: 1 });
  const folder = await Deno.makeTempDir();
  const nodeError = `error from node 10.5.0.3: ${refused}`;
  // recordings: role-<role>-<command>
  const rows: [role: string, line: string, stderr: string][] = [
    ["etcd:backup", "logs machined --tail 1", nodeError],
    ["etcd:backup", "ls /etc/cri", nodeError],
    ["etcd:backup", "usage /etc/cri", nodeError],
    ["etcd:backup", "diskfree", nodeError],
    ["etcd:backup", "read /etc/hostname", `error reading: ${refused}`],
    ["reader", "read /etc/hostname", `error reading: ${refused}`],
    ["operator", "copy /etc/cri -", refused],
    ["reader", `pcap -i lo --duration 1s -o ${folder}/r.pcap`, refused],
    ["reader", "pcap -i lo", `error opening pcap reader: ${refused}`],
  ];
  for (const [role, line, stderr] of rows) {
    await test.step(`${role}: ${line}`, async () => {
      const talosconfigPath = `${folder}/${role.replace(":", "-")}`;
      await sandbox.writeTalosconfig(talosconfigPath, `os:${role}`);

      const outcome = await talosctl(
        { talosconfigPath, clock: sandbox.clock },
        `-n 10.5.0.3 ${line}`,
      );

      assert.deepEqual(outcome, { ...bytesOnly, stderr });
    });
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("what a node does not have is said as the recordings say", async (test) => {
  await using sandbox = await startSandbox({ controlPlanes: 2, workers: 1, seed: 1 });
  const folder = await Deno.makeTempDir();
  const target = { talosconfigPath: `${folder}/talosconfig`, clock: sandbox.clock };
  await sandbox.writeTalosconfig(target.talosconfigPath);
  const unknown = (what: string) => `rpc error: code = Unknown desc = ${what}`;
  // recordings: ls-three-missing-everywhere, logs-unknown, logs-k, events-since-bad, read-04, read-05
  const rows: [line: string, stderr: string][] = [
    [
      "ls /nosuch",
      `error from node 10.5.0.2: ${unknown("lstat /nosuch: no such file or directory")}`,
    ],
    ["logs nosuch", `error from node 10.5.0.2: ${unknown('log "nosuch" was not registered')}`],
    [
      "logs -k kube-apiserver",
      `error from node 10.5.0.2: ${unknown('container "kube-apiserver" not found')}`,
    ],
    [
      "events --since bogus",
      `error from node 10.5.0.2: ${unknown("error parsing tail_id: xid: invalid ID")}`,
    ],
    ["read /etc", `error reading: ${unknown("path must be a regular file")}`],
    [
      "read /nosuch",
      "error reading: rpc error: code = NotFound desc = stat /nosuch: no such file or directory",
    ],
    [
      "pcap -i nosuch -o -",
      'rpc error: code = NotFound desc = interface "nosuch" not found',
    ],
  ];
  for (const [line, stderr] of rows) {
    await test.step(line, async () => {
      const outcome = await talosctl(target, `-n 10.5.0.2 ${line}`);

      assert.deepEqual(outcome, { ...bytesOnly, stderr: `${stderr}\n` });
    });
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a node that is down costs its own lines alone", async (test) => {
  await using sandbox = await startSandbox({ controlPlanes: 2, workers: 1, seed: 1 });
  const folder = await Deno.makeTempDir();
  const target = { talosconfigPath: `${folder}/talosconfig`, clock: sandbox.clock };
  await sandbox.writeTalosconfig(target.talosconfigPath);
  await sandbox.fault("10.5.0.4", "down");
  const down =
    /^error from node 10\.5\.0\.4: rpc error: code = Unavailable desc = connection error: /;
  const rows: [line: string, stdout: RegExp][] = [
    ["ls /etc/cri", /^NODE {7}NAME\n10\.5\.0\.2 {3}\.\n/],
    ["usage /etc/ssl", /^NODE {7}SIZE +NAME\n10\.5\.0\.2 {3}\d+ +\.\n$/],
    ["diskfree", /^NODE .*\n10\.5\.0\.2 {3}EPHEMERAL .*\n$/],
    ["logs machined --tail 1", /^10\.5\.0\.2: .*\n$/],
  ];
  for (const [line, expected] of rows) {
    await test.step(line, async () => {
      const { code, stdout, stderr } = await talosctl(target, `-n 10.5.0.2,10.5.0.4 ${line}`);

      assert.match(stdout, expected);
      assert.match(stderr, down);
      assert.equal(code, 1);
    });
  }
  await Deno.remove(folder, { recursive: true });
});
