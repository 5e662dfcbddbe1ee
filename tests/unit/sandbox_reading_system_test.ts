/** What simulated nodes answer about themselves is one story: processes, containers, groups, memory, sockets (spec/machine-read.md, 4 to 10, 15, 22). */

import assert from "node:assert/strict";
import type { ServiceName } from "../../core/client/talos.ts";
import { applyChange } from "../../plugins/sandbox/changes.ts";
import { type SandboxOptions, startSandbox } from "../../plugins/sandbox/start.ts";
import { sandboxClient } from "../sandbox_client.ts";

Deno.test("the processes of a container are those that were recorded, and the kubelet's", async () => {
  await using node = await startNode({ platform: "container" });

  const { messages } = await node.call("Processes");

  const words = messages[0].messages[0].processes.map((
    { pid, ppid, state, threads, command, args }: Record<string, string>,
  ) => [pid, ppid, state, threads, command, args?.split(" ")[0]].join(" "));
  assert.deepEqual(words, [
    "1 0 S 12 init /sbin/init",
    "18 1 S 8 containerd /bin/containerd",
    "28 1 S 8 containerd /bin/containerd",
    "73 1 S 10 containerd-shim /usr/bin/containerd-shim-runc-v2",
    "75 1 S 10 containerd-shim /usr/bin/containerd-shim-runc-v2",
    "116 73 S 9 apid /apid",
    "121 75 S 7 trustd /trustd",
    "162 1 S 10 containerd-shim /usr/bin/containerd-shim-runc-v2",
    "184 162 S 8 etcd /usr/local/bin/etcd",
    "214 1 S 10 containerd-shim /usr/bin/containerd-shim-runc-v2",
    "240 214 S 13 kubelet /usr/local/bin/kubelet",
  ]);
});

Deno.test("a process is the same in the list, in /proc, in its container and in its group", async () => {
  await using node = await startNode({});

  const { messages: [listed] } = await node.call("Processes");
  const { messages: [k8s] } = await node.call("Containers", { namespace: "k8s.io", driver: "CRI" });

  const { processes } = listed.messages[0];
  const container = k8s.messages[0].containers.find(({ name }: { name: string }) =>
    name === "kube-apiserver"
  );
  const sandbox = k8s.messages[0].containers.find(({ id }: { id: string }) =>
    id === container.podId
  );
  const process = processes.find(({ pid }: { pid: number }) => pid === container.pid);
  const read = async (path: string) => {
    const { messages } = await node.call("Read", { path });
    return messages.map(({ bytes }) => new TextDecoder().decode(bytes)).join("");
  };
  const group = `/kubepods/burstable/pod${sandbox.uid}/${container.internalId}`;
  const [, , , , , , , , , , , , , user, system, , , , , threads, , , virtual, pages] =
    (await read(`/proc/${container.pid}/stat`)).split(" ");
  assert.equal(await read(`/proc/${container.pid}/cgroup`), `0::${group}\n`);
  assert.equal(await read(`/sys/fs/cgroup${group}/cgroup.procs`), `${container.pid}\n`);
  assert.equal(
    (await read(`/proc/${container.pid}/cmdline`)).replaceAll("\0", " ").trim(),
    process.args,
  );
  assert.deepEqual(
    [(Number(user) + Number(system)) / 100, Number(threads), virtual, String(Number(pages) * 4096)],
    [process.cpuTime, process.threads, process.virtualMemory, process.residentMemory],
  );
  assert.equal(
    container.id,
    `${container.podId}:kube-apiserver:${container.internalId.slice(0, 12)}`,
  );
});

Deno.test("a stopped service takes its processes, sockets and containers with it", async () => {
  await using node = await startNode({});
  const summary = async () => {
    const { messages: [processes] } = await node.call("Processes");
    const { messages: [containers] } = await node.call("Containers", {
      namespace: "system",
      driver: "CONTAINERD",
    });
    const { messages: [sockets] } = await node.call("Netstat", {
      filter: "LISTENING",
      feature: { pid: true },
      l4proto: { tcp6: true },
      netns: { hostnetwork: true },
    });
    return [
      processes.messages[0].processes.some(({ command }: { command: string }) =>
        command === "trustd"
      ),
      containers.messages[0].containers.map(({ id, pid }: Record<string, string>) =>
        `${id} ${pid}`
      ),
      sockets.messages[0].connectrecord.map(({ localport }: { localport: number }) => localport),
    ];
  };

  const before = await summary();
  node.stopService("trustd");
  const after = await summary();

  assert.deepEqual(before, [
    true,
    ["apid 116", "trustd 121"],
    [50000, 2379, 2380, 2383, 10250, 50001],
  ]);
  assert.deepEqual(after, [false, ["apid 116"], [50000, 2379, 2380, 2383, 10250]]);
});

Deno.test("memory adds up, and is what /proc/meminfo says", async () => {
  await using node = await startNode({});

  const { messages: [memory] } = await node.call("Memory");
  const { messages: text } = await node.call("Read", { path: "/proc/meminfo" });

  const { meminfo } = memory.messages[0];
  const lines = text.map(({ bytes }) => new TextDecoder().decode(bytes)).join("").trim().split(
    "\n",
  );
  assert.equal(lines.length, 48);
  for (const line of lines) {
    const [, name = "", figure] = line.match(/^(\S+):\s+(\d+)( kB)?$/) ?? [];
    assert.equal(meminfo[name.toLowerCase().replaceAll(/[()_]/g, "")], figure, line);
  }
  assert.ok(Number(meminfo.memtotal) > Number(meminfo.memavailable));
});

Deno.test("figures grow with the clock, and the sums are those of the parts", async () => {
  await using node = await startNode({});
  const stat = async () => {
    const { messages: [answer] } = await node.call("SystemStat");
    return answer.messages[0];
  };

  const before = await stat();
  node.clock.advance(60_000);
  const after = await stat();
  const { messages: [disks] } = await node.call("DiskStats");
  const { messages: [network] } = await node.call("NetworkDeviceStats");
  const { messages: [load] } = await node.call("LoadAvg");

  assert.equal(before.bootTime, String(Date.parse("2026-11-21T10:25:20Z") / 1000));
  assert.equal(after.cpu.length, 2);
  // Sixty seconds of two processors.
  const spent = (cpu: Record<string, number>) =>
    Object.values(cpu).reduce((sum, seconds) => sum + seconds, 0);
  assert.ok(Math.abs(spent(after.cpuTotal) - spent(before.cpuTotal) - 120) < 0.2);
  assert.ok(Number(after.contextSwitches) > Number(before.contextSwitches));
  const sums = ({ total, devices }: Counted, key: string) => [
    total[key],
    String(devices.reduce((sum, device) => sum + Number(device[key]), 0)),
  ];
  const [diskTotal, diskSum] = sums(disks.messages[0], "writeSectors");
  const [rxTotal, rxSum] = sums(network.messages[0], "rxBytes");
  assert.deepEqual([diskTotal, rxTotal], [diskSum, rxSum]);
  const { load1, load5, load15 } = load.messages[0];
  assert.ok(load1 >= load5 && load5 >= load15 && load15 > 0);
});

Deno.test("netstat tells the host's sockets from the pods', and connected from listening", async () => {
  await using node = await startNode({});
  const netstat = async (filter: string, netns: unknown, pid = false) => {
    const { messages } = await node.call("Netstat", {
      filter,
      netns,
      feature: { pid },
      l4proto: { tcp: true, tcp6: true, udp: true, udp6: true },
    });
    return messages[0].messages[0].connectrecord;
  };
  const { messages: [k8s] } = await node.call("Containers", { namespace: "k8s.io", driver: "CRI" });
  const coredns = k8s.messages[0].containers.find(({ networkNamespace }: Record<string, string>) =>
    networkNamespace !== ""
  );

  const connected = await netstat("CONNECTED", { hostnetwork: true });
  const listening = await netstat("LISTENING", { hostnetwork: true }, true);
  const ofPod = await netstat("ALL", { netns: [coredns.networkNamespace] });
  const everywhere = await netstat("ALL", { hostnetwork: true, allnetns: true });

  const rows = (records: Record<string, string>[]) =>
    records.map(({ l4proto, localip, localport, state }) =>
      `${l4proto} ${localip}:${localport} ${state}`
    );
  assert.deepEqual(rows(connected), [
    "tcp 127.0.0.1:41202 ESTABLISHED",
    "tcp 127.0.0.1:7445 ESTABLISHED",
    "tcp6 10.5.0.2:50000 ESTABLISHED",
    "tcp6 10.5.0.2:50000 TIME_WAIT",
    "tcp6 ::1:2379 ESTABLISHED",
    "tcp6 ::1:40194 ESTABLISHED",
  ]);
  // What the recorded control plane listened on, and the kubelet's ports.
  const listens = rows(listening);
  for (
    const row of [
      "tcp 127.0.0.1:7445 LISTEN",
      "tcp 169.254.116.108:53 LISTEN",
      "tcp6 :::2379 LISTEN",
      "tcp6 :::50001 LISTEN",
      "udp 127.0.0.53:53 CLOSE",
    ]
  ) assert.ok(listens.includes(row), row);
  assert.deepEqual(listening[0].process, { pid: 1, name: "init" });
  assert.ok(ofPod.length > 0);
  assert.ok(ofPod.every(({ netns }: { netns: string }) => netns === coredns.networkNamespace));
  // Without the names of processes a record still has the field: the official client reads it.
  assert.deepEqual(connected[0].process, { pid: 0, name: "" });
  assert.equal(everywhere.at(-1).netns, coredns.networkNamespace);
});

Deno.test("calls about containers are refused as a node refuses them", async () => {
  await using node = await startNode({});
  const status = async (method: string, request: unknown) =>
    (await node.call(method, request)).status;

  for (const method of ["Containers", "Stats", "Restart"]) {
    assert.equal(
      await status(method, { driver: "CRI" }),
      "INVALID_ARGUMENT: namespace can't be empty",
    );
    assert.equal(
      await status(method, { namespace: "system", driver: "CRI" }),
      "UNKNOWN: CRI inspector is supported only for K8s namespace",
    );
  }
  assert.equal(
    await status("Restart", { namespace: "k8s.io", driver: "CRI", id: "nosuch" }),
    'UNKNOWN: container "nosuch" not found',
  );
});

Deno.test("a restarted container has another id and process, and its files follow", async () => {
  await using node = await startNode({});
  const find = async () => {
    const { messages } = await node.call("Containers", { namespace: "k8s.io", driver: "CRI" });
    return messages[0].messages[0].containers.find(({ name }: { name: string }) =>
      name === "kube-proxy"
    );
  };
  const before = await find();

  const { status } = await node.call("Restart", {
    namespace: "k8s.io",
    driver: "CRI",
    id: `${before.podId}:kube-proxy`,
  });

  const after = await find();
  const { status: readStatus } = await node.call("Read", { path: `/proc/${after.pid}/stat` });
  assert.equal(status, "OK: ");
  assert.notEqual(after.internalId, before.internalId);
  assert.notEqual(after.pid, before.pid);
  assert.equal(readStatus, "OK: ");
});

Deno.test("images are those that the node runs, under all their names", async () => {
  await using node = await startNode({});
  const list = (namespace: string, driver = "CRI") =>
    node.call("List", { containerd: { driver, namespace } }, "machine.ImageService");

  const system = await list("NS_SYSTEM");
  const ofPods = await list("NS_CRI");
  const inMemory = await list("NS_SYSTEM", "CONTAINERD");
  const legacy = await node.call("ImageList", { namespace: "NS_SYSTEM" });

  const [etcd] = system.messages.filter(({ name }) => name.startsWith("registry.k8s.io/etcd@"));
  assert.equal(etcd.name, `registry.k8s.io/etcd@${etcd.digest}`);
  assert.deepEqual(
    system.messages.filter(({ digest }) => digest === etcd.digest).map(({ name }) => name),
    ["registry.k8s.io/etcd:3.7.1", etcd.name, etcd.digest],
  );
  assert.deepEqual(
    legacy.messages.map(({ name }) => name),
    system.messages.map(({ name }) => name),
  );
  assert.deepEqual(ofPods.messages[0].labels, { "io.cri-containerd.image": "managed" });
  assert.deepEqual(inMemory.messages, []);
  assert.equal(
    (await list("NS_CRI", "CONTAINERD")).status,
    "INVALID_ARGUMENT: cannot use CRI namespace with containerd driver",
  );
});

Deno.test("time comes from the sandbox's clock, and failures name the server", async () => {
  await using node = await startNode({});
  const check = (server: string) => node.call("TimeCheck", { server }, "time.TimeService");

  const { messages: [answer] } = await node.call("Time", {}, "time.TimeService");

  const { server, localtime } = answer.messages[0];
  assert.equal(server, "time.cloudflare.com");
  assert.equal(localtime.seconds, String(Date.parse("2026-11-21T10:26:00Z") / 1000));
  assert.equal((await check("")).status, "INVALID_ARGUMENT: ntp server is required");
  assert.match(
    (await check("127.0.0.1")).status,
    /^UNKNOWN: error querying NTP server "127\.0\.0\.1": read udp 127\.0\.0\.1:\d+->127\.0\.0\.1:123: read: connection refused$/,
  );
  assert.match(
    (await check("/dev/ptp0")).status,
    /^UNKNOWN: error querying PTP device "\/dev\/ptp0": /,
  );
});

Deno.test("mounts, free space and disks agree", async () => {
  await using node = await startNode({});

  const { messages: [mounts] } = await node.call("Mounts");
  const statfs = await node.call("Statfs", { path: "/var/lib" }, "machine.StorageService");
  const missing = await node.call("Statfs", { path: "/nosuch" }, "machine.StorageService");
  const { messages: [disks] } = await node.call("Disks", {}, "storage.StorageService");

  const variable = mounts.messages[0].stats.find(({ mountedOn }: Record<string, string>) =>
    mountedOn === "/var"
  );
  const { size, available, used } = statfs.messages[0];
  assert.deepEqual([size, available], [variable.size, variable.available]);
  assert.equal(BigInt(used) + BigInt(available), BigInt(size));
  assert.equal(missing.status, "UNKNOWN: no such file or directory");
  assert.deepEqual(
    disks.messages[0].disks.map(({ deviceName, systemDisk }: Record<string, string>) =>
      `${deviceName} ${systemDisk}`
    ),
    ["/dev/sda false", "/dev/vda true"],
  );
});

Deno.test("a node without a configuration runs what is needed to give it one", async () => {
  const sandbox = await startSandbox({ maintenance: 1, seed: 1 });
  await using client = sandboxClient(sandbox);
  const endpoint = sandbox.maintenanceEndpoints[0] ?? "";
  const call = (method: string, request: unknown = {}) =>
    client.call("machine.MachineService", method, { endpoint, certificate: null, request });

  const { messages: [processes] } = await call("Processes");
  const { messages: [logs] } = await call("LogsContainers");
  const read = await call("Read", { path: "/etc/hostname" });

  assert.deepEqual(
    processes.messages[0].processes.map(({ command }: Record<string, string>) => command),
    ["init", "containerd", "containerd-shim", "apid"],
  );
  assert.equal(
    logs.messages[0].ids.sort().join(" "),
    "apid containerd controller-runtime dns-resolve-cache early-startup machined",
  );
  assert.equal(read.status, "PERMISSION_DENIED: not authorized");
});

Deno.test("the controllers hang together as on a real node", async () => {
  await using node = await startNode({});

  const { messages } = await node.call(
    "ControllerRuntimeDependencies",
    {},
    "inspect.InspectService",
  );

  const { edges } = messages[0].messages[0];
  const graphNodes = new Set(edges.flatMap((
    { controllerName, resourceType }: Record<string, string>,
  ) => [controllerName, resourceType]));
  assert.deepEqual([graphNodes.size, edges.length], [442, 708]);
  assert.deepEqual(
    edges.find(({ edgeType, resourceId }: Record<string, string>) =>
      edgeType === "INPUT_WEAK" && resourceId === "hostname"
    )?.resourceNamespace,
    "network",
  );
});

// deno-lint-ignore no-explicit-any -- whatever message the test has asked for
type Answer = { messages: any[]; status: string };

/** Figures of devices, and of all together. */
interface Counted {
  total: Record<string, string>;
  devices: Record<string, string>[];
}

/** A sandbox whose first node is called. */
async function startNode(options: SandboxOptions) {
  const sandbox = await startSandbox({ seed: 1, ...options });
  const client = sandboxClient(sandbox);
  const [node] = sandbox.nodes;
  if (node === undefined) throw new Error("no node");
  return {
    clock: sandbox.clock,
    stopService(id: string) {
      const change = { kind: "service", id, state: "Finished", message: "stopped" } as const;
      applyChange(node, change, { at: sandbox.clock.now() });
    },
    call: (
      method: string,
      request: unknown = {},
      service: ServiceName = "machine.MachineService",
    ): Promise<Answer> => client.call(service, method, { request }),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}
