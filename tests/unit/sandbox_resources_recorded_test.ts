/** Resources of simulated containers, against what real ones of the recorded cluster printed. */

import assert from "node:assert/strict";
import { startSandbox } from "../../mod.ts";
import { talosctl } from "../talosctl.ts";

/** A command line, and lines of its recorded table; columns are parted by single blanks here. */
const recorded: readonly [line: string, rows: readonly string[]][] = [
  ["get members -n 10.5.0.2,10.5.0.4", [
    '10.5.0.2 cluster Member talos-cp-1 2 talos-cp-1 controlplane Talos (v1.14.0-beta.1) ["10.5.0.2"]',
    '10.5.0.2 cluster Member talos-cp-2 1 talos-cp-2 controlplane Talos (v1.14.0-beta.1) ["10.5.0.3"]',
    '10.5.0.2 cluster Member talos-worker-1 1 talos-worker-1 worker Talos (v1.14.0-beta.1) ["10.5.0.4"]',
    '10.5.0.4 cluster Member talos-cp-1 1 talos-cp-1 controlplane Talos (v1.14.0-beta.1) ["10.5.0.2"]',
    '10.5.0.4 cluster Member talos-cp-2 1 talos-cp-2 controlplane Talos (v1.14.0-beta.1) ["10.5.0.3"]',
    '10.5.0.4 cluster Member talos-worker-1 1 talos-worker-1 worker Talos (v1.14.0-beta.1) ["10.5.0.4"]',
  ]],
  ["get services -n 10.5.0.2", [
    "10.5.0.2 runtime Service apid 2 true true false",
    "10.5.0.2 runtime Service containerd 2 true true false",
    "10.5.0.2 runtime Service cri 2 true true false",
    "10.5.0.2 runtime Service etcd 2 true true false",
    "10.5.0.2 runtime Service kubelet 2 true true false",
    "10.5.0.2 runtime Service machined 2 true true false",
    "10.5.0.2 runtime Service trustd 2 true true false",
  ]],
  ["get resolvers -n 10.5.0.2", [
    '10.5.0.2 network ResolverStatus resolvers 2 ["127.0.0.11"] []',
  ]],
  ["get platformmetadata -n 10.5.0.2", [
    "10.5.0.2 runtime PlatformMetadata platformmetadata 1 container 2CPU-2048RAM",
  ]],
  ["get nodeaddress current -n 10.5.0.2", [
    '10.5.0.2 network NodeAddress current 2 ["10.5.0.2/24"] v1',
  ]],
  ["get mt -n 10.5.0.4", ["10.5.0.4 config MachineType machine-type 2 worker"]],
  ["get mc -n 10.5.0.4", [
    "10.5.0.4 config MachineConfig persistent 1",
    "10.5.0.4 config MachineConfig v1alpha1 1",
  ]],
  ["get certsan -n 10.5.0.2", [
    "10.5.0.2 secrets CertSAN api 1",
    "10.5.0.2 secrets CertSAN k8s 1",
    "10.5.0.2 secrets CertSAN maintenance 3",
  ]],
  ["get osrootsecrets -n 10.5.0.2", ["10.5.0.2 secrets OSRootSecret os 1"]],
  ["get linkspecs -n 10.5.0.2", ["10.5.0.2 network LinkSpec lo 2"]],
  ["get mountstatus KUBELET -n 10.5.0.2", [
    "10.5.0.2 runtime MountStatus KUBELET 3 /var/lib/kubelet none KUBELET",
  ]],
  ["get disks -n 10.5.0.2", []],
  ["get systeminformation -n 10.5.0.2", []],
];

Deno.test("containers hold the resources that real ones were seen with", async (test) => {
  await using sandbox = await recordedSandbox();
  const talosconfigPath = await Deno.makeTempFile();
  try {
    await sandbox.writeTalosconfig(talosconfigPath);
    for (const [line, rows] of recorded) {
      await test.step(line, async () => {
        const outcome = await talosctl({ talosconfigPath, clock: sandbox.clock }, line);

        const [_header, ...shown] = outcome.stdout.trimEnd().split("\n");
        assert.deepEqual(shown.map((row) => row.trim().replace(/ +/g, " ")), rows);
      });
    }
  } finally {
    await Deno.remove(talosconfigPath);
  }
});

Deno.test("a container's links, routes and addresses have the form that a real one printed", async () => {
  await using sandbox = await recordedSandbox();
  const node = sandbox.nodes[2];
  const ids = (type: string) => node?.resources.list("network", type).map(({ id }) => id) ?? [];
  const yaml = (type: string, id: string) =>
    node?.resources.get("network", type, id)?.yamlSpec ?? "";
  const [linkLocal = ""] = ids("AddressStatuses.net.talos.dev").filter((id) => id.includes("fe80"));
  const own = linkLocal.replace("eth0/", "").replace("/64", "");

  assert.match(own, /^fe80::[0-9a-f]{1,4}:[0-9a-f]{1,4}:[0-9a-f]{1,4}:[0-9a-f]{1,4}$/);
  assert.deepEqual(ids("AddressStatuses.net.talos.dev"), [
    "eth0/10.5.0.4/24",
    `eth0/${own}/64`,
    "lo/127.0.0.1/8",
    "lo/169.254.116.108/32",
    "lo/::1/128",
  ]);
  assert.deepEqual(ids("RouteStatuses.net.talos.dev"), [
    "eth0/inet6//fe80::/64/256",
    "inet4//10.5.0.0/24/0",
    "inet4/10.5.0.1//0",
    `local/eth0/inet6//${own}/128/0`,
    "local/eth0/inet6//ff00::/8/256",
    "local/inet4//10.5.0.255/32/0",
    "local/inet4//10.5.0.4/32/0",
    "local/inet4//127.0.0.0/8/0",
    "local/inet4//127.0.0.1/32/0",
    "local/inet4//127.255.255.255/32/0",
    "local/inet4//169.254.116.108/32/0",
    "local/lo/inet6//::1/128/0",
  ]);
  assert.equal(
    yaml("RouteStatuses.net.talos.dev", "inet4/10.5.0.1//0"),
    `family: inet4
dst: ""
src: ""
gateway: 10.5.0.1
outLinkIndex: 2
outLinkName: eth0
table: main
priority: 0
scope: global
type: unicast
flags: ""
protocol: boot
`,
  );
  assert.match(
    yaml("LinkStatuses.net.talos.dev", "eth0"),
    /^index: 2\ntype: ether\nlinkIndex: 2\nflags: UP,BROADCAST,RUNNING,MULTICAST,LOWER_UP\nhardwareAddr: (?:[0-9a-f]{2}:){5}[0-9a-f]{2}\npermanentAddr: ""\nbroadcastAddr: ff:ff:ff:ff:ff:ff\nmtu: 1500\nqueueDisc: noqueue\noperationalState: up\nkind: veth\nslaveKind: ""\ndriver: veth\ndriverVersion: "1.0"\nlinkState: true\nspeedMbit: 10000\nport: TwistedPair\nduplex: Full\nveth:\n {4}peerName: eth0\n$/,
  );
});

Deno.test("a node in maintenance has addresses and no cluster", async () => {
  await using sandbox = await recordedSandbox();
  const node = sandbox.nodes[3];
  const list = (namespace: string, type: string) =>
    node?.resources.list(namespace, type).map(({ id }) => id) ?? [];

  assert.deepEqual(
    list("network", "AddressStatuses.net.talos.dev").map((id) => id.replace(/fe80.*\//, "fe80/")),
    ["eth0/10.5.0.5/24", "eth0/fe80/64", "lo/127.0.0.1/8", "lo/::1/128"],
  );
  assert.deepEqual(list("cluster", "Members.cluster.talos.dev"), []);
  assert.deepEqual(list("config", "MachineConfigs.config.talos.dev"), []);
  assert.equal(
    node?.resources.get("runtime", "MachineStatuses.runtime.talos.dev", "machine")?.yamlSpec,
    "stage: maintenance\nstatus:\n    ready: true\n    unmetConditions: []\n",
  );
});

Deno.test("static pods carry the cluster's endpoint, and their large numbers as real ones print them", async () => {
  await using sandbox = await recordedSandbox();
  const pod = sandbox.nodes[1]?.resources.get(
    "k8s",
    "StaticPods.kubernetes.talos.dev",
    "kube-apiserver",
  );

  assert.match(pod?.yamlSpec ?? "", /^ {12}- --api-audiences=https:\/\/10\.5\.0\.2:6443$/m);
  assert.match(pod?.yamlSpec ?? "", /^ {4}priority: 2e\+09$/m);
});

async function recordedSandbox() {
  const sandbox = await startSandbox({
    controlPlanes: 2,
    workers: 1,
    maintenance: 1,
    seed: 1,
    platform: "container",
  });
  const hostnames = ["talos-cp-1", "talos-cp-2", "talos-worker-1", "talos-maint-1"];
  for (const [index, node] of sandbox.nodes.entries()) node.hostname = hostnames[index] ?? "";
  return sandbox;
}
