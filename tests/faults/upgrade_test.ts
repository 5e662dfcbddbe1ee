/** `upgrade` against simulated nodes: whole clusters in seconds, nodes that die on the way, budgets that hold it up. */

import assert from "node:assert/strict";
import type { SandboxNode } from "../../plugins/sandbox/node.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../plugins/sandbox/start.ts";
import { type Outcome, type RunOptions, talosctl } from "../talosctl.ts";

const repository = "factory.talos.dev/metal-installer/376567988ad370138ad8b2698212367b8e";
const image = `${repository}:v1.14.1`;
const before = "v1.14.0-beta.1";

type Run = (line: string, options?: RunOptions) => Promise<Outcome>;

async function withSandbox(
  options: SandboxOptions,
  test: (run: Run, sandbox: Sandbox) => Promise<void>,
): Promise<void> {
  await using sandbox = await startSandbox({ speed: 50, ...options });
  const talosconfigPath = await Deno.makeTempFile();
  try {
    await sandbox.writeTalosconfig(talosconfigPath);
    const target = { talosconfigPath, clock: sandbox.clock };
    await test((line, options) => talosctl(target, line, options), sandbox);
  } finally {
    await Deno.remove(talosconfigPath);
  }
}

/** Does something once when stderr shows a text. */
function when(text: string, act: () => unknown): RunOptions {
  let isDone = false;
  return {
    onStderr(bytes) {
      if (isDone || !new TextDecoder().decode(bytes).includes(text)) return;
      isDone = true;
      act();
    },
  };
}

function tags({ nodes }: Sandbox): string[] {
  return nodes.map(({ version }) => version.tag);
}

function count({ calls }: Sandbox, method: string): number {
  return calls.filter((call) => call.method.endsWith(`/${method}`)).length;
}

/** Resolves when the node's API has gone and come again. */
function restarted({ api }: SandboxNode): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  api.follow((isUp) => isUp && resolve());
  return promise;
}

Deno.test("five nodes are upgraded in seconds, and a rollback brings the old version back", async () => {
  await withSandbox({ controlPlanes: 3, workers: 2, speed: 20 }, async (run, sandbox) => {
    const all = "10.5.0.2,10.5.0.3,10.5.0.4,10.5.0.5,10.5.0.6";

    const { code, stdout, stderr } = await run(`upgrade -n ${all} --image ${image}`);

    assert.deepEqual([code, stdout], [0, ""], stderr);
    assert.deepEqual(tags(sandbox), Array(5).fill("v1.14.1"));
    const names = sandbox.nodes.map(({ hostname }) => hostname);
    assert(stderr.includes(names.map((name) => `${name}: node drained\n`).join("")));
    assert(stderr.endsWith(names.map((name) => `${name}: node uncordoned\n`).join("")));
    for (const node of all.split(",")) {
      assert(stderr.includes(`${node}: upgrade completed\n`));
      assert(stderr.includes(`"${node}": post check passed\n`));
    }

    const [, node] = sandbox.nodes;
    assert(node !== undefined);
    const up = restarted(node);
    const rollback = await run("rollback -n 10.5.0.3");
    await up;

    assert.deepEqual(rollback, { code: 0, stdout: "", stderr: "" });
    assert.deepEqual(tags(sandbox), ["v1.14.1", before, "v1.14.1", "v1.14.1", "v1.14.1"]);
  });
});

Deno.test("on a terminal an upgrade is redrawn in one place, step by step", async () => {
  await withSandbox({ workers: 1 }, async (run, sandbox) => {
    const { code, stdout, stderr } = await run(`upgrade -n 10.5.0.3 --image ${image}`, {
      isTerminal: true,
    });

    assert.deepEqual([code, stdout], [0, ""]);
    assert.deepEqual(tags(sandbox), [before, "v1.14.1"]);
    const green = "\x1b[32m";
    const ends = [
      `${green}10.5.0.3: pulled image ${repository}@sha256:`,
      `${green}10.5.0.3: upgrade completed\x1b[0m\n`,
      `${green}talos-default-worker-1: node drained\x1b[0m\n`,
      `${green}watching nodes: [10.5.0.3]\n    * 10.5.0.3: post check passed\x1b[0m\n`,
      `${green}talos-default-worker-1: node uncordoned\x1b[0m\n`,
    ].map((text) => stderr.indexOf(text));
    assert(!ends.includes(-1), stderr);
    assert.deepEqual(ends, ends.toSorted((a, b) => a - b));
  });
});

Deno.test("the only endpoint being the node that is upgraded, it is found again when it is back", async () => {
  await withSandbox({ controlPlanes: 1 }, async (run, sandbox) => {
    const { code, stderr } = await run(`upgrade -n 10.5.0.2 --image ${image}`);

    assert.equal(code, 0, stderr);
    assert.match(stderr, /talos-default-controlplane-1: node uncordoned\n$/);
    assert.deepEqual(tags(sandbox), ["v1.14.1"]);
  });
});

/** When the node dies: what has been said by then, and what is said of it. */
const deaths: [string, string, RegExp][] = [
  [
    "before it installs",
    "pulled image",
    /^error during upgrade: error from node 10\.5\.0\.4: rpc error: code = Unavailable desc = /m,
  ],
  [
    "while it installs",
    "validating installer",
    /^error during upgrade: error from node 10\.5\.0\.4: rpc error: code = Unavailable desc = /m,
  ],
  [
    "before it is drained",
    "upgrade completed",
    /^error resolving Kubernetes node name for 10\.5\.0\.4: error getting Kubernetes node name from Talos API: rpc error: code = Unavailable desc = /m,
  ],
];

for (const [time, text, error] of deaths) {
  Deno.test(`a node that dies ${time} is named, and no node is restarted`, async () => {
    // Slow enough that the installer has not ended by then.
    await withSandbox({ workers: 2, speed: 10 }, async (run, sandbox) => {
      const { code, stderr } = await run(
        `upgrade -n 10.5.0.3,10.5.0.4 --image ${image}`,
        when(text, () => sandbox.nodes[2]?.api.set(false)),
      );

      assert.equal(code, 1);
      assert.match(stderr, error);
      assert.equal(count(sandbox, "Reboot"), 0);
      assert.deepEqual(tags(sandbox), [before, before, before]);
    });
  });
}

Deno.test("a node that dies before its restart fails alone, the other one comes back and takes pods", async () => {
  await withSandbox({ workers: 2 }, async (run, sandbox) => {
    const dying = when(
      '10.5.0.4": waiting for actor ID',
      () => sandbox.nodes[2]?.api.set(false),
    );

    const { code, stderr } = await run(
      `upgrade -n 10.5.0.3,10.5.0.4 --image ${image} --timeout 20s`,
      dying,
    );

    assert.equal(code, 1);
    assert.match(stderr, /^"10\.5\.0\.3": post check passed$/m);
    assert.match(stderr, /^talos-default-worker-1: node uncordoned$/m);
    assert.deepEqual(tags(sandbox).slice(0, 2), [before, "v1.14.1"]);
  });
});

Deno.test("an installer that fails is told of by its exit code, and its node is not restarted", async () => {
  await withSandbox({ workers: 2 }, async (run, sandbox) => {
    const { code, stderr } = await run(`upgrade -n 10.5.0.3 --image ${repository}:fail-4`);

    assert.equal(code, 1);
    assert(stderr.endsWith(`\
10.5.0.3: Exit code: 4
10.5.0.3: upgrade failed with exit code 4 (environment error)
error during upgrade: node 10.5.0.3: upgrade failed with exit code 4
`));
    assert.equal(count(sandbox, "Reboot"), 0);
  });
});

Deno.test("a disruption budget that never allows an eviction ends the upgrade before the restart", async () => {
  await withSandbox({ workers: 1 }, async (run, sandbox) => {
    sandbox.kubernetes.budgets.set("default/web", 0);

    const { code, stderr } = await run(
      `upgrade -n 10.5.0.3 --image ${image} --drain-timeout 1500ms`,
    );

    const [, pod] = /evicting pod default\/(\S+)/.exec(stderr) ?? [];
    assert.equal(code, 1);
    assert(stderr.endsWith(
      `error draining node "talos-default-worker-1": failed to drain node "talos-default-worker-1": ` +
        `error when evicting pods/"${pod}" -n "default": global timeout reached: 1.5s\n`,
    ));
    assert.equal(count(sandbox, "Reboot"), 0);
  });
});

Deno.test("an installer that fails in the older way fails the node's whole sequence, and changes nothing", async () => {
  await withSandbox({ workers: 1 }, async (run, sandbox) => {
    const { code, stderr } = await run(
      `upgrade -n 10.5.0.3 --legacy --image ${repository}:fail-2`,
    );

    assert.equal(code, 1);
    assert.match(
      stderr,
      /"10\.5\.0\.3": 1 error\(s\) occurred:\n\tsequence error: sequence failed: error running phase 11 in upgrade sequence: /,
    );
    assert.deepEqual(tags(sandbox), [before, before]);
  });
});

Deno.test("Ctrl-C while the nodes restart says that they go on, and leaves their pods away", async () => {
  await withSandbox({ workers: 1 }, async (run, sandbox) => {
    const interrupt = new AbortController();

    const { code, stderr } = await run(`upgrade -n 10.5.0.3 --image ${image}`, {
      ...when("reboot action: START", () => interrupt.abort()),
      interrupt: interrupt.signal,
    });

    assert.equal(code, 0);
    assert(!stderr.includes("uncordon"));
    assert.equal(count(sandbox, "Reboot"), 1);
  });
});

Deno.test("pods that cannot be let back are told of once, and the exit status says so", async () => {
  await withSandbox({ workers: 1 }, async (run, { nodes: [node] }) => {
    assert(node !== undefined);
    const breaking = when("post check passed", () => node.kubeconfig = "a: [");

    const { code, stderr } = await run(`upgrade -n 10.5.0.3 --image ${image}`, breaking);

    assert.equal(code, 1);
    const error = /error creating Kubernetes client for uncordon: error parsing kubeconfig: /g;
    assert.equal(stderr.match(error)?.length, 1);
  });
});

Deno.test("reboot --drain moves pods away first and lets them back, and restarts nothing it cannot drain", async () => {
  await withSandbox({ workers: 1 }, async (run, sandbox) => {
    const good = await run("reboot -n 10.5.0.3 --drain");
    sandbox.kubernetes.budgets.set("default/web", 0);
    // Where its pods have gone to.
    const bad = await run("reboot -n 10.5.0.2 --drain --drain-timeout 1100ms");

    const name = "talos-default-worker-1";
    assert.equal(good.code, 0);
    assert(good.stderr.startsWith(`${name}: cordoning node\n`));
    assert(good.stderr.endsWith(`${name}: node uncordoned\n`));
    assert.equal(bad.code, 1);
    assert.match(
      bad.stderr,
      /^error draining nodes: error draining node "talos-default-controlplane-1": failed to drain node .*global timeout reached: 1\.1s/m,
    );
    assert.equal(count(sandbox, "Reboot"), 1);
  });
});

Deno.test("on a terminal Ctrl-C while the nodes restart also says which of them take no pods", async () => {
  await withSandbox({ workers: 1 }, async (run) => {
    const interrupt = new AbortController();

    const { code, stderr } = await run(`upgrade -n 10.5.0.3 --image ${image}`, {
      ...when("watching nodes", () => interrupt.abort()),
      isTerminal: true,
      interrupt: interrupt.signal,
    });

    assert.equal(code, 0);
    assert.match(stderr, /^no pods are let back to 10\.5\.0\.3$/m);
  });
});
