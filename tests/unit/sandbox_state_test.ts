/** Resources of simulated nodes: reads, watches, refusals (spec/resources.md, 1 to 3). */

import assert from "node:assert/strict";
import type { ServiceName } from "../../core/client/talos.ts";
import { resourceFilter } from "../../plugins/sandbox/cosi_query.ts";
import { type Sandbox, startSandbox } from "../../plugins/sandbox/start.ts";
import { WatchRequest, WatchResponse } from "../../proto/gen/v1alpha1/state.ts";
import { LabelTerm } from "../../proto/gen/v1alpha1/resource.ts";
import { sandboxClient } from "../sandbox_client.ts";

const state: ServiceName = "cosi.resource.State";
const memberType = "Members.cluster.talos.dev";

Deno.test("members are listed as real nodes list them, in both encodings", async () => {
  const sandbox = await startSandbox({ workers: 1, maintenance: 1, seed: 1 });
  await using client = sandboxClient(sandbox);
  const request = { namespace: "cluster", type: memberType };

  const { messages, status } = await client.call(state, "List", { request });

  assert.equal(status, "OK: ");
  const [first, second] = messages.map(({ resource }) => resource);
  const identities = sandbox.nodes.map(({ nodeId }) => nodeId);
  assert.deepEqual(first.metadata, {
    namespace: "cluster",
    type: memberType,
    id: "talos-default-controlplane-1",
    version: "2",
    owner: "cluster.MemberController",
    phase: "running",
    created: { seconds: String(Date.parse("2026-11-21T10:25:20Z") / 1000), nanos: 0 },
    updated: { seconds: String(Date.parse("2026-11-21T10:25:20Z") / 1000), nanos: 0 },
    finalizers: [],
    labels: {},
    annotations: {},
  });
  assert.equal(
    first.spec.yamlSpec,
    `nodeId: ${identities[0]}
addresses:
    - 10.5.0.2
hostname: talos-default-controlplane-1
machineType: controlplane
operatingSystem: Talos (v1.14.0-beta.1)
controlPlane:
    port: 6443
`,
  );
  assert.equal(
    second.spec.yamlSpec,
    `nodeId: ${identities[1]}
addresses:
    - 10.5.0.3
hostname: talos-default-worker-1
machineType: worker
operatingSystem: Talos (v1.14.0-beta.1)
`,
  );
  assert.equal(messages.length, 2);
  // Fields 1 to 6 of MemberSpec, by hand: address 4 bytes in field 1 of field 2, type 2, port 6443 is ab 32.
  assert.equal(
    decodeLatin1(first.spec.protoSpec),
    `\x0a${lengthOf(identities[0])}${identities[0]}\x12\x06\x0a\x04\x0a\x05\x00\x02` +
      `\x1a\x1ctalos-default-controlplane-1\x20\x02\x2a\x16Talos (v1.14.0-beta.1)\x32\x03\x08\xab\x32`,
  );
  assert.match(identities[0] ?? "", /^[0-9A-Za-z]{40,44}$/);
});

Deno.test("every node knows the 199 types and 19 namespaces", async () => {
  const sandbox = await startSandbox({ workers: 1, seed: 1 });
  await using client = sandboxClient(sandbox);
  const list = async (type: string) => {
    const metadata = { node: "10.5.0.3" };
    const { messages } = await client.call(state, "List", {
      request: { namespace: "meta", type },
      metadata,
    });
    return messages.map(({ resource }) => resource);
  };

  const definitions = await list("ResourceDefinitions.meta.cosi.dev");
  const namespaces = await list("Namespaces.meta.cosi.dev");

  assert.equal(definitions.length, 199);
  assert.equal(namespaces.length, 19);
  const yaml = (id: string) => definitions.find(({ metadata }) => metadata.id === id).spec.yamlSpec;
  assert.equal(
    yaml("members.cluster.talos.dev"),
    `type: Members.cluster.talos.dev
displayType: Member
defaultNamespace: cluster
aliases:
    - member
allAliases:
    - members
    - members.cluster
    - members.cluster.talos
    - member
printColumns:
    - name: Hostname
      jsonPath: '{.hostname}'
    - name: Machine Type
      jsonPath: '{.machineType}'
    - name: OS
      jsonPath: '{.operatingSystem}'
    - name: Addresses
      jsonPath: '{.addresses}'
`,
  );
  assert.equal(
    yaml("mountstatuses.runtime.talos.dev").match(/allAliases:\n.*\n.*\n/)?.[0],
    "allAliases:\n    - mounts\nskipAutomaticAliases: true\n",
  );
  assert.match(
    yaml("machineconfigs.config.talos.dev"),
    /printColumns: \[\]\nsensitivity: sensitive\n$/,
  );
  assert.equal(
    namespaces[0].spec.yamlSpec,
    "description: Cluster configuration and discovery resources.\n",
  );
});

Deno.test("what may not be read, is not there, or would be written is refused in the official words", async () => {
  const sandbox = await startSandbox({ seed: 1 });
  await using client = sandboxClient(sandbox);
  const get = { namespace: "cluster", type: memberType, id: "nope" };
  const rows: [string, object, string, string][] = [
    [
      "Get",
      get,
      "os:reader",
      "NOT_FOUND: resource Members.cluster.talos.dev(cluster/nope@undefined) doesn't exist",
    ],
    [
      "Get",
      { ...get, type: "Foos.x" },
      "os:reader",
      'PERMISSION_DENIED: resource type "Foos.x" is not supported',
    ],
    [
      "List",
      { namespace: "nope", type: memberType },
      "os:reader",
      'PERMISSION_DENIED: namespace "nope" is not supported',
    ],
    ["List", { namespace: "network", type: memberType }, "os:reader", "OK: "],
    [
      "List",
      { namespace: "nope", type: "OSRootSecrets.secrets.talos.dev" },
      "os:operator",
      "PERMISSION_DENIED: not authorized",
    ],
    ["List", { namespace: "secrets", type: "OSRootSecrets.secrets.talos.dev" }, "os:admin", "OK: "],
    [
      "Watch",
      { namespace: "secrets", type: "OSRootSecrets.secrets.talos.dev" },
      "os:reader",
      "PERMISSION_DENIED: not authorized",
    ],
    ["Destroy", get, "os:admin", "PERMISSION_DENIED: write access is not allowed"],
    ["Create", {}, "os:admin", "UNKNOWN: metadata is missing"],
    [
      "Create",
      { resource: { metadata: { id: "x" } } },
      "os:admin",
      "PERMISSION_DENIED: write access is not allowed",
    ],
    ["Create", {}, "os:operator", "PERMISSION_DENIED: not authorized"],
    [
      "List",
      { namespace: "cluster", type: memberType, options: { idQuery: { regexp: "(" } } },
      "os:reader",
      "INVALID_ARGUMENT: failed to compile regexp: ",
    ],
  ];
  for (const [method, request, role, expected] of rows) {
    const { status } = await client.call(state, method, { request, roles: [role] });
    assert.ok(status.startsWith(expected), `${method} ${JSON.stringify(request)}: ${status}`);
  }
});

Deno.test("a watch of a kind tells what is there, then every change, until the client leaves", async () => {
  const { sandbox, node, put } = await oneNode();
  await using client = sandboxClient(sandbox);
  put("a", "one");
  const watch = await openWatch(client, { bootstrapContents: true });

  const events = [await watch.next(), await watch.next(), await watch.next()];
  put("a", "two");
  put("b", "three");
  node.resources.remove("runtime", "MetaKeys.runtime.talos.dev", "a");
  for (let count = 0; count < 3; count++) events.push(await watch.next());
  watch.cancel();

  assert.deepEqual(events.map(describe), [
    "armed",
    "CREATED a@1 one",
    "BOOTSTRAPPED @undefined ",
    "UPDATED a@2 two (was one)",
    "CREATED b@1 three",
    "DESTROYED a@2 two",
  ]);
});

Deno.test("a watch of one id starts with its state or a tombstone and leaves other ids out", async () => {
  const { sandbox, put } = await oneNode();
  await using client = sandboxClient(sandbox);
  const watch = await openWatch(client, {}, "a");

  const events = [await watch.next(), await watch.next()];
  put("b", "other");
  put("a", "mine");
  events.push(await watch.next());
  watch.cancel();

  assert.deepEqual(events.map(describe), ["armed", "DESTROYED a@undefined ", "CREATED a@1 mine"]);
});

Deno.test("a watch goes on from a bookmark, and a foreign bookmark is refused", async () => {
  const { sandbox, put } = await oneNode();
  await using client = sandboxClient(sandbox);
  const first = await openWatch(client, {});
  await first.next();
  put("a", "one");
  const bookmark = (await first.next()).event[0]?.bookmark ?? new Uint8Array();
  first.cancel();
  put("b", "two");

  const second = await openWatch(client, { startFromBookmark: bookmark });
  const seen = [await second.next(), await second.next()];
  second.cancel();
  const request = {
    namespace: "runtime",
    type: "MetaKeys.runtime.talos.dev",
    options: { startFromBookmark: new Uint8Array(16) },
  };
  const foreign = await client.call(state, "Watch", { request });

  assert.deepEqual(seen.map(describe), ["armed", "CREATED b@1 two"]);
  assert.equal(foreign.status, "FAILED_PRECONDITION: invalid watch bookmark");
});

Deno.test("label terms hold as the specification has them", () => {
  const labels = { size: "16 GiB", role: "etcd" };
  const rows: [Partial<LabelTerm>, boolean][] = [
    [{ key: "role" }, true],
    [{ key: "nope" }, false],
    [{ key: "nope", invert: true }, true],
    [{ key: "role", op: "NOT_EXISTS" }, false],
    [{ key: "role", op: "EQUAL", value: ["etcd"] }, true],
    [{ key: "nope", op: "EQUAL", value: ["etcd"], invert: true }, true],
    [{ key: "role", op: "EQUAL", value: [] }, false],
    [{ key: "role", op: "IN", value: ["x", "etcd"] }, true],
    [{ key: "role", op: "LT", value: ["f"] }, true],
    [{ key: "role", op: "LTE", value: ["etcd"] }, true],
    [{ key: "nope", op: "LT", value: ["f"], invert: true }, false],
    [{ key: "size", op: "LT_NUMERIC", value: ["17g"] }, false],
    [{ key: "size", op: "LT_NUMERIC", value: ["17Gi"] }, true],
    [{ key: "size", op: "LTE_NUMERIC", value: ["17179869184"] }, true],
    [{ key: "role", op: "LT_NUMERIC", value: ["1"], invert: true }, false],
  ];
  for (const [term, expected] of rows) {
    const terms = [LabelTerm.fromPartial(term)];
    const isWanted = resourceFilter({ labelQuery: [{ terms }], idQuery: undefined });
    assert.equal(isWanted({ ...emptyResource, labels }), expected, JSON.stringify(term));
  }
});

const emptyResource = {
  namespace: "",
  type: "",
  id: "",
  version: 1,
  owner: "",
  phase: "running",
  created: new Date(0),
  updated: new Date(0),
  finalizers: [],
  annotations: {},
  yamlSpec: "",
  protoSpec: new Uint8Array(),
} as const;

async function oneNode() {
  const sandbox: Sandbox = await startSandbox({ seed: 1 });
  const [node] = sandbox.nodes;
  if (node === undefined) throw new Error("no node");
  const put = (id: string, yamlSpec: string) =>
    node.resources.put({
      namespace: "runtime",
      type: "MetaKeys.runtime.talos.dev",
      id,
      yamlSpec,
      protoSpec: new Uint8Array(),
    });
  return { sandbox, node, put };
}

async function openWatch(
  client: ReturnType<typeof sandboxClient>,
  options: object,
  id?: string,
) {
  const call = await client.open("/cosi.resource.State/Watch");
  const request = {
    namespace: "runtime",
    type: "MetaKeys.runtime.talos.dev",
    apiVersion: 1,
    options,
    ...(id === undefined ? {} : { id }),
  };
  call.write(WatchRequest.encode(WatchRequest.fromPartial(request)).finish());
  call.end();
  // Cancelled at the end of each test.
  call.on("error", () => {});
  const messages = call[Symbol.asyncIterator]();
  return {
    next: async () => WatchResponse.decode((await messages.next()).value),
    cancel: () => call.cancel(),
  };
}

function describe({ event }: WatchResponse): string {
  const [first] = event;
  if (first === undefined) return "armed";
  const { metadata, spec } = first.resource ?? {};
  const was = first.old === undefined ? "" : ` (was ${first.old.spec?.yamlSpec})`;
  return `${first.eventType} ${metadata?.id}@${metadata?.version} ${spec?.yamlSpec}${was}`;
}

function decodeLatin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function lengthOf(text: string | undefined): string {
  return String.fromCharCode(text?.length ?? 0);
}
