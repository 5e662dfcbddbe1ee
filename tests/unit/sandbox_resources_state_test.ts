/** Resources that a fresh node has none of, and how it comes by them; figures that several answers give. */

import assert from "node:assert/strict";
import { startSandbox } from "../../mod.ts";
import type { SandboxNode } from "../../plugins/sandbox/node.ts";
import { readNodeConfig } from "../../plugins/sandbox/node_config.ts";
import type { SandboxOptions } from "../../plugins/sandbox/start.ts";
import { sandboxClient } from "../sandbox_client.ts";
import { talosctl } from "../talosctl.ts";

const controlPlane = "10.5.0.2";
const worker = "10.5.0.3";

Deno.test("a node whose address is in a network of Kubernetes says so in its diagnostics", async () => {
  await using cluster = await openCluster({ workers: 2, seed: 1 });
  await configure(cluster.sandbox.nodes[1], (text) => text.replace("10.244.0.0/16", "10.5.0.0/24"));
  await configure(
    cluster.sandbox.nodes[2],
    () => "version: v1alpha1\ncluster:\n  network:\n    serviceSubnets: [fd00::/108, 10.0.0.0/8]\n",
  );

  const { stdout } = await talosctl(
    cluster,
    `get diagnostics -n ${controlPlane},${worker},10.5.0.4 -o yaml`,
  );

  // Words of the sample in tests/golden/resources/seeds.json.
  const specs = stdout.split("---\n").map((document) => ({
    node: /^node: (.*)$/m.exec(document)?.[1],
    id: /^ {4}id: (.*)$/m.exec(document)?.[1],
    spec: document.slice(document.indexOf("spec:\n")),
  })).toSorted((one, other) => String(one.node) < String(other.node) ? -1 : 1);
  const message = "    message: host and Kubernetes pod/service CIDR addresses overlap\n";
  assert.deepEqual(specs, [
    {
      node: worker,
      id: "address-overlap",
      spec: `spec:\n${message}    details:\n` +
        "        - host routed address 10.5.0.3/24 overlaps with Kubernetes pod CIDR 10.5.0.0/24\n",
    },
    {
      node: "10.5.0.4",
      id: "address-overlap",
      spec: `spec:\n${message}    details:\n` +
        "        - host routed address 10.5.0.4/24 overlaps with Kubernetes service CIDR 10.0.0.0/8\n",
    },
  ]);
});

Deno.test("nodes that turn KubeSpan on see each other as peers, and which of them is away", async () => {
  await using cluster = await openCluster({ controlPlanes: 1, workers: 3, seed: 1 });
  const { sandbox } = cluster;
  const [first, second, third] = sandbox.nodes;
  const asDocument = "---\napiVersion: v1alpha1\nkind: KubeSpanConfig\nenabled: true\n";
  for (const node of [first, second]) await configure(node, (text) => text + asDocument);
  await configure(
    third,
    (text) => text.replace("machine:\n", "machine:\n    network: {kubespan: {enabled: true}}\n"),
  );

  const before = await talosctl(cluster, `get kubespanpeerstatuses -n ${controlPlane}`);
  await sandbox.fault("10.5.0.4", "down");
  const after = await talosctl(cluster, `get kubespanpeerstatuses -n ${controlPlane}`);
  const without = await talosctl(cluster, "get kubespanpeerstatuses -n 10.5.0.5");

  const peers = (stdout: string) =>
    stdout.trimEnd().split("\n").slice(1).map((line) => line.split(/ +/).slice(5, 8)).sort();
  const rows = (state: string) => [
    [second?.hostname, "10.5.0.3:51820", "up"],
    [third?.hostname, "10.5.0.4:51820", state],
  ];
  assert.deepEqual(peers(before.stdout), rows("up"));
  assert.deepEqual(peers(after.stdout), rows("down"));
  assert.deepEqual(peers(without.stdout), []);
  const ids = before.stdout.matchAll(/ KubeSpanPeerStatus +([\w+/]{43}=) /g).toArray();
  assert.equal(new Set(ids.map(([, id]) => id)).size, 2);
});

Deno.test("what is in META is there as resources", async () => {
  await using cluster = await openCluster({ seed: 1 });
  cluster.sandbox.nodes[0]?.disk.meta.set(0x0a, "externalIPs:\n  - 1.2.3.4\n").set(
    0x06,
    "aGVsbG8=",
  );

  const { stdout } = await talosctl(cluster, `get metakeys -n ${controlPlane} -o yaml`);

  assert.deepEqual(
    stdout.split("---\n").map((document) => [
      /^ {4}id: (.*)$/m.exec(document)?.[1],
      document.slice(document.indexOf("spec:\n")),
    ]),
    [
      ["0x06", "spec:\n    value: aGVsbG8=\n"],
      ["0x0a", "spec:\n    value: |\n        externalIPs:\n          - 1.2.3.4\n"],
    ],
  );
});

Deno.test("get memorystats, memory and /proc/meminfo tell the same", async () => {
  await using cluster = await openCluster({ seed: 1 });
  const numbers = (text: string) =>
    new Map(
      text.matchAll(/^ *([\w()]+): +(\d+)(?: kB)?$/gm).map(([, name = "", number]) =>
        [name.toLowerCase().replaceAll(/[()_]/g, ""), number] as const
      ),
    );

  const resource = numbers(
    (await talosctl(cluster, `get memorystats -n ${controlPlane} -o yaml`)).stdout
      .split("spec:\n")[1] ?? "",
  );
  const memory = numbers((await talosctl(cluster, `memory -v -n ${controlPlane}`)).stdout);
  const file = numbers((await talosctl(cluster, `read /proc/meminfo -n ${controlPlane}`)).stdout);

  assert.equal(memory.size, 48);
  assert.deepEqual(file, memory);
  // Three have shorter names; as on the recorded node, what is not free is used.
  const { memtotal, memfree, memavailable, ...rest } = Object.fromEntries(memory);
  assert.deepEqual(Object.fromEntries(resource), {
    ...rest,
    total: memtotal,
    used: String(Number(memtotal) - Number(memfree)),
    available: memavailable,
  });
});

Deno.test("get cpustats and SystemStat tell the same, and go on with the clock", async () => {
  await using cluster = await openCluster({ seed: 1 });
  await using client = sandboxClient(cluster.sandbox);
  const specOf = async () =>
    (await talosctl(cluster, `get cpustats -n ${controlPlane} -o jsonpath={.spec}`)).stdout;

  const before = await specOf();
  await cluster.clock.advance(60_000);
  const spec = JSON.parse(await specOf());
  const { messages: [answer] } = await client.call("machine.MachineService", "SystemStat");
  const [stat] = answer.messages;

  assert.notDeepEqual(JSON.parse(before), spec);
  assert.deepEqual(spec, {
    cpu: stat.cpu,
    cpuTotal: stat.cpuTotal,
    irqTotal: Number(stat.irqTotal),
    contextSwitches: Number(stat.contextSwitches),
    processCreated: Number(stat.processCreated),
    processRunning: Number(stat.processRunning),
    processBlocked: Number(stat.processBlocked),
    softIrqTotal: Number(stat.softIrqTotal),
  });
});

/** A sandbox, and a talosconfig for it; disposing ends both. */
async function openCluster(options: SandboxOptions) {
  const sandbox = await startSandbox(options);
  const talosconfigPath = await Deno.makeTempFile();
  await sandbox.writeTalosconfig(talosconfigPath);
  return {
    sandbox,
    talosconfigPath,
    clock: sandbox.clock,
    async [Symbol.asyncDispose]() {
      await Deno.remove(talosconfigPath);
      await sandbox[Symbol.asyncDispose]();
    },
  };
}

/** Gives a node another configuration, made of its own. */
async function configure(
  node: SandboxNode | undefined,
  edit: (text: string) => string,
): Promise<void> {
  if (node?.config === undefined) throw new Error("a node without a configuration");
  node.config = await readNodeConfig(edit(node.config.text));
}
