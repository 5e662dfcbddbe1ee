/** Several endpoints: the order of attempts, and which calls move on. */

import assert from "node:assert/strict";
import { stagger } from "../../core/client/stagger.ts";
import { CliError, hintOf } from "../../core/errors.ts";
import { startSandbox } from "../../plugins/sandbox/start.ts";
import { testClient, versionOf } from "../talos_client.ts";

const node = "10.5.0.2";

Deno.test("one live endpoint among refusing, silent, closing and untrusted ones is enough", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 5 });
  const kinds = ["down", "black-hole", "close", "wrong-certificate"] as const;
  for (const [index, kind] of kinds.entries()) {
    await sandbox.fault(sandbox.endpoints[index] ?? "", kind);
  }
  await using talos = testClient({ config: await sandbox.talosconfig() });

  assert.equal(await versionOf(talos, "10.5.0.6"), "ok");
});

Deno.test("when all endpoints are down the error of the last is shown, and a line for each", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 2 });
  const [one = "", other = ""] = sandbox.endpoints;
  await sandbox.fault(one, "down");
  await sandbox.fault(other, "close");
  await using talos = testClient({ config: await sandbox.talosconfig() });
  const machine = await talos.node(node).service("machine.MachineService");

  const error = await machine.version({}).catch((error: unknown) => error);

  assert.ok(error instanceof CliError);
  const refused =
    `connection error: desc = "transport: Error while dialing: dial tcp ${one}: connect: connection refused"`;
  const closed = 'connection error: desc = "transport: authentication handshake failed: EOF"';
  assert.deepEqual(
    hintOf(error)?.split("\n").sort(),
    [
      `endpoint ${one}: ${refused}`,
      `endpoint ${other}: ${closed}`,
    ].sort(),
  );
  assert.ok(error.message.endsWith(refused) || error.message.endsWith(closed), error.message);
});

Deno.test("silent endpoints are given up together, within one connect timeout", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 3 });
  for (const endpoint of sandbox.endpoints) await sandbox.fault(endpoint, "black-hole");
  const start = performance.now();
  await using talos = testClient({ config: await sandbox.talosconfig(), connectTimeoutMs: 600 });

  assert.equal(
    await versionOf(talos, node),
    'rpc error: code = Unavailable desc = connection error: desc = "transport: authentication handshake failed: context deadline exceeded"',
  );

  assert.ok(performance.now() - start < 3 * 600, "the endpoints were waited for one by one");
});

Deno.test("cancelling while no endpoint has answered yet says so", async () => {
  await using sandbox = await startSandbox();
  await sandbox.fault(sandbox.endpoints[0] ?? "", "black-hole");
  const controller = new AbortController();
  await using talos = testClient({
    config: await sandbox.talosconfig(),
    signal: controller.signal,
  });

  const answer = versionOf(talos, node);
  setTimeout(() => controller.abort(), 0);

  assert.equal(
    await answer,
    "rpc error: code = Canceled desc = context canceled while waiting for connections to become ready",
  );
});

Deno.test("a deadline that passes before an endpoint has answered says so", async () => {
  await using sandbox = await startSandbox();
  await sandbox.fault(sandbox.endpoints[0] ?? "", "black-hole");
  await using talos = testClient({ config: await sandbox.talosconfig() });
  const machine = await talos.node(node).service("machine.MachineService");

  await assert.rejects(machine.version({}, { timeoutMs: 20 }), {
    message: "rpc error: code = DeadlineExceeded desc = " +
      "context deadline exceeded while waiting for connections to become ready",
  });
});

Deno.test("an endpoint that comes back is used again", async () => {
  await using sandbox = await startSandbox();
  const [endpoint = ""] = sandbox.endpoints;
  await using talos = testClient({ config: await sandbox.talosconfig(), tracking: true });

  const before = await versionOf(talos, node);
  await sandbox.fault(endpoint, "down");
  const during = await versionOf(talos, node);
  await sandbox.heal(endpoint);
  const after = await versionOf(talos, node);

  assert.equal(before, "ok");
  assert.match(during, /^rpc error: code = Unavailable /);
  assert.equal(after, "ok");
});

Deno.test("a connection that is going away takes no new calls", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 2 });
  await using talos = testClient({ config: await sandbox.talosconfig() });
  await versionOf(talos, node);
  const used = sandbox.calls.at(-1)?.endpoint ?? "";

  await sandbox.fault(used, "goaway", { delayMs: 5_000 });
  const answers = [await versionOf(talos, node), await versionOf(talos, node)];

  assert.deepEqual(answers, ["ok", "ok"]);
});

Deno.test("candidates start one after the other, at once when one fails, and losers are let go", async () => {
  const events: string[] = [];
  const failing = Promise.withResolvers<string>();
  const winning = Promise.withResolvers<string>();

  const result = stagger(["fails", "hangs", "wins", "spare"], {
    delayMs: 5,
    signal: new AbortController().signal,
    onFailure: (name) => void events.push(`${name} failed`),
    attempt: (name, signal) => {
      events.push(`${name} started`);
      signal.addEventListener("abort", () => events.push(`${name} let go`));
      if (name === "fails") return failing.promise;
      if (name === "wins") queueMicrotask(() => winning.resolve(name));
      return name === "wins" ? winning.promise : new Promise(() => {});
    },
  });
  failing.reject(new Error("refused"));

  assert.equal(await result, "wins");
  assert.deepEqual(events, [
    "fails started",
    "fails failed",
    "hangs started",
    "wins started",
    "hangs let go",
  ]);
});
