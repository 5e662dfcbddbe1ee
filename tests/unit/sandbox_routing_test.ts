/** Where apid of the sandbox sends a call, and what it answers itself (spec/client.md, 4.2 to 4.4). */

import assert from "node:assert/strict";
import type { RpcError } from "../../core/errors.ts";
import { type ApidFacts, route } from "../../plugins/sandbox/routing.ts";
import { startSandbox } from "../../plugins/sandbox/start.ts";
import { sandboxClient } from "../sandbox_client.ts";

const controlPlane: ApidFacts = { routes: true, canForward: true, ownNames: ["10.5.0.2", "cp-1"] };
const worker: ApidFacts = { ...controlPlane, canForward: false };
const maintenance: ApidFacts = { ...worker, routes: false };
const version = "/machine.MachineService/Version";
const denied = "PermissionDenied: no request forwarding";
const noAggregation = "InvalidArgument: one-2-many proxying is not supported for method " +
  "/machine.ImageService/List";

/** spec/client.md, 4.3: who, what was sent, what comes of it. */
const rows: [string, ApidFacts, Record<string, string[]>, string][] = [
  ["no metadata", controlPlane, {}, "local"],
  ["no metadata", worker, {}, "local"],
  ["maintenance ignores node", maintenance, { node: ["10.5.0.9"] }, "local"],
  ["maintenance ignores two nodes", maintenance, { node: ["a", "b"] }, "local"],
  ["proxied already", controlPlane, { node: ["10.5.0.9"], proxyfrom: ["x"] }, "local"],
  [
    "two values of node",
    controlPlane,
    { node: ["a", "b"] },
    "InvalidArgument: node metadata must be single-valued",
  ],
  ["another node", controlPlane, { node: ["10.5.0.9"] }, "one 10.5.0.9"],
  ["itself, by address", controlPlane, { node: ["10.5.0.2"] }, "one 10.5.0.2"],
  ["a worker itself, by address", worker, { node: ["10.5.0.2"] }, "local"],
  ["a worker itself, by hostname", worker, { node: ["cp-1"] }, "local"],
  ["a worker itself, in nodes", worker, { nodes: ["cp-1"] }, "local"],
  ["a worker, another node", worker, { node: ["10.5.0.9"] }, denied],
  ["a worker, itself twice", worker, { nodes: ["cp-1", "cp-1"] }, denied],
  ["nodes beats node", controlPlane, { node: ["a"], nodes: ["b", "c"] }, "many b,c"],
  ["one entry of nodes", controlPlane, { nodes: ["b"] }, "many b"],
  ["empty target", controlPlane, { node: [""] }, 'Internal: invalid target ""'],
  [
    "target with a port",
    controlPlane,
    { node: ["10.0.0.1:50000"] },
    'Internal: invalid target "10.0.0.1:50000"',
  ],
  [
    "target that is a URL",
    controlPlane,
    { node: ["http://10.0.0.1"] },
    'Internal: invalid target "http://10.0.0.1"',
  ],
  [
    "IPv6 target with a port",
    controlPlane,
    { node: ["[fd00::7]:1"] },
    'Internal: invalid target "[fd00::7]:1"',
  ],
  [
    "one bad entry of nodes",
    controlPlane,
    { nodes: ["a", "b:1"] },
    'Internal: invalid target "b:1"',
  ],
  ["IPv6 target", controlPlane, { node: ["fd00::7"] }, "one fd00::7"],
  ["IPv6 target in brackets", controlPlane, { node: ["[fd00::7]"] }, "one [fd00::7]"],
];

Deno.test("apid routes each call by the official rules", () => {
  for (const [label, facts, metadata, expected] of rows) {
    assert.equal(outcome(version, metadata, facts), expected, label);
  }
  const nodes = { nodes: ["10.5.0.2"] };
  assert.equal(outcome("/machine.ImageService/List", nodes, controlPlane), noAggregation);
  for (
    const path of [
      "/time.TimeService/Time",
      "/storage.StorageService/Disks",
      "/cluster.ClusterService/X",
    ]
  ) {
    assert.equal(outcome(path, nodes, controlPlane), "many 10.5.0.2", path);
  }
});

Deno.test("a control plane passes a call on to the node that was named, by address or hostname", async () => {
  const sandbox = await startSandbox({ controlPlanes: 2, workers: 1, seed: 1, version: "v1.2.3" });
  await using client = sandboxClient(sandbox);
  const [, , worker] = sandbox.nodes;
  if (worker !== undefined) worker.version.tag = "v9.9.9";

  const tags = [];
  for (const node of ["10.5.0.3", "10.5.0.4", "talos-default-worker-1"]) {
    const { messages } = await client.call("machine.MachineService", "Version", {
      metadata: { node },
    });
    tags.push(messages[0].messages[0].version.tag);
  }

  assert.deepEqual(tags, ["v1.2.3", "v9.9.9", "v9.9.9"]);
});

Deno.test("a node that cannot be reached is named in the status of the call", async () => {
  const sandbox = await startSandbox({ maintenance: 1, seed: 1 });
  await using client = sandboxClient(sandbox);
  const dial = (text: string) => `UNAVAILABLE: connection error: desc = "transport: ${text}"`;
  const rows: [string, string][] = [
    [
      "127.0.0.66",
      dial("Error while dialing: dial tcp 127.0.0.66:50000: connect: connection refused"),
    ],
    ["10.5.0.99", dial("Error while dialing: dial tcp 10.5.0.99:50000: connect: no route to host")],
    ["[fd00::7]", dial("Error while dialing: dial tcp [fd00::7]:50000: connect: no route to host")],
    ["nosuchhost", "UNAVAILABLE: name resolver error: produced zero addresses"],
    [
      "10.5.0.3",
      dial(
        "authentication handshake failed: tls: failed to verify certificate: x509: certificate signed by unknown authority",
      ),
    ],
  ];

  for (const [node, expected] of rows) {
    const { status } = await client.call("machine.MachineService", "Version", {
      metadata: { node },
    });
    assert.equal(status, expected);
  }
});

Deno.test("a worker's endpoint answers for itself and refuses to pass calls on", async () => {
  const sandbox = await startSandbox({ workers: 1, listen: "all", seed: 1 });
  await using client = sandboxClient(sandbox);
  const endpoint = sandbox.endpoints[1] ?? "";
  const ask = async (node: string) =>
    (await client.call("machine.MachineService", "Version", { endpoint, metadata: { node } }))
      .status;

  assert.equal(await ask("10.5.0.3"), "OK: ");
  assert.equal(await ask("talos-default-worker-1"), "OK: ");
  assert.equal(await ask("10.5.0.2"), "PERMISSION_DENIED: no request forwarding");
});

Deno.test("unknown services and methods say so, on the node that was asked for", async () => {
  const sandbox = await startSandbox({ controlPlanes: 2, seed: 1 });
  await using client = sandboxClient(sandbox);
  const metadata = { node: "10.5.0.3" };

  const service = await client.callBytes("/no.Service/Method", { metadata, roles: ["os:none"] });
  const method = await client.callBytes("/machine.MachineService/Nope", { metadata });
  const other = await client.callBytes("/auth.AuthService/RegisterPublicKey", { metadata });

  assert.equal(service.status, "UNIMPLEMENTED: unknown service no.Service");
  assert.equal(
    method.status,
    "UNIMPLEMENTED: unknown method Nope for service machine.MachineService",
  );
  assert.equal(other.status, "UNIMPLEMENTED: unknown service auth.AuthService");
});

Deno.test("the sandbox records what clients sent", async () => {
  const sandbox = await startSandbox({ controlPlanes: 1, seed: 1 });
  await using client = sandboxClient(sandbox);

  await client.call("machine.MachineService", "Version", {
    metadata: { node: "10.5.0.2", runtime: "Talos" },
  });

  const [record] = sandbox.calls;
  assert.equal(sandbox.calls.length, 1);
  assert.equal(record?.method, version);
  assert.equal(record?.node, "10.5.0.2");
  assert.equal(record?.endpoint, sandbox.endpoints[0]);
  assert.deepEqual(record?.metadata["runtime"], ["Talos"]);
});

function outcome(path: string, metadata: Record<string, string[]>, facts: ApidFacts): string {
  try {
    const decision = route(path, new Map(Object.entries(metadata)), facts);
    if (decision.to === "local") return "local";
    return decision.to === "one" ? `one ${decision.target}` : `many ${decision.targets.join(",")}`;
  } catch (error) {
    const { code, description } = error as RpcError;
    return `${code}: ${description}`;
  }
}
