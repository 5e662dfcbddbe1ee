/** Contexts, nodes and credentials before anything is dialled. */

import assert from "node:assert/strict";
import { emptyTalosconfig } from "../../core/talosconfig/talosconfig.ts";
import { startSandbox } from "../../plugins/sandbox/start.ts";
import { testClient, versionOf } from "../talos_client.ts";

const node = "10.5.0.2";
const many = { path: ["version"], targets: "many" } as const;

Deno.test("every node of the list is asked, also twice, and named as it was written", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 1, workers: 1 });
  await using talos = testClient({ config: await sandbox.talosconfig() });
  const machine = await talos.nodes(["10.5.0.2", "10.5.0.3", "10.5.0.2", "10.5.0.99"])
    .service("machine.MachineService");

  const answers = await Array.fromAsync(
    machine.version({}),
    (answer) =>
      "error" in answer
        ? `${answer.node} ${answer.error.message}`
        : `${answer.node} ${answer.value.messages[0]?.version?.tag}`,
  );

  assert.deepEqual(answers.sort(), [
    "10.5.0.2 v1.14.0-beta.1",
    "10.5.0.2 v1.14.0-beta.1",
    "10.5.0.3 v1.14.0-beta.1",
    "10.5.0.99 rpc error: code = Unavailable desc = connection error: desc = " +
    '"transport: Error while dialing: dial tcp 10.5.0.99:50000: connect: no route to host"',
  ]);
});

Deno.test("a call carries its node, the runtime, the cluster and the password", async () => {
  await using sandbox = await startSandbox();
  await using talos = testClient({
    config: await sandbox.talosconfig(),
    context: { cluster: "mine", auth: { basic: { username: "me", password: "pässword" } } },
  });

  await versionOf(talos, node);
  const machine = await talos.service("machine.MachineService");
  await machine.version({}, { metadata: { extra: "1" } });

  const [first, second] = sandbox.calls.map(({ metadata }) => metadata);
  assert.deepEqual(first?.["node"], [node]);
  assert.deepEqual(first?.["runtime"], ["Talos"]);
  assert.deepEqual(first?.["context"], ["mine"]);
  assert.deepEqual(first?.["authorization"], ["Basic bWU6cMOkc3N3b3Jk"]);
  assert.equal(first?.["nodes"], undefined);
  assert.equal(second?.["node"], undefined);
  assert.deepEqual(second?.["extra"], ["1"]);
});

Deno.test("--cluster stands before the cluster of the context", async () => {
  await using sandbox = await startSandbox();
  await using talos = testClient({
    config: await sandbox.talosconfig(),
    context: { cluster: "mine" },
    cluster: "other",
  });

  await versionOf(talos, node);

  assert.deepEqual(sandbox.calls[0]?.metadata["context"], ["other"]);
});

Deno.test("a node in maintenance mode is asked directly, without a talosconfig", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 0, maintenance: 1 });
  const [address = ""] = sandbox.maintenanceEndpoints;
  await using talos = testClient({ insecure: { fingerprints: [] }, nodes: [address] });

  assert.equal(await versionOf(talos, address), "ok");
  assert.equal(sandbox.calls[0]?.metadata["node"], undefined);
  assert.deepEqual(sandbox.calls[0]?.metadata["runtime"], ["Talos"]);
});

Deno.test("a server without one of the given fingerprints is refused", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 0, maintenance: 1 });
  const [address = ""] = sandbox.maintenanceEndpoints;
  await using talos = testClient({
    insecure: { fingerprints: ["AAAA", "BBBB"] },
    nodes: [address],
  });

  assert.equal(
    await versionOf(talos, address),
    'rpc error: code = Unavailable desc = connection error: desc = "transport: authentication handshake failed: ' +
      `leaf peer certificate doesn't match the provided fingerprints: [AAAA BBBB]"`,
  );
});

Deno.test("a fingerprint that is no base64 is named with its node", async () => {
  await using talos = testClient({ insecure: { fingerprints: ["$$$"] }, nodes: ["127.0.0.4"] });

  assert.equal(
    await versionOf(talos, "127.0.0.4"),
    'error constructing maintenance mode client for node "127.0.0.4": ' +
      'error parsing certificate fingerprint "$$$": illegal base64 data at input byte 0',
  );
});

Deno.test("there is no random endpoint in insecure mode", async () => {
  await using talos = testClient({ insecure: { fingerprints: [] }, nodes: ["127.0.0.4"] });
  const machine = await talos.service("machine.MachineService");

  await assert.rejects(machine.version({}), {
    message: "random endpoint client can't be used in insecure mode",
  });
});

/** spec/client.md, 1.4: which context, which endpoints, and the text when there is none. */
const contexts: [string, Parameters<typeof testClient>[0], string][] = [
  ["an unknown --context", { contextFlag: "zzz" }, "failed to determine endpoints"],
  [
    "an unknown --context, with -e",
    { contextFlag: "zzz", endpoints: ["h"] },
    'failed to create client connection: failed to resolve configuration context: context "zzz" not found in config',
  ],
  [
    "a current context that is missing, with -e",
    { config: { context: "b", contexts: new Map() }, endpoints: ["h"] },
    'failed to create client connection: failed to resolve configuration context: default context "b" not found in config',
  ],
  [
    "an empty talosconfig, with -e",
    { config: emptyTalosconfig(), endpoints: ["h"] },
    "failed to create client connection: failed to resolve configuration context: talos config file is empty",
  ],
  ["an empty talosconfig", { config: emptyTalosconfig() }, "failed to determine endpoints"],
  ["a context without endpoints", {}, "failed to determine endpoints"],
  ["an empty -e", { endpoints: [""] }, "failed to determine endpoints"],
];

for (const [name, options, text] of contexts) {
  Deno.test(`${name}: ${text}, bare for the nodes of the context and wrapped for others`, async () => {
    await using talos = testClient(options);

    await assert.rejects(talos.resolveNodes(many), { message: text });
    assert.equal(await versionOf(talos, node), `error constructing client: ${text}`);
  });
}

Deno.test("the nodes of the context are asked when none is given, and none of its own accord", async () => {
  const context = { endpoints: ["127.0.0.1:1"], nodes: ["a", "b"] };
  await using plain = testClient({ context });
  await using given = testClient({ context, nodes: ["c"] });
  await using without = testClient({ context: { endpoints: ["127.0.0.1:1"] } });

  assert.deepEqual(await plain.resolveNodes(many), ["a", "b"]);
  assert.deepEqual(await given.resolveNodes(many), ["c"]);
  await assert.rejects(without.resolveNodes(many), {
    message: "nodes are not set for the command: please use `--nodes` flag or configuration file " +
      "to set the nodes to run the command against",
  });
  await assert.rejects(
    plain.resolveNodes({ path: ["etcd", "downgrade", "enable"], targets: "one" }),
    { message: 'command "etcd downgrade enable" requires exactly one node (got 2)' },
  );
});
