/** Endpoints that are down or silent: the others are used, and where there are none the user learns why of each. */

import assert from "node:assert/strict";
import { startSandbox } from "../../mod.ts";
import { openHome } from "./program.ts";

const node = "10.5.0.2";
const columns = "NODE   SERVICE   STATE   HEALTH   LAST CHANGE   LAST EVENT\n";

Deno.test("one refusing and one silent endpoint of three cost neither the answer nor a visible wait", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 3 });
  await using home = await openHome(sandbox);
  const [refusing = "", silent = "", live = ""] = sandbox.endpoints;
  const ask = async () => {
    const startMs = performance.now();
    const { code, stderr } = await home.run(["service", "-n", node, "kubelet"]);
    return { code, stderr, elapsedMs: performance.now() - startMs };
  };
  const { elapsedMs: allUpMs } = await ask();
  await sandbox.fault(refusing, "down");
  await sandbox.fault(silent, "black-hole");

  const { code, stderr, elapsedMs } = await ask();

  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  assert.equal(sandbox.calls.at(-1)?.endpoint, live);
  // A quarter of the connect timeout: whoever waits for the silent one has waited for all of it.
  assert.ok(elapsedMs < allUpMs + 5_000, `${elapsedMs} ms, all up ${allUpMs} ms`);
});

Deno.test("all endpoints down: one official line in a pipe", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 3 });
  await using home = await openHome(sandbox);
  for (const endpoint of sandbox.endpoints) await sandbox.fault(endpoint, "down");

  const { code, stdout, stderr } = await home.run(["service", "-n", node]);

  assert.deepEqual({ code, stdout }, { code: 1, stdout: columns });
  const [named = ""] = stderr.match(/127\.0\.0\.1:\d+/) ?? [];
  assert.ok(sandbox.endpoints.includes(named), stderr);
  assert.equal(
    stderr,
    `error from node ${node}: rpc error: code = Unavailable desc = ${refused(named)}\n`,
  );
});

Deno.test("all endpoints down: on a terminal each one is named with its reason", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 3 });
  await using home = await openHome(sandbox);
  for (const endpoint of sandbox.endpoints) await sandbox.fault(endpoint, "down");

  for (const command of [["service"], ["get", "members"]]) {
    const { code, stdout } = await home.run([...command, "-n", node], { terminal: true });

    const hints = stdout.split("\r\n").filter((line) => line.startsWith("endpoint ")).sort();
    assert.equal(code, 1);
    assert.deepEqual(
      hints,
      sandbox.endpoints.map((endpoint) => `endpoint ${endpoint}: ${refused(endpoint)}`).sort(),
    );
  }
});

Deno.test("a silent and a refusing endpoint: two nodes fail together within the connect timeout", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 2 });
  await using home = await openHome(sandbox);
  const [silent = "", refusing = ""] = sandbox.endpoints;
  await sandbox.fault(silent, "black-hole");
  await sandbox.fault(refusing, "down");
  const startMs = performance.now();

  const { code, stdout } = await home.run(["service", "-n", `${node},10.5.0.3`], {
    terminal: true,
  });

  const elapsedMs = performance.now() - startMs;
  const late = 'connection error: desc = "transport: authentication handshake failed: ' +
    'context deadline exceeded"';
  assert.equal(code, 1);
  assert.deepEqual(
    stdout.split("\r\n").slice(1, -1).sort(),
    [
      `endpoint ${refusing}: ${refused(refusing)}`,
      `endpoint ${silent}: ${late}`,
      `error from node ${node}: rpc error: code = Unavailable desc = ${late}`,
      `error from node 10.5.0.3: rpc error: code = Unavailable desc = ${late}`,
    ].sort(),
  );
  // One timeout, not one a node or one an endpoint.
  assert.ok(elapsedMs > 19_000 && elapsedMs < 30_000, `${elapsedMs} ms`);
});

function refused(endpoint: string): string {
  return `connection error: desc = "transport: Error while dialing: dial tcp ${endpoint}: ` +
    'connect: connection refused"';
}
