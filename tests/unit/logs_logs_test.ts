/** `logs` and `dmesg`: whole lines under their node's name, raw in a pipe and safe on a terminal. */

import assert from "node:assert/strict";
import { concatBytes } from "../../core/bytes.ts";
import { RpcError } from "../../core/errors.ts";
import { forever, startFakeNodes } from "../fake_nodes.ts";
import { talosctl } from "../talosctl.ts";

const logs = "machine.MachineService/Logs";
const dmesg = "machine.MachineService/Dmesg";

const interrupted = "Signal received, aborting, press Ctrl+C once again to abort immediately...\n";

function data(text: string): { bytes: Uint8Array } {
  return { bytes: new TextEncoder().encode(text) };
}

Deno.test("logs heads every line with its node, wherever the chunks are cut", async () => {
  await using nodes = await startFakeNodes({
    [logs]: () => ["li", "ne1\nline2\n\nta", "", "il-no", "-nl"].map(data),
  });

  const outcome = await talosctl(nodes, "logs -n 10.0.0.1 machined");

  const text = "10.0.0.1: line1\n10.0.0.1: line2\n10.0.0.1: \n10.0.0.1: tail-no-nl\n";
  assert.deepEqual(outcome, { code: 0, stdout: text, stderr: "" });
});

Deno.test("logs of several nodes never mixes lines, and ends with what has no newline, node by node", async () => {
  const { promise: begun, resolve } = Promise.withResolvers<void>();
  await using nodes = await startFakeNodes({
    async *[logs](_request: unknown, node: string) {
      if (node === "b") {
        yield data("b begins, ");
        resolve();
        yield data("b ends\nb last");
      } else {
        await begun;
        yield data("a begins, a ends\n");
        yield data("a last");
      }
    },
  });

  const { stdout } = await talosctl(nodes, "logs -n b,a,b machined");

  const lines = stdout.split("\n");
  assert.deepEqual(lines.slice(0, 3).sort(), [
    "a: a begins, a ends",
    "b: b begins, b ends",
    "b: b begins, b ends",
  ]);
  assert.deepEqual(lines.slice(3), ["a: a last", "b: b last", "b: b last", ""]);
});

Deno.test("logs prints what came before a node failed, and reports the failure last", async () => {
  await using nodes = await startFakeNodes({
    *[logs](_request: unknown, node: string) {
      yield data(`from ${node}\nhalf`);
      if (node === "10.0.0.2") throw new RpcError("Unknown", 'log "etcd" was not registered');
    },
  });

  const { code, stdout, stderr } = await talosctl(nodes, "logs -n 10.0.0.1,10.0.0.2 etcd");

  assert.deepEqual(stdout.split("\n").slice(2), ["10.0.0.1: half", "10.0.0.2: half", ""]);
  assert.equal(
    stderr,
    "WARNING: the log of node 10.0.0.2 is partial\n" +
      'error from node 10.0.0.2: rpc error: code = Unknown desc = log "etcd" was not registered\n',
  );
  assert.equal(code, 1);
});

Deno.test("logs asks for what its flags say", async (test) => {
  await using nodes = await startFakeNodes({ [logs]: () => [] });
  const plain = {
    namespace: "system",
    driver: "CONTAINERD",
    id: "x",
    follow: false,
    tailLines: -1,
  };
  const rows: [string, Partial<typeof plain>][] = [
    ["logs x", {}],
    ["logs x -f --tail 20", { follow: true, tailLines: 20 }],
    ["logs x -k --use-cri", { namespace: "k8s.io", driver: "CRI" }],
  ];
  for (const [line, expected] of rows) {
    await test.step(line, async () => {
      nodes.requests.length = 0;

      const outcome = await talosctl(nodes, `${line} -n a`);

      assert.deepEqual(nodes.requests.map(({ request }) => request), [{ ...plain, ...expected }]);
      assert.deepEqual(outcome, { code: 0, stdout: "", stderr: "" });
    });
  }
});

Deno.test("logs --follow shows lines at once, and ends well when it is interrupted", async () => {
  const interrupt = new AbortController();
  await using nodes = await startFakeNodes({
    async *[logs]() {
      yield data("first\nunfinished");
      await forever();
    },
  });

  const outcome = await talosctl(nodes, "logs -n a,b x -f", {
    interrupt: interrupt.signal,
    onStdout: (bytes) => {
      if (new TextDecoder().decode(bytes).includes("first")) interrupt.abort();
    },
  });

  assert.deepEqual(outcome.stdout.split("\n").filter((line) => line.startsWith("a:")), [
    "a: first",
    "a: unfinished",
  ]);
  assert.deepEqual([outcome.code, outcome.stderr], [0, interrupted]);
});

Deno.test("logs leaves bytes as they are in a pipe, and shows them escaped on a terminal", async () => {
  const bytes = Uint8Array.from([0x1b, 0x5b, 0x33, 0x31, 0x6d, 0xff, 0x0a]);
  await using nodes = await startFakeNodes({ [logs]: () => [{ bytes }] });
  const written: Uint8Array[] = [];

  await talosctl(nodes, "logs -n a x", { onStdout: (chunk) => written.push(chunk) });
  const shown = await talosctl(nodes, "logs -n a x", { isTerminal: true });

  assert.deepEqual(concatBytes(written), concatBytes([data("a: ").bytes, bytes]));
  assert.equal(shown.stdout, "a: \\x1b[31m\ufffd\n");
});

Deno.test("logs breaks a line that never ends", async () => {
  const chunk = new Uint8Array(600_000).fill(0x78);
  await using nodes = await startFakeNodes({
    [logs]: () => [{ bytes: chunk }, { bytes: chunk }, data("\nnext\n")],
  });

  const { stdout } = await talosctl(nodes, "logs -n a x");

  assert.deepEqual(stdout.split("\n").map((line) => line.length), [1_200_003, 3, 7, 0]);
});

Deno.test("dmesg heads every message with its node, and adds nothing", async () => {
  const message = "kern:    info: [2023-11-14T22:13:20.123456Z]: hello\n";
  await using nodes = await startFakeNodes({
    *[dmesg](_request: unknown, node: string) {
      yield data("");
      yield data(message);
      if (node === "b") throw new RpcError("Unavailable", "node is down");
    },
  });

  const { code, stdout, stderr } = await talosctl(nodes, "dmesg -n 10.0.0.1,b");

  assert.deepEqual(stdout.split("\n").sort(), [
    "",
    "10.0.0.1: kern:    info: [2023-11-14T22:13:20.123456Z]: hello",
    "b: kern:    info: [2023-11-14T22:13:20.123456Z]: hello",
  ]);
  assert.equal(
    stderr,
    "WARNING: the kernel log of node b is partial\n" +
      "error from node b: rpc error: code = Unavailable desc = node is down\n",
  );
  assert.equal(code, 1);
});

Deno.test("dmesg --follow ends well when it is interrupted", async () => {
  const interrupt = new AbortController();
  await using nodes = await startFakeNodes({
    async *[dmesg]() {
      yield data("kern:    info: [2023-11-14T22:13:20Z]: hello\n");
      await forever();
    },
  });

  const { code, stderr } = await talosctl(nodes, "dmesg -n a -f --tail", {
    interrupt: interrupt.signal,
    onStdout: () => interrupt.abort(),
  });

  assert.deepEqual([code, stderr], [0, interrupted]);
  assert.deepEqual(nodes.requests[0]?.request, { follow: true, tail: true });
});

Deno.test("logs completes services, containers that run and other logs, sorted", async () => {
  const container = (id: string, pid: number, podId = id) => ({ id, podId, pid });
  await using nodes = await startFakeNodes({
    "machine.MachineService/ServiceList": () => [{
      messages: [{ services: [{ id: "kubelet" }, { id: "apid" }] }],
    }],
    "machine.MachineService/Containers": ({ namespace }) => [{
      messages: [{
        containers: namespace === "system"
          ? [container("apid", 5), container("ext-gone", 0)]
          : [container("ns/p", 7), container("ns/p:c:1", 8, "ns/p"), container("ns/p:d:2", 0)],
      }],
    }],
    "machine.MachineService/LogsContainers": (_request, node) => {
      if (node === "b") throw new RpcError("Unavailable", "node is down");
      return [{ messages: [{ ids: ["dns-resolve-cache", "apid"] }] }];
    },
  });

  const plain = await talosctl(nodes, "__complete logs -n a,b x");
  const kubernetes = await talosctl(nodes, "__complete logs -n a,b -k x");

  assert.equal(plain.stdout, "apid\ndns-resolve-cache\nkubelet\n:4\n");
  assert.match(
    plain.stderr,
    /error from node b: rpc error: code = Unavailable desc = node is down/,
  );
  assert.equal(kubernetes.stdout, "ns/p:c:1\n:4\n");
});
