/** What nodes refuse before they do anything, beyond what the tests of each group show (spec/machine-ops.md, 16.6). */

import assert from "node:assert/strict";
import type { ServiceName } from "../../core/client/talos.ts";
import { startSandbox } from "../../mod.ts";
import { sandboxClient } from "../sandbox_client.ts";

const controlPlane = "10.5.0.2";
const worker = "10.5.0.3";
const inSystem = { driver: "CRI", namespace: "NS_SYSTEM" };

/** Whom a call is for, what it says, and the answer. */
type Row = readonly [ServiceName, string, string, object, string];

const machine = "machine.MachineService";
const lvm = "machine.LVMService";
const images = "machine.ImageService";

const rows: readonly Row[] = [
  [
    machine,
    "Reset",
    worker,
    { mode: "SYSTEM_DISK", userDisksToWipe: ["/dev/sda"] },
    "UNKNOWN: reset failed: invalid input, wipe mode SYSTEM_DISK doesn't support UserDisksToWipe parameter",
  ],
  [
    machine,
    "Reset",
    worker,
    { mode: "USER_DISKS", systemPartitionsToWipe: [{ label: "STATE", wipe: true }] },
    "UNKNOWN: reset failed: invalid input, wipe mode USER_DISKS doesn't support SystemPartitionsToWipe parameter",
  ],
  [
    machine,
    "Reset",
    worker,
    { mode: "USER_DISKS", userDisksToWipe: ["/dev/nosuch"] },
    "UNKNOWN: reset user disk failed: device /dev/nosuch wasn't found",
  ],
  [
    machine,
    "Reset",
    worker,
    { mode: "USER_DISKS", userDisksToWipe: ["/dev/loop0"] },
    "UNKNOWN: reset user disk failed: device /dev/loop0 is readonly",
  ],
  [
    machine,
    "Reset",
    worker,
    { mode: "USER_DISKS", userDisksToWipe: ["/dev/vda"] },
    "UNKNOWN: reset user disk failed: device /dev/vda is the system disk",
  ],
  [
    machine,
    "Reset",
    worker,
    { systemPartitionsToWipe: [{ label: "NOSUCH", wipe: true }] },
    'UNKNOWN: failed to get volume status with label "NOSUCH": ' +
    "resource VolumeStatuses.block.talos.dev(runtime/NOSUCH@undefined) doesn't exist",
  ],
  [
    machine,
    "Reset",
    worker,
    { systemPartitionsToWipe: [{ label: "LOG", wipe: true }] },
    'UNKNOWN: failed to reset: volume "LOG" resides on volume "EPHEMERAL", ' +
    'and therefore "LOG" cannot be wiped without wiping "EPHEMERAL"',
  ],
  [
    machine,
    "EtcdDowngradeEnable",
    controlPlane,
    {},
    "INVALID_ARGUMENT: version is required for etcd downgrade",
  ],
  [
    machine,
    "EtcdDowngradeValidate",
    controlPlane,
    { version: "x.6" },
    "INVALID_ARGUMENT: major version should be a number",
  ],
  [
    machine,
    "EtcdDowngradeValidate",
    controlPlane,
    { version: "3.x" },
    "INVALID_ARGUMENT: minor version should be a number",
  ],
  [
    images,
    "Pull",
    worker,
    { containerd: { driver: "CRI", namespace: "NS_UNKNOWN" }, imageRef: "a" },
    "INVALID_ARGUMENT: invalid containerd namespace NS_UNKNOWN",
  ],
  [
    images,
    "Import",
    worker,
    {},
    "INVALID_ARGUMENT: containerd instance is required",
  ],
  [
    "machine.LifecycleService",
    "Upgrade",
    worker,
    { containerd: inSystem, source: { imageName: "" } },
    "INVALID_ARGUMENT: installer image name is required",
  ],
  [
    lvm,
    "LogicalVolumeRemove",
    worker,
    {},
    "INVALID_ARGUMENT: volume_group and logical_volume must be set",
  ],
  [lvm, "VolumeGroupRemove", worker, {}, "INVALID_ARGUMENT: volume_group must be set"],
  [lvm, "PhysicalVolumeRemove", worker, {}, "INVALID_ARGUMENT: device must be set"],
  ["machine.MDService", "Destroy", worker, {}, "INVALID_ARGUMENT: device must be set"],
  [
    "machine.MDService",
    "Destroy",
    worker,
    { device: "md0" },
    "INVALID_ARGUMENT: device must be a full /dev path",
  ],
];

Deno.test("a node names what it refuses, and goes on as before", async (t) => {
  const sandbox = await startSandbox({ workers: 1, seed: 1 });
  await using client = sandboxClient(sandbox);

  for (const [service, method, node, request, wanted] of rows) {
    await t.step(`${method} ${JSON.stringify(request)}`, async () => {
      const { status } = await client.call(service, method, { metadata: { node }, request });

      assert.equal(status, wanted);
    });
  }

  assert.deepEqual(sandbox.nodes.map(({ stage }) => stage), ["running", "running"]);
});

Deno.test("bootstrap does not wait: a node whose cri does not run, or that knows no time, refuses it", async () => {
  const sandbox = await startSandbox({ seed: 1 });
  await using client = sandboxClient(sandbox);
  const [node] = sandbox.nodes;
  const cri = node?.services.get("cri");
  if (node === undefined || cri === undefined) throw new Error("no cri");
  const bootstrap = async () => (await client.call(machine, "Bootstrap")).status;

  node.progress.hasTime = false;
  const withoutTime = await bootstrap();
  cri.state = "Waiting";
  const withoutCri = await bootstrap();

  assert.equal(withoutTime, "FAILED_PRECONDITION: time is not in sync yet");
  assert.equal(withoutCri, "FAILED_PRECONDITION: bootstrap is not available yet");
});

Deno.test("a machine in maintenance mode refuses what needs a role, in the words of a node", async () => {
  const sandbox = await startSandbox({ maintenance: 1, seed: 1 });
  await using client = sandboxClient(sandbox);
  const [endpoint = ""] = sandbox.maintenanceEndpoints;
  const statusOf = async (method: string) =>
    (await client.call(machine, method, { endpoint })).status;

  assert.equal(await statusOf("Reboot"), "PERMISSION_DENIED: not authorized");
  assert.equal(await statusOf("Bootstrap"), "PERMISSION_DENIED: not authorized");
  assert.equal(await statusOf("Kubeconfig"), "PERMISSION_DENIED: not authorized");
  assert.equal(await statusOf("Upgrade"), "PERMISSION_DENIED: not authorized");
  assert.equal(
    await statusOf("EtcdMemberList"),
    "UNIMPLEMENTED: member list is only available on control plane nodes",
  );
});
