/** The sandbox answers `nodes` metadata as apid does: one call, every node's message (spec/client.md, 4.5). */

import assert from "node:assert/strict";
import { aggregate } from "../../plugins/sandbox/aggregate.ts";
import type { Answer, Call } from "../../plugins/sandbox/call.ts";
import { startSandbox } from "../../plugins/sandbox/start.ts";
import { Data } from "../../proto/gen/common/common.ts";
import { RpcError } from "../../core/errors.ts";
import { sandboxClient } from "../sandbox_client.ts";

const refused = 'connection error: desc = "transport: Error while dialing: dial tcp ' +
  '127.0.0.66:50000: connect: connection refused"';

Deno.test("nodes gives one answer with every node's message, failures among them", async () => {
  const sandbox = await startSandbox({ controlPlanes: 2, seed: 1 });
  await using client = sandboxClient(sandbox);

  const { messages, status } = await client.call("machine.MachineService", "Version", {
    metadata: { nodes: ["127.0.0.66", "10.5.0.2", "10.5.0.3"] },
  });

  assert.equal(status, "OK: ");
  assert.equal(messages.length, 1);
  const byNode = Object.fromEntries(
    // deno-lint-ignore no-explicit-any -- see CallResult
    messages[0].messages.map((message: any) => [message.metadata.hostname, message]),
  );
  assert.deepEqual(Object.keys(byNode).toSorted(), ["10.5.0.2", "10.5.0.3", "127.0.0.66"]);
  assert.equal(byNode["10.5.0.3"].version.tag, "v1.14.0-beta.1");
  assert.equal(byNode["10.5.0.3"].metadata.error, "");
  assert.deepEqual(byNode["127.0.0.66"].metadata, {
    hostname: "127.0.0.66",
    error: `rpc error: code = Unavailable desc = ${refused}`,
    status: { code: 14, message: refused, details: [] },
  });
  assert.equal(byNode["127.0.0.66"].version, undefined);
});

Deno.test("a single entry of nodes and calls that all fail are aggregated too", async () => {
  const sandbox = await startSandbox({ seed: 1 });
  await using client = sandboxClient(sandbox);
  const ask = (nodes: string[], roles?: string[]) =>
    client.call("machine.MachineService", "Version", {
      metadata: { nodes },
      ...(roles === undefined ? {} : { roles }),
    });

  const one = await ask(["10.5.0.2"]);
  const denied = await ask(["10.5.0.2"], ["os:etcd:backup"]);

  assert.equal(one.messages[0].messages[0].metadata.hostname, "10.5.0.2");
  assert.equal(denied.status, "OK: ");
  assert.equal(
    denied.messages[0].messages[0].metadata.error,
    "rpc error: code = PermissionDenied desc = not authorized",
  );
});

Deno.test("a streamed answer to nodes has the node in each message and ends with each node's error", async () => {
  const answers: Record<string, () => Answer> = {
    async *a() {
      yield Data.encode({ bytes: new Uint8Array([1]), metadata: undefined }).finish();
      yield Data.encode({ bytes: new Uint8Array([2]), metadata: undefined }).finish();
    },
    // deno-lint-ignore require-yield -- it fails before its first message
    async *b() {
      throw new RpcError("NotFound", "no such log");
    },
  };
  const call: Call = {
    path: "/machine.MachineService/Logs",
    authority: "",
    metadata: new Map(),
    requests: (async function* () {})(),
    signal: new AbortController().signal,
  };

  const seen: Record<string, string[]> = { a: [], b: [] };
  for await (
    const bytes of aggregate(["a", "b"], call, (target) => (answers[target] ?? missing)())
  ) {
    const { metadata, bytes: [content] } = Data.decode(bytes);
    seen[metadata?.hostname ?? ""]?.push(metadata?.error || String(content));
  }

  assert.deepEqual(seen, { a: ["1", "2"], b: ["rpc error: code = NotFound desc = no such log"] });
});

function missing(): never {
  throw new Error("no such target");
}
