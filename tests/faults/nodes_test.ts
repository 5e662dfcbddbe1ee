/** Nodes that cannot be reached, may not be asked, or send what was not asked for. */

import assert from "node:assert/strict";
import { type Sandbox, startSandbox } from "../../mod.ts";
import { openHome } from "./program.ts";

const node = "10.5.0.2";

Deno.test("unknown nodes fail one by one, and the others' answers stand", async () => {
  await using sandbox = await startSandbox();
  await using home = await openHome(sandbox);

  const { code, stdout, stderr } = await home.run(
    ["service", "-n", `nosuchnode,10.5.0.99,${node}`],
  );

  assert.equal(code, 1);
  assert.deepEqual(new Set(stdout.match(/^10\S+/gm)), new Set([node]));
  // Spec/client.md, 4.4; in order of arrival.
  const dial = 'connection error: desc = "transport: Error while dialing: dial tcp 10.5.0.99:50000';
  assert.deepEqual(stderr.split("\n").sort(), [
    "",
    `error from node 10.5.0.99: rpc error: code = Unavailable desc = ${dial}: connect: no route to host"`,
    "error from node nosuchnode: rpc error: code = Unavailable desc = name resolver error: produced zero addresses",
  ]);
});

Deno.test("a node name that no header can carry is refused", async () => {
  await using sandbox = await startSandbox();
  await using home = await openHome(sandbox);

  const { code, stderr } = await home.run(["service", "-n", "caf\u00e9", "kubelet", "stop"]);

  assert.equal(code, 1);
  assert.match(
    stderr,
    /^error from node caf\u00e9: rpc error: code = Internal desc = header key "node" /,
  );
  assert.equal(sandbox.calls.length, 0);
});

Deno.test("a role that is too low is refused by the node", async () => {
  await using sandbox = await startSandbox();
  await using home = await openHome(sandbox, "os:reader");

  const { code, stderr } = await home.run(["service", "kubelet", "stop", "-n", node]);

  assert.deepEqual({ code, stderr }, {
    code: 1,
    stderr: `error from node ${node}: rpc error: code = PermissionDenied desc = not authorized\n`,
  });
});

/** What is typed, and how a hostile text comes out on a terminal and in a pipe. */
const hostileText = "\x1b[31mred\x1b]0;title\x07\u202e";
const shownText = "\\x1b[31mred\\x1b]0;title\\x07\\u202e";

for (const output of ["table", "jsonpath={.spec.hostname}"]) {
  Deno.test(`escape codes from a node are shown on a terminal and raw in a pipe: ${output}`, async () => {
    await using sandbox = await startSandbox();
    putHostname(sandbox, hostileText);
    await using home = await openHome(sandbox);
    const args = ["get", "hostname", "hostname", "-n", node, "-o", output];

    const [onTerminal, inPipe] = [await home.run(args, { terminal: true }), await home.run(args)];

    assert.deepEqual([onTerminal.code, inPipe.code], [0, 0]);
    assert.ok(onTerminal.stdout.includes(shownText), onTerminal.stdout);
    assert.ok(!onTerminal.stdout.includes("\x1b"));
    assert.ok(inPipe.stdout.includes(hostileText), inPipe.stdout);
  });
}

Deno.test("escape codes in an error are shown on a terminal", async () => {
  await using sandbox = await startSandbox();
  await using home = await openHome(sandbox);

  const { stdout } = await home.run(["get", "\x1b[31mred", "-n", node], { terminal: true });

  assert.ok(stdout.includes("\\x1b[31mred") && !stdout.includes("\x1b"), stdout);
});

Deno.test("a message larger than 32 MiB is refused with both sizes", async () => {
  await using sandbox = await startSandbox();
  putHostname(sandbox, "x".repeat(33_554_432));
  await using home = await openHome(sandbox);

  const { code, stdout, stderr } = await home.run(["get", "hostname", "-n", node, "-o", "json"]);

  assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
  assert.match(
    stderr,
    /^error listing resources on node 10\.5\.0\.2: rpc error: code = ResourceExhausted desc = grpc: received message larger than max \(\d{8} vs\. 33554432\)\n$/,
  );
});

function putHostname(sandbox: Sandbox, hostname: string): void {
  sandbox.nodes[0]?.resources.put({
    namespace: "network",
    type: "HostnameStatuses.net.talos.dev",
    id: "hostname",
    yamlSpec: `hostname: ${JSON.stringify(hostname)}\ndomainname: ""\n`,
    protoSpec: new Uint8Array(),
  });
}
