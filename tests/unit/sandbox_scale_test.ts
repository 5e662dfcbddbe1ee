/** Large sandboxes, seeds, and where a sandbox listens. */

import assert from "node:assert/strict";
import { startSandbox } from "../../plugins/sandbox/start.ts";
import { sandboxClient } from "../sandbox_client.ts";

Deno.test("a sandbox of a thousand nodes answers for each of them over one connection", async () => {
  const sandbox = await startSandbox({ controlPlanes: 3, workers: 997, seed: 1 });
  await using client = sandboxClient(sandbox);

  const answers = await Promise.all(
    sandbox.nodes.map(({ addresses: [node = ""] }) =>
      client.call("machine.MachineService", "Version", { metadata: { node } })
    ),
  );

  assert.equal(sandbox.nodes.at(-1)?.addresses[0], "10.5.3.233");
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set(["OK: "]));
  assert.equal(new Set(sandbox.nodes.map(({ nodeId }) => nodeId)).size, 1000);
});

Deno.test("the same seed gives the same cluster, another seed another one", async () => {
  await using first = await startSandbox({ workers: 1, seed: 7 });
  await using again = await startSandbox({ workers: 1, seed: 7 });
  await using other = await startSandbox({ workers: 1, seed: 8 });
  const identities = ({ nodes }: typeof first) =>
    nodes.map(({ nodeId, bootId }) => [nodeId, bootId]);

  assert.deepEqual(identities(first), identities(again));
  assert.notDeepEqual(identities(first), identities(other));
  assert.equal(first.clock.now().toISOString(), "2026-11-21T10:26:00.000Z");
});

Deno.test("a sandbox listens where it is told to, and on loopback addresses only", async () => {
  await using sandbox = await startSandbox({ addresses: ["127.0.0.2:0"], seed: 1 });

  assert.match(sandbox.endpoints[0] ?? "", /^127\.0\.0\.2:\d+$/);
  await assert.rejects(startSandbox({ addresses: ["0.0.0.0:0"] }), {
    message: 'sandbox address "0.0.0.0:0": not a loopback address with a port',
  });
});
