/** Services of simulated nodes and credentials made by them (spec/machine-read.md, 28.2; spec/client.md, 4.6). */

import assert from "node:assert/strict";
import { startSandbox } from "../../plugins/sandbox/start.ts";
import { sandboxClient } from "../sandbox_client.ts";

Deno.test("a node lists the services of its kind, sorted, with the events of their start", async () => {
  const sandbox = await startSandbox({ workers: 1, seed: 1, platform: "container" });
  await using client = sandboxClient(sandbox);
  const list = async (node: string) => {
    const { messages } = await client.call("machine.MachineService", "ServiceList", {
      metadata: { node },
    });
    return messages[0].messages[0].services;
  };

  const services = await list("10.5.0.2");
  const ofWorker = await list("10.5.0.3");

  const ids = (some: { id: string }[]) => some.map(({ id }) => id).join(" ");
  assert.equal(ids(services), "apid containerd cri etcd kubelet machined trustd");
  assert.equal(ids(ofWorker), "apid containerd cri kubelet machined");
  const etcd = services[3];
  assert.deepEqual([etcd.state, etcd.health.unknown, etcd.health.healthy], [
    "Running",
    false,
    true,
  ]);
  assert.deepEqual(
    etcd.events.events.map((
      { state, msg }: { state: string; msg: string },
    ) => `[${state}]: ${msg}`),
    [
      "[Starting]: Starting service",
      '[Waiting]: Waiting for volumes /var/lib, ETCD to be mounted, service "cri" to be "up", time sync, network, etcd spec',
      "[Preparing]: Running pre state",
      "[Preparing]: Creating service runner",
      "[Running]: Started task etcd (PID 184) for container etcd",
      "[Running]: Health check successful",
    ],
  );
  assert.equal(etcd.events.events[5].ts.seconds, String(Date.parse("2026-11-21T10:25:20Z") / 1000));
});

Deno.test("a machine runs more services than a container", async () => {
  const sandbox = await startSandbox({ seed: 1 });
  await using client = sandboxClient(sandbox);

  const { messages } = await client.call("machine.MachineService", "ServiceList");

  const ids = messages[0].messages[0].services.map(({ id }: { id: string }) => id);
  assert.equal(
    ids.join(" "),
    "apid auditd containerd cri dashboard etcd kubelet machined syslogd trustd udevd",
  );
});

Deno.test("actions on services are answered as a node does, in its order of checks", async () => {
  const sandbox = await startSandbox({ seed: 1 });
  await using client = sandboxClient(sandbox);
  const act = async (method: string, id: string) => {
    const { messages, status } = await client.call("machine.MachineService", method, {
      request: { id },
    });
    return messages[0]?.messages[0].resp ?? status;
  };
  const rows: [string, string, string][] = [
    ["ServiceStart", "nosuch", 'UNKNOWN: service "nosuch" not defined'],
    ["ServiceStart", "apid", 'Service "apid" started'],
    ["ServiceStop", "apid", `UNKNOWN: service "apid" doesn't support stop operation via API`],
    ["ServiceRestart", "etcd", `UNKNOWN: service "etcd" doesn't support restart operation via API`],
    ["ServiceRestart", "kubelet", 'Service "kubelet" restarted'],
    ["ServiceStop", "kubelet", `UNKNOWN: service "kubelet" doesn't support stop operation via API`],
  ];
  for (const [method, id, expected] of rows) assert.equal(await act(method, id), expected);
});

Deno.test("a restart shows in the service's events and in those of the node, at the sandbox's time", async () => {
  const sandbox = await startSandbox({ seed: 1 });
  await using client = sandboxClient(sandbox);
  const [node] = sandbox.nodes;
  const before = node?.events.history().length ?? 0;
  sandbox.clock.advance(60_000);

  await client.call("machine.MachineService", "ServiceRestart", { request: { id: "kubelet" } });

  const at = new Date("2026-11-21T10:27:00Z");
  const published = node?.events.history().slice(before) ?? [];
  assert.deepEqual(
    published.flatMap(({ payload, at }) =>
      payload.type === "ServiceStateEvent" ? [[payload.message.action, at]] : []
    ),
    ["STOPPING", "FINISHED", "STARTING", "WAITING", "PREPARING", "PREPARING", "RUNNING", "RUNNING"]
      .map((action) => [action, at]),
  );
  assert.deepEqual(node?.services.get("kubelet")?.events.at(-1), {
    message: "Health check successful",
    state: "Running",
    at,
  });
  const ids = node?.events.history().map(({ id }) => id) ?? [];
  assert.deepEqual(ids, ids.toSorted());
  assert.match(ids[0] ?? "", /^[0-9a-v]{20}$/);
});

Deno.test("credentials for any roles come from a control plane, named after one role", async () => {
  const sandbox = await startSandbox({ workers: 1, seed: 1, name: "mycl" });
  await using client = sandboxClient(sandbox);
  const ask = async (roles: string[], seconds: string, node = "10.5.0.2") => {
    const request = { roles, crtTtl: { seconds } };
    const { messages, status } = await client.call(
      "machine.MachineService",
      "GenerateClientConfiguration",
      { request, metadata: { node } },
    );
    return { status, answer: messages[0]?.messages[0] };
  };
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

  const one = await ask(["os:etcd:backup"], "3600");
  const two = await ask(["os:admin", "made:up"], "3600");
  const late = await ask(["os:admin"], "0");
  const ofWorker = await ask(["os:admin"], "3600", "10.5.0.3");

  assert.match(
    text(one.answer.talosconfig),
    /^context: etcd:backup@mycl\ncontexts:\n {4}etcd:backup@mycl:\n {8}endpoints: \[\]\n {8}ca: \S+\n {8}crt: \S+\n {8}key: \S+\n$/,
  );
  assert.match(text(two.answer.talosconfig), /^context: mycl\n/);
  assert.equal(late.status, "INVALID_ARGUMENT: crt_ttl should be positive");
  assert.equal(
    ofWorker.status,
    "UNIMPLEMENTED: generate client configuration is only available on control plane nodes",
  );
  const certificate = { certificatePem: text(two.answer.crt), keyPem: text(two.answer.key) };
  const { status } = await client.call("machine.MachineService", "Version", { certificate });
  assert.equal(status, "OK: ");
});
