/** `image pull` and `image remove`: the texts of spec/machine-ops.md 10.2, 10.3 and 16.6, plain and on a terminal. */

import assert from "node:assert/strict";
import { RpcError } from "../../core/errors.ts";
import { type Sandbox, startSandbox } from "../../mod.ts";
import { startAnswering, unreachable } from "../answering_nodes.ts";
import { sandboxClient } from "../sandbox_client.ts";
import { type Outcome, runProgram, talosctl } from "../talosctl.ts";

const alpine = "docker.io/library/alpine";

/** Runs `test` with a talosconfig of each of these roles. */
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

Deno.test("image pull names the image of each node when all have it, and the nodes that have not", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 3, seed: 1, speed: 1000 });
  await sandbox.fault("10.5.0.3", "down");
  await withTalosconfig(sandbox, "os:operator", async (run) => {
    const one = await run("image pull alpine:3.20 -n 10.5.0.2");
    const three = await run("image p alpine:3.20 -n 10.5.0.2,10.5.0.3,10.5.0.4");
    const none = await run("image pull alpine:3.20 -n 10.5.0.3");

    const [, name = ""] = /pulled image (.*)/.exec(one.stderr) ?? [];
    assert.match(name, /^docker\.io\/library\/alpine@sha256:[\da-f]{64}$/);
    const refused = "error from node 10.5.0.3: rpc error: code = Unavailable desc = connection " +
      'error: desc = "transport: Error while dialing: dial tcp 10.5.0.3:50000: connect: connection refused"\n';
    assert.deepEqual(one, {
      code: 0,
      stdout: "",
      stderr: `10.5.0.2: pulled image ${name}\n`,
    });
    assert.deepEqual(three, {
      code: 1,
      stdout: "",
      stderr: `10.5.0.2: pulled image ${name}\n10.5.0.4: pulled image ${name}\n${refused}`,
    });
    assert.deepEqual(none, { code: 1, stdout: "", stderr: refused });
  });
});

Deno.test("a pulled image is listed under tag, digest, and the digests of configuration and manifest", async () => {
  await using sandbox = await startSandbox({ seed: 1, speed: 1000, platform: "container" });
  await withTalosconfig(sandbox, "os:admin", async (run) => {
    const { stderr } = await run(`image pull ${alpine} -n 10.5.0.2`);
    const { stdout } = await run("image list -n 10.5.0.2 -o name");
    const system = await run("image list -n 10.5.0.2 -o name --namespace inmem");

    const [, name = ""] = /pulled image (.*)\n/.exec(stderr) ?? [];
    const [tagged, digested, ...digests] = stdout.trimEnd().split("\n");
    assert.deepEqual([tagged, digested, digests.length], [`${alpine}:latest`, name, 2]);
    assert.ok(digests.includes(name.replace(`${alpine}@`, "")));
    assert.ok(digests.every((digest) => /^sha256:[\da-f]{64}$/.test(digest)));
    assert.equal(system.stdout, "");
  });
});

Deno.test("image pull says in the node's words what it cannot pull", async () => {
  const rows = [
    [
      "nosuch:1",
      'NotFound desc = error pulling image: failed to pull image "docker.io/library/nosuch:1": failed to resolve reference "docker.io/library/nosuch:1": docker.io/library/nosuch:1: not found',
    ],
    [
      "UPPER//",
      'Unknown desc = failed to parse image reference "UPPER//": invalid reference format',
    ],
    ["", 'Unknown desc = failed to parse image reference "": invalid reference format'],
  ] as const;
  await using sandbox = await startSandbox({ seed: 1 });
  await withTalosconfig(sandbox, "os:admin", async (run) => {
    for (const [image, error] of rows) {
      const outcome = await run(["image", "pull", image, "-n", "10.5.0.2"]);

      const stderr = `error from node 10.5.0.2: rpc error: code = ${error}\n`;
      assert.deepEqual(outcome, { code: 1, stdout: "", stderr }, image);
    }
  });
});

Deno.test("on a terminal image pull redraws every layer of every node, both sorted, and ends in green", async () => {
  const step = (layerId: string, progress: object) => ({ pullProgress: { layerId, progress } });
  const mebibyte = 1024 * 1024;
  await using cluster = await startAnswering({
    "machine.ImageService/Pull": () => [
      step("sha256:b", { status: "DOWNLOADING", offset: mebibyte, total: 5 * mebibyte }),
      step("sha256:a", { status: "ALREADY_EXISTS" }),
      step("sha256:b", { status: "DOWNLOAD_COMPLETE" }),
      step("sha256:b", { status: "EXTRACTING", elapsed: { seconds: "1", nanos: 500_000_000 } }),
      step("sha256:b", { status: "EXTRACT_COMPLETE" }),
      { name: `${alpine}@sha256:0123` },
    ],
  });

  const outcome = await cluster.talosctl(`image pull ${alpine}:3.20 -n 10.0.0.1`, {
    isTerminal: true,
  });

  const up = "\x1b[A\x1b[K";
  const yellow = (...lines: string[]) => `\x1b[33m${lines.join("\n")}\x1b[0m\n`;
  const exists = "  layer already exists";
  assert.deepEqual(outcome, {
    code: 0,
    stdout: "",
    stderr: yellow("◰ 10.0.0.1:", "  downloading layer 1.0 MiB/5.0 MiB (20.0%)") +
      up.repeat(2) +
      yellow("◳ 10.0.0.1:", exists, "  downloading layer 1.0 MiB/5.0 MiB (20.0%)") +
      up.repeat(3) + yellow("◲ 10.0.0.1:", exists, "  layer download complete") +
      up.repeat(3) + yellow("◱ 10.0.0.1:", exists, "  extracting layer (1.5s)") +
      up.repeat(3) + yellow("◰ 10.0.0.1:", exists, "  layer pull complete") +
      up.repeat(3) + `\x1b[32m10.0.0.1: pulled image ${alpine}@sha256:0123\x1b[0m\n`,
  });
  assert.deepEqual(cluster.calls.at(-1)?.request, {
    containerd: { driver: "CRI", namespace: "NS_CRI" },
    imageRef: `${alpine}:3.20`,
  });
});

Deno.test("on a terminal nodes stand in order, whichever begins first", async () => {
  const begun = Promise.withResolvers<void>();
  const done = Promise.withResolvers<void>();
  const complete = { layerId: "a", progress: { status: "DOWNLOAD_COMPLETE" } };
  await using cluster = await startAnswering({
    "machine.ImageService/Pull": async function* (_request, node) {
      if (node === "10.0.0.1") await begun.promise;
      yield { pullProgress: complete };
      begun.resolve();
      if (node === "10.0.0.2") await done.promise;
      yield { name: `x@${node}` };
      done.resolve();
    },
  });

  const { stderr } = await cluster.talosctl("image pull x -n 10.0.0.2,10.0.0.1", {
    isTerminal: true,
  });

  const line = "  layer download complete";
  assert.equal(
    stderr,
    `\x1b[33m◰ 10.0.0.2:\n${line}\x1b[0m\n${"\x1b[A\x1b[K".repeat(2)}` +
      `\x1b[33m◳ 10.0.0.1:\n${line}\n10.0.0.2:\n${line}\x1b[0m\n${"\x1b[A\x1b[K".repeat(4)}` +
      "\x1b[32m10.0.0.1: pulled image x@10.0.0.1\n10.0.0.2: pulled image x@10.0.0.2\x1b[0m\n",
  );
});

Deno.test("simulated nodes tell how layers come in as time goes by, and that they have them the second time", async () => {
  await using sandbox = await startSandbox({ seed: 1, speed: 1000 });
  const talosconfig = await Deno.makeTempFile();
  await sandbox.writeTalosconfig(talosconfig);
  const pull = () =>
    runProgram(["image", "pull", "alpine", "-n", "10.5.0.2"], {
      env: { TALOSCONFIG: talosconfig },
      isTerminal: true,
    });

  const first = await pull();
  const second = await pull();

  const texts = (outcome: Outcome) => new Set(outcome.stderr.match(/(?<=^ {2})[a-z ]*[a-z]/gm));
  assert.deepEqual([...texts(first)].sort(), [
    "downloading layer",
    "extracting layer",
    "layer download complete",
    "layer pull complete",
  ]);
  assert.deepEqual([...texts(second)], ["layer already exists"]);
  await Deno.remove(talosconfig);
});

Deno.test("image pull asks all nodes in the older way when one does not know the image service", async () => {
  await using cluster = await startAnswering({
    "machine.ImageService/Pull": (_request, node) => {
      if (node === "10.0.0.2") throw new RpcError("Unimplemented", "unknown service");
      return [{ name: "late" }];
    },
    "machine.MachineService/ImagePull": (_request, node) =>
      node === "10.0.0.3" ? unreachable() : { messages: [{}] },
  });

  const good = await cluster.talosctl("image pull alpine -n 10.0.0.2");
  const bad = await cluster.talosctl("image pull alpine -n 10.0.0.2,10.0.0.3");
  const inMemory = await cluster.talosctl("image pull alpine -n 10.0.0.2 --namespace inmem");

  const legacy = cluster.calls.filter(({ method }) => method === "ImagePull");
  assert.deepEqual(good, { code: 0, stdout: "", stderr: "" });
  assert.deepEqual(bad, {
    code: 1,
    stdout: "",
    stderr:
      "error pulling image on node 10.0.0.3: rpc error: code = Unavailable desc = node is down\n",
  });
  assert.deepEqual(inMemory, { code: 1, stdout: "", stderr: 'unsupported namespace "inmem"\n' });
  assert.deepEqual(
    legacy.map(({ request }) => request),
    [1, 2, 3].map(() => ({
      namespace: "NS_CRI",
      reference: "alpine",
    })),
  );
});

Deno.test("a node of a sandbox also pulls in the older way", async () => {
  const sandbox = await startSandbox({ seed: 1, speed: 1000, platform: "container" });
  await using client = sandboxClient(sandbox);

  const { status } = await client.call("machine.MachineService", "ImagePull", {
    request: { namespace: "NS_SYSTEM", reference: "alpine" },
  });

  assert.equal(status, "OK: ");
  assert.ok(sandbox.nodes[0]?.images.system.has(`${alpine}:latest`));
});

Deno.test("image pull and remove say which namespaces they do not know", async () => {
  await using cluster = await startAnswering({});
  for (const action of ["pull", "remove"]) {
    const outcome = await cluster.talosctl(`image ${action} x --namespace zz -n 10.0.0.1`);

    assert.deepEqual(outcome, { code: 1, stdout: "", stderr: 'unsupported namespace "zz"\n' });
  }
});

Deno.test("image remove takes away one name as it was typed, and says where it is not", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 2, seed: 1, speed: 1000 });
  await withTalosconfig(sandbox, "os:admin", async (run) => {
    await run("image pull alpine -n 10.5.0.2");

    const short = await run("image remove alpine -n 10.5.0.2");
    const both = await run(`image rm ${alpine}:latest -n 10.5.0.2,10.5.0.3`);
    const { stdout } = await run("image list -n 10.5.0.2 -o name");

    const missing = (node: string, image: string) =>
      `error from node ${node}: rpc error: code = NotFound desc = image ${image} not found\n`;
    assert.deepEqual(short, { code: 1, stdout: "", stderr: missing("10.5.0.2", "alpine") });
    assert.deepEqual(both, {
      code: 1,
      stdout: "",
      stderr: missing("10.5.0.3", `${alpine}:latest`),
    });
    assert.ok(!stdout.includes(`${alpine}:latest\n`));
    assert.ok(stdout.includes(`${alpine}@sha256:`));
  });
});

Deno.test("a reader may not pull, an operator may not remove", async () => {
  await using sandbox = await startSandbox({ seed: 1 });
  const denied = {
    code: 1,
    stdout: "",
    stderr: "error from node 10.5.0.2: rpc error: code = PermissionDenied desc = not authorized\n",
  };
  await withTalosconfig(sandbox, "os:reader", async (run) => {
    assert.deepEqual(await run("image pull alpine -n 10.5.0.2"), denied);
  });
  await withTalosconfig(sandbox, "os:operator", async (run) => {
    assert.deepEqual(await run("image remove alpine -n 10.5.0.2"), denied);
  });
});

Deno.test("a node that dies in the middle of a pull is named behind those that have the image", async () => {
  await using cluster = await startAnswering({
    "machine.ImageService/Pull": async function* (_request, node) {
      yield { pullProgress: { layerId: "a", progress: { status: "DOWNLOADING" } } };
      if (node === "10.0.0.2") unreachable();
      yield { name: "x@sha256:0" };
    },
  });

  assert.deepEqual(await cluster.talosctl("image pull x -n 10.0.0.1,10.0.0.2"), {
    code: 1,
    stdout: "",
    stderr: "10.0.0.1: pulled image x@sha256:0\n" +
      "error from node 10.0.0.2: rpc error: code = Unavailable desc = node is down\n",
  });
});

Deno.test("Ctrl-C ends a pull that goes on for ever", async () => {
  const interrupt = new AbortController();
  await using cluster = await startAnswering({
    "machine.ImageService/Pull": async function* () {
      yield { pullProgress: { layerId: "a", progress: { status: "DOWNLOADING" } } };
      interrupt.abort();
      await new Promise(() => {});
    },
  });

  const outcome = await cluster.talosctl("image pull x -n 10.0.0.1", {
    interrupt: interrupt.signal,
  });

  assert.deepEqual(outcome, {
    code: 1,
    stdout: "",
    stderr: "Signal received, aborting, press Ctrl+C once again to abort immediately...\n" +
      "error from node 10.0.0.1: rpc error: code = Canceled desc = context canceled\n",
  });
});
