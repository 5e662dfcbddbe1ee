/** `read`: the bytes of a file, and the words for what goes wrong. */

import assert from "node:assert/strict";
import { concatBytes } from "../../core/bytes.ts";
import { RpcError } from "../../core/errors.ts";
import { forever, startFakeNodes } from "../fake_nodes.ts";
import { talosctl } from "../talosctl.ts";

const read = "machine.MachineService/Read";

Deno.test("read writes a file to a pipe byte for byte", async () => {
  const pieces = [[0x1b, 0x5b, 0x33, 0x31], [], [0x6d, 0xff, 0x00], [0x0a]];
  await using nodes = await startFakeNodes({
    [read]: () => pieces.map((bytes) => ({ bytes: Uint8Array.from(bytes) })),
  });
  const written: Uint8Array[] = [];

  const { code, stderr } = await talosctl(nodes, "read -n a /x", {
    onStdout: (bytes) => written.push(bytes),
  });

  assert.deepEqual([...concatBytes(written)], pieces.flat());
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  assert.deepEqual(nodes.requests[0]?.request, { path: "/x" });
});

Deno.test("read shows on a terminal what a terminal would obey, and characters that two chunks share", async () => {
  const bytes = new TextEncoder().encode("é\x1b[31mred\n");
  await using nodes = await startFakeNodes({
    [read]: () => [{ bytes: bytes.subarray(0, 1) }, { bytes: bytes.subarray(1) }],
  });

  const { stdout } = await talosctl(nodes, "cat -n a /x", { isTerminal: true });

  assert.equal(stdout, "é\\x1b[31mred\n");
});

Deno.test("read prints all that came before a failure", async () => {
  const pieces = Array.from({ length: 50 }, (_, index) => `piece ${index}\n`);
  await using nodes = await startFakeNodes({
    *[read]() {
      for (const piece of pieces) yield { bytes: new TextEncoder().encode(piece) };
      throw new RpcError("NotFound", "stat /nx: no such file or directory");
    },
  });

  assert.deepEqual(await talosctl(nodes, "read -n a /nx"), {
    code: 1,
    stdout: pieces.join(""),
    stderr: 'WARNING: what was read of "/nx" is partial\n' +
      "error reading: rpc error: code = NotFound desc = stat /nx: no such file or directory\n",
  });
});

Deno.test("read words a failure inside a message as that of the call, and passes over an ended one", async () => {
  await using nodes = await startFakeNodes({
    *[read]({ path }: { path: string }) {
      yield { bytes: new TextEncoder().encode("a\n") };
      const code = path === "/ended" ? 4 : 13;
      yield { metadata: { error: "broken", status: { code, message: "broken" } } };
    },
  });

  const broken = await talosctl(nodes, "read -n a /x");
  const ended = await talosctl(nodes, "read -n a /ended");

  assert.equal(
    broken.stderr,
    'WARNING: what was read of "/x" is partial\n' +
      "error reading: rpc error: code = Internal desc = broken\n",
  );
  assert.deepEqual(ended, { code: 0, stdout: "a\n", stderr: "" });
});

Deno.test("read says when no endpoint could be reached", async () => {
  await using nodes = await startFakeNodes({ [read]: () => [] });
  const address = closedAddress();

  const { code, stdout, stderr } = await talosctl(nodes, `read -n a -e ${address} /x`);

  const reason = 'connection error: desc = "transport: Error while dialing: ' +
    `dial tcp ${address}: connect: connection refused"`;
  assert.equal(
    stderr,
    `error reading file: rpc error: code = Unavailable desc = ${reason}\n`,
  );
  assert.deepEqual([code, stdout], [1, ""]);
});

Deno.test("read takes one node", async () => {
  await using nodes = await startFakeNodes({ [read]: () => [] });

  const { code, stderr } = await talosctl(nodes, "read -n a,b /x");

  assert.match(stderr, /^command "read" requires exactly one node \(got 2\)\n\nUsage:\n/);
  assert.equal(code, 1);
});

Deno.test("read ends with an error when it is interrupted", async () => {
  const interrupt = new AbortController();
  await using nodes = await startFakeNodes({
    async *[read]() {
      yield { bytes: new TextEncoder().encode("begun\n") };
      await forever();
    },
  });

  const { code, stdout, stderr } = await talosctl(nodes, "read -n a /x", {
    interrupt: interrupt.signal,
    onStdout: () => interrupt.abort(),
  });

  assert.equal(
    stderr,
    "Signal received, aborting, press Ctrl+C once again to abort immediately...\n" +
      "error reading: rpc error: code = Canceled desc = context canceled\n",
  );
  assert.deepEqual([code, stdout], [1, "begun\n"]);
});

/** An address at which nothing listens. */
function closedAddress(): string {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return `127.0.0.1:${port}`;
}
