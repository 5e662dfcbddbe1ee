/** The nodes' side of an upgrade: the installer's stream, the older call, and whom they refuse (spec/machine-ops.md, 16.6). */

import assert from "node:assert/strict";
import { etcdOf } from "../../plugins/sandbox/etcd/etcd_cluster.ts";
import type { SandboxNode } from "../../plugins/sandbox/node.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../plugins/sandbox/start.ts";
import { sandboxClient } from "../sandbox_client.ts";

const repository = "factory.talos.dev/metal-installer/376567988ad370138ad8b2698212367b8e";
const image = `${repository}:v1.14.1`;
const containerd = { driver: "CRI", namespace: "NS_SYSTEM" };

type Client = ReturnType<typeof sandboxClient>;

async function withSandbox(
  options: SandboxOptions,
  test: (client: Client, sandbox: Sandbox) => Promise<void>,
): Promise<void> {
  const sandbox = await startSandbox(options);
  await using client = sandboxClient(sandbox);
  await test(client, sandbox);
}

/** LifecycleService/Upgrade of a node. */
function install(client: Client, imageName: string, node = "10.5.0.2") {
  const request = { containerd, source: { imageName } };
  return client.call("machine.LifecycleService", "Upgrade", { metadata: { node }, request });
}

/** Has the node pull what it then can install. */
async function pull(client: Client, imageRef: string, node = "10.5.0.2"): Promise<void> {
  const { status } = await client.call("machine.ImageService", "Pull", {
    metadata: { node },
    request: { containerd, imageRef },
  });
  assert.equal(status, "OK: ");
}

/** MachineService/Upgrade of a node; the status, and the answer's text. */
async function upgrade(client: Client, request: object, node = "10.5.0.2") {
  const metadata = { node };
  return await client.call("machine.MachineService", "Upgrade", { metadata, request });
}

Deno.test("an installer's lines and its exit code come one by one, and the node stays as it is", async () => {
  await withSandbox({ speed: 1000 }, async (client, { nodes: [node] }) => {
    assert(node !== undefined);
    await pull(client, image);
    const { bootId, events, stage } = node;
    const eventCount = events.history().length;

    const { messages, status } = await install(client, image);

    assert.equal(status, "OK: ");
    const progress = messages.map(({ progress: { message, exitCode } }) => message ?? exitCode);
    assert.deepEqual(progress.slice(0, 2), [
      "validating installer\n",
      "installing to /dev/vda\n",
    ]);
    assert.equal(progress.at(-1), 0);
    assert.deepEqual(
      [node.bootId, node.events.history().length, node.stage, node.version.tag],
      [bootId, eventCount, stage, "v1.14.0-beta.1"],
    );
    assert.equal(node.disk.system.tag, "v1.14.1");
  });
});

Deno.test("an installer with the tag fail-<code> ends with that code and has installed nothing", async () => {
  await withSandbox({ speed: 1000 }, async (client, { nodes: [node] }) => {
    await pull(client, `${repository}:fail-7`);

    const { messages, status } = await install(client, `${repository}:fail-7`);

    assert.equal(status, "OK: ");
    assert.equal(messages.at(-1)?.progress.exitCode, 7);
    assert.equal(node?.disk.system.tag, "v1.14.0-beta.1");
    assert.equal(node?.disk.hasFallback, false);
  });
});

Deno.test("the installer runs on sandbox time, one at a time, and ends with its caller", async () => {
  await withSandbox({ seed: 1 }, async (client, { nodes: [node], clock }) => {
    assert(node !== undefined);
    // The images are there, so that only the installer takes time.
    const pulling = pull(client, image);
    const steps = setInterval(() => clock.advance(1000), 1);
    await pulling;
    clearInterval(steps);
    const first = await client.open("/machine.LifecycleService/Upgrade", {
      metadata: { node: "10.5.0.2" },
    });
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    first.on("error", () => {}).on("status", () => resolve()).resume();
    const { LifecycleServiceUpgradeRequest: codec } = await import(
      "../../proto/gen/machine/lifecycle.ts"
    );
    first.write(
      codec.encode(codec.fromPartial({
        containerd: { driver: "CRI", namespace: "NS_SYSTEM" },
        source: { imageName: image },
      })).finish(),
    );
    first.end();
    const begun = Promise.withResolvers<void>();
    first.once("data", () => begun.resolve());
    const lines = setInterval(() => clock.advance(100), 1);
    await begun.promise;
    clearInterval(lines);

    const second = await install(client, image);
    first.cancel();
    await ended;
    const wait = Promise.withResolvers<void>();
    const freed = setInterval(() => {
      void install(client, "").then(({ status }) => {
        if (status.startsWith("INVALID_ARGUMENT")) wait.resolve();
      });
    }, 5);
    await wait.promise;
    clearInterval(freed);

    assert.equal(
      second.status,
      "FAILED_PRECONDITION: another installation/upgrade is already in progress",
    );
    assert.equal(node.disk.system.tag, "v1.14.0-beta.1");
  });
});

/** Requests that a node refuses. */
const refusals: [string, SandboxOptions, string, string][] = [
  ["without an image", {}, "", "INVALID_ARGUMENT: installer image name is required"],
  [
    "of an image that was not pulled",
    {},
    image,
    `INTERNAL: upgrade failed: installer image "${image}" not found in containerd store: image "${image}": not found`,
  ],
  [
    "in a container",
    { platform: "container" },
    image,
    "FAILED_PRECONDITION: upgrade is not supported in container mode",
  ],
];

for (const [what, options, imageName, status] of refusals) {
  Deno.test(`an installation ${what} is refused`, async () => {
    await withSandbox({ seed: 1, ...options }, async (client) => {
      assert.deepEqual(await install(client, imageName), { messages: [], status });
    });
  });
}

Deno.test("installing is for admins alone, pulling for operators too", async () => {
  await withSandbox({ speed: 1000 }, async (client) => {
    const request = { containerd, source: { imageName: image }, imageRef: image };
    const call = async (
      service: "machine.ImageService" | "machine.LifecycleService" | "machine.MachineService",
      method: string,
      role: string,
    ) => {
      const options = { roles: [role], metadata: { node: "10.5.0.2" }, request };
      return (await client.call(service, method, options)).status;
    };

    const denied = "PERMISSION_DENIED: not authorized";
    assert.equal(await call("machine.ImageService", "Pull", "os:operator"), "OK: ");
    for (const role of ["os:operator", "os:reader", "os:etcd:backup"]) {
      assert.equal(await call("machine.LifecycleService", "Upgrade", role), denied);
      assert.equal(await call("machine.MachineService", "Upgrade", role), denied);
    }
  });
});

/** Resolves when the node's API has gone and come again. */
function restarted({ api }: SandboxNode): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  api.follow((isUp) => isUp && resolve());
  return promise;
}

/** The sequences that a node begins from now on. */
function sequencesOf({ events }: SandboxNode): string[] {
  const names: string[] = [];
  events.subscribe(({ payload }) => {
    if (payload.type !== "SequenceEvent" || payload.message.action !== "START") return;
    names.push(payload.message.sequence ?? "");
  });
  return names;
}

Deno.test("the older call acknowledges, and the node comes up with the new version", async () => {
  await withSandbox({ workers: 1, speed: 50 }, async (client, { nodes: [, node] }) => {
    assert(node !== undefined);
    const { bootId } = node;
    const up = restarted(node);
    const sequences = sequencesOf(node);

    const { messages, status } = await upgrade(client, { image }, "10.5.0.3");
    await up;

    assert.equal(status, "OK: ");
    const [{ ack, actorId }] = messages[0].messages;
    assert.equal(ack, "Upgrade request received");
    assert.match(actorId, /^[\da-f]{8}-[\da-f]{4}-4/);
    assert.equal(sequences[0], "upgrade");
    assert.notEqual(node.bootId, bootId);
    assert.equal(node.version.tag, "v1.14.1");
  });
});

Deno.test("a staged upgrade is there after the next boot", async () => {
  await withSandbox({ workers: 1, speed: 50 }, async (client, { nodes: [, node] }) => {
    assert(node !== undefined);
    const up = restarted(node);
    const sequences = sequencesOf(node);

    await upgrade(client, { image, stage: true }, "10.5.0.3");
    await up;

    assert.equal(sequences[0], "stageUpgrade");
    assert.equal(node.version.tag, "v1.14.1");
  });
});

Deno.test("the older call refuses what cannot work", async () => {
  const unhealthy = "UNKNOWN: error validating etcd for upgrade: ";
  await withSandbox({ platform: "container", seed: 1 }, async (client) => {
    const { status } = await upgrade(client, { image });

    assert.equal(status, "FAILED_PRECONDITION: method is not supported in container mode");
  });
  await withSandbox({ controlPlanes: 2, seed: 1 }, async (client, { nodes: [, node] }) => {
    const two = await upgrade(client, { image });
    const missing = await upgrade(client, { image: "ghcr.io/siderolabs/nosuch:v1" });
    const nonsense = await upgrade(client, { image: "UPPER//" });
    const forced = await upgrade(client, { image, force: true }, "10.5.0.3");

    assert.equal(
      two.status,
      `${unhealthy}etcd member count(2) is insufficient to maintain quorum if upgrade commences`,
    );
    const reference = "ghcr.io/siderolabs/nosuch:v1";
    assert.equal(
      missing.status,
      `UNKNOWN: error validating installer image "${reference}": error pulling image: ` +
        `failed to pull image "${reference}": failed to resolve reference "${reference}": ${reference}: not found`,
    );
    assert.equal(
      nonsense.status,
      'UNKNOWN: error validating installer image "UPPER//": ' +
        'failed to parse image reference "UPPER//": invalid reference format',
    );
    assert.equal(forced.status, "OK: ");
    assert.equal(node?.lifecycle.sequence, "upgrade");
  });
  await withSandbox({ controlPlanes: 3, seed: 1 }, async (client, sandbox) => {
    const [, , third] = sandbox.nodes;
    assert(third !== undefined);
    await sandbox.fault("10.5.0.4", "down");
    const sick = await upgrade(client, { image });
    await sandbox.heal("10.5.0.4");
    const first = await upgrade(client, { image }, "10.5.0.3");
    const second = await upgrade(client, { image });

    const id = etcdOf(sandbox).memberOf(third)?.id;
    assert.equal(
      sick.status,
      `${unhealthy}etcd member ${id} is not healthy; all members must be healthy to perform an upgrade: context deadline exceeded`,
    );
    assert.equal(first.status, "OK: ");
    assert.match(
      second.status,
      /^UNKNOWN: failed to acquire upgrade mutex: error trying to lock etcd upgrade mutex: /,
    );
  });
});
