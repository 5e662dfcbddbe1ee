/** Resources of simulated machines: disks, volumes and hardware that agree with each other. */

import assert from "node:assert/strict";
import definitions from "../../plugins/sandbox/data/resource_definitions.json" with {
  type: "json",
};
import type { SandboxNode } from "../../plugins/sandbox/node.ts";
import { startSandbox } from "../../plugins/sandbox/start.ts";
import { readSeededNodes } from "../resources_seeds.ts";

Deno.test("a control plane has something of every type that the sample nodes have", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 1, seed: 1 });
  const [node] = sandbox.nodes;
  const wanted = new Set<string>();
  for (const { resources } of await readSeededNodes()) {
    for (const { metadata } of resources) wanted.add(metadata?.type ?? "");
  }

  const missing = [...wanted].filter((type) => {
    const namespace = definitions.find((definition) => definition.type === type)?.namespace ?? "";
    return node?.resources.list(namespace, type).length === 0;
  });

  // A fresh node has no trouble to tell of, no mesh, nothing in META, and no watchdog.
  assert.deepEqual(missing, [
    "Diagnostics.runtime.talos.dev",
    "KubeSpanPeerStatuses.kubespan.talos.dev",
    "MetaKeys.runtime.talos.dev",
    "WatchdogTimerStatuses.runtime.talos.dev",
  ]);
});

Deno.test("the system volumes of a machine are the partitions that were found on its system disk", async () => {
  await using sandbox = await startSandbox({ workers: 1, seed: 1 });
  const node = sandbox.nodes[1];
  assert.ok(node !== undefined);
  const field = (namespace: string, type: string, id: string, key: string) =>
    new RegExp(`^${key}: (.*)$`, "m").exec(
      node.resources.get(namespace, type, id)?.yamlSpec ?? "",
    )?.[1];

  assert.equal(field("runtime", "SystemDisks.block.talos.dev", "system-disk", "diskID"), "vda");
  for (
    const [volume, device] of [["EPHEMERAL", "vda4"], ["STATE", "vda3"], ["META", "vda2"]] as const
  ) {
    const ofVolume = (key: string) =>
      field("runtime", "VolumeStatuses.block.talos.dev", volume, key);
    const found = (key: string) =>
      field("runtime", "DiscoveredVolumes.block.talos.dev", device, key);
    assert.equal(ofVolume("phase"), "ready");
    assert.equal(ofVolume("location"), `/dev/${device}`);
    assert.equal(ofVolume("size"), found("size"));
    assert.equal(ofVolume("partitionUUID"), found("partition_uuid"));
    assert.equal(found("partition_label"), volume);
  }
  assert.equal(
    field("runtime", "Disks.block.talos.dev", "vda", "size"),
    field("runtime", "DiscoveredVolumes.block.talos.dev", "vda", "size"),
  );
});

Deno.test("a machine without a configuration has a bare disk and its hardware", async () => {
  await using sandbox = await startSandbox({ maintenance: 1, seed: 1 });
  const node = sandbox.nodes[1];
  const ids = (namespace: string, type: string) =>
    node?.resources.list(namespace, type).map(({ id }) => id);

  assert.deepEqual(ids("runtime", "DiscoveredVolumes.block.talos.dev"), ["sda", "vda"]);
  assert.deepEqual(ids("hardware", "Processors.hardware.talos.dev"), ["CPU-0"]);
  assert.deepEqual(ids("runtime", "VolumeStatuses.block.talos.dev"), []);
});

Deno.test("every node of a sandbox has ids of its own, and the same again for the same seed", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 2, seed: 3 });
  await using again = await startSandbox({ controlPlanes: 2, seed: 3 });

  const [first, second] = sandbox.nodes.map(identityOf);
  for (const [key, value] of Object.entries(first ?? {})) {
    assert.notEqual(value, "");
    assert.notEqual(value, second?.[key], key);
  }
  assert.deepEqual(first, again.nodes.map(identityOf)[0]);
});

Deno.test("a machine has none of what only containers show", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 1, seed: 1 });
  const node = sandbox.nodes[0];
  const text = (namespace: string, type: string) =>
    node?.resources.list(namespace, type).map(({ yamlSpec }) => yamlSpec).join("");

  assert.equal(text("network", "EthernetStatuses.net.talos.dev"), "");
  assert.doesNotMatch(text("network", "LinkStatuses.net.talos.dev") ?? "", /veth/);
  assert.equal(
    text("runtime", "PlatformMetadatas.talos.dev")?.split("\n")[0],
    "platform: metal",
  );
});

Deno.test("every type can be read on every kind of node", async () => {
  for (const platform of ["metal", "container"] as const) {
    await using sandbox = await startSandbox({ workers: 1, maintenance: 1, seed: 1, platform });
    for (const node of sandbox.nodes) {
      for (const { type, namespace } of definitions) {
        for (const { yamlSpec, protoSpec } of node.resources.list(namespace, type)) {
          assert.ok(yamlSpec.endsWith("\n") && protoSpec instanceof Uint8Array, `${type}`);
        }
      }
    }
  }
});

/** What no two nodes have in common. */
function identityOf({ resources }: SandboxNode): Record<string, string> {
  const text = (namespace: string, type: string) =>
    resources.list(namespace, type).map(({ yamlSpec }) => yamlSpec).join("");
  return {
    system: text("hardware", "SystemInformations.hardware.talos.dev"),
    link: text("network", "HardwareAddresses.net.talos.dev"),
    member: text("etcd", "EtcdMembers.etcd.talos.dev"),
    volumes: text("runtime", "VolumeStatuses.block.talos.dev"),
  };
}
