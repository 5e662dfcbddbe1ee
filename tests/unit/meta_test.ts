/** `meta write` and `meta delete` (spec/machine-ops.md, 12 and 16.6): keys as Go reads them, roles, platforms, partial failure. */

import assert from "node:assert/strict";
import { type Sandbox, startSandbox } from "../../mod.ts";
import { startAnswering, unreachable } from "../answering_nodes.ts";
import { sandboxClient } from "../sandbox_client.ts";
import { type Outcome, runProgram, talosctl } from "../talosctl.ts";

async function withTalosconfig(
  sandbox: Sandbox,
  role: string,
  test: (run: (line: string | readonly string[]) => Promise<Outcome>) => Promise<void>,
): Promise<void> {
  const talosconfigPath = await Deno.makeTempFile();
  try {
    await sandbox.writeTalosconfig(talosconfigPath, role);
    await test((line) => talosctl({ talosconfigPath, clock: sandbox.clock }, line));
  } finally {
    await Deno.remove(talosconfigPath);
  }
}

const silent = { code: 0, stdout: "", stderr: "" };

Deno.test("meta write stores values that get meta shows, and meta delete removes them", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 2, seed: 1 });
  await withTalosconfig(sandbox, "os:admin", async (run) => {
    const nodes = "-n 10.5.0.2,10.5.0.3";
    assert.deepEqual(await run(["meta", "write", "0x0c", "rack 4", "-n", "10.5.0.2"]), silent);
    assert.deepEqual(await run(`meta write 10 first ${nodes}`), silent);
    assert.deepEqual(await run(`meta write 10 second ${nodes}`), silent);

    const written = await run("get meta -n 10.5.0.2");
    const deleted = await run(`meta delete 12 ${nodes}`);
    const left = await run("get meta -n 10.5.0.2");

    assert.equal(
      written.stdout,
      `\
NODE       NAMESPACE   TYPE      ID     VERSION   VALUE
10.5.0.2   runtime     MetaKey   0x0a   2         second
10.5.0.2   runtime     MetaKey   0x0c   1         rack 4
`,
    );
    assert.deepEqual(deleted, {
      code: 1,
      stdout: "",
      stderr:
        "error deleting meta from node 10.5.0.3: rpc error: code = NotFound desc = meta key not found\n",
    });
    assert.deepEqual(left.stdout.match(/0x../g), ["0x0a"]);
  });
});

Deno.test("meta keys are unsigned numbers of 8 bits in any base of Go, and others are refused in its words", async () => {
  await using cluster = await startAnswering({
    "machine.MachineService/MetaWrite": () => ({ messages: [{}] }),
  });
  for (const key of ["10", "0x0a", "0o12", "012", "0b1010", "0b1_010"]) {
    assert.deepEqual(await cluster.talosctl(["meta", "write", key, "x", "-n", "10.0.0.1"]), silent);
    assert.deepEqual(cluster.calls.at(-1)?.request, { key: 10, value: new Uint8Array([0x78]) });
  }

  const rows = [
    ["abc", 'strconv.ParseUint: parsing "abc": invalid syntax\n'],
    ["256", 'strconv.ParseUint: parsing "256": value out of range\n'],
    ["", 'strconv.ParseUint: parsing "": invalid syntax\n'],
  ] as const;
  for (const [key, stderr] of rows) {
    for (const words of [["write", key, "x"], ["delete", key]]) {
      const outcome = await cluster.talosctl(["meta", ...words, "-n", "10.0.0.1"]);
      assert.deepEqual(outcome, { code: 1, stdout: "", stderr }, words.join(" "));
    }
  }
});

Deno.test("meta write names each node that failed, and the others have the value", async () => {
  await using cluster = await startAnswering({
    "machine.MachineService/MetaWrite": (_request, node) =>
      node === "10.0.0.2" ? unreachable() : { messages: [{}] },
  });

  const outcome = await cluster.talosctl("meta write 10 x -n 10.0.0.1,10.0.0.2");

  assert.deepEqual(outcome, {
    code: 1,
    stdout: "",
    stderr:
      "error writing meta to node 10.0.0.2: rpc error: code = Unavailable desc = node is down\n",
  });
  assert.deepEqual(cluster.calls.map(({ node }) => node).sort(), ["10.0.0.1", "10.0.0.2"]);
});

Deno.test("META is for admins and meta writers, and not there in a container", async () => {
  await using sandbox = await startSandbox({ seed: 1 });
  await withTalosconfig(sandbox, "os:operator", async (run) => {
    assert.deepEqual(await run("meta write 10 x -n 10.5.0.2"), {
      code: 1,
      stdout: "",
      stderr:
        "error writing meta to node 10.5.0.2: rpc error: code = PermissionDenied desc = not authorized\n",
    });
  });
  await withTalosconfig(sandbox, "os:meta:writer", async (run) => {
    assert.deepEqual(await run("meta write 10 x -n 10.5.0.2"), silent);
  });

  await using container = await startSandbox({ seed: 1, platform: "container" });
  await withTalosconfig(container, "os:admin", async (run) => {
    assert.deepEqual(await run("meta delete 10 -n 10.5.0.2"), {
      code: 1,
      stdout: "",
      stderr:
        "error deleting meta from node 10.5.0.2: rpc error: code = FailedPrecondition desc = method is not supported in container mode\n",
    });
  });
});

Deno.test("a node refuses META keys of more than 8 bits and values that have no room", async () => {
  const sandbox = await startSandbox({ seed: 1 });
  await using client = sandboxClient(sandbox);
  const write = async (key: number, length: number) =>
    (await client.call("machine.MachineService", "MetaWrite", {
      request: { key, value: new Uint8Array(length).fill(0x61) },
    })).status;

  assert.equal(await write(256, 1), "INVALID_ARGUMENT: key must be a uint8");
  assert.equal(await write(10, 200_000), "OK: ");
  assert.equal(await write(11, 200_000), "RESOURCE_EXHAUSTED: meta write failed");
  assert.equal(await write(10, 250_000), "OK: ");
});

Deno.test("meta takes --insecure, its commands do not, wherever it stands", async () => {
  for (const line of ["meta write 10 x --insecure", "meta --insecure write 10 x"]) {
    const { code, stdout, stderr } = await runProgram(line.split(" "));

    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /^unknown flag: --insecure\n\nUsage:\n {2}talosctl meta write key value/);
  }
});
