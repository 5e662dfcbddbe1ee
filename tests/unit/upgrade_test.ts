/** `upgrade`: what its flags ask of nodes, and what its users read (spec/machine-ops.md, 9). */

import assert from "node:assert/strict";
import { RpcError } from "../../core/errors.ts";
import * as events from "../event_messages.ts";
import { type FakeMethod, type FakeNodes, forever } from "../fake_nodes.ts";
import { actorId, type Script, startScriptedNodes } from "../scripted_nodes.ts";
import { type Outcome, talosctl } from "../talosctl.ts";

const one = "-n 127.0.0.1";
const two = "-n 127.0.0.1,127.0.0.2";
const image = "ghcr.io/siderolabs/installer:v1.14.1";
const pulled = "pulled image ghcr.io/siderolabs/installer@sha256:0123";
const denied = new RpcError("PermissionDenied", "not authorized");
const refusal = "rpc error: code = PermissionDenied desc = not authorized";
const rebooted: Script["streams"] = [
  { events: [events.sequence("reboot", "START", actorId)], end: "eof" },
  { events: [events.machineStatus("RUNNING", true)], end: "holds" },
];
const holding: Script["streams"] = [{ events: [], end: "holds" }];

const line = (message: string) => ({ progress: { message: `${message}\n` } });
const exit = (exitCode: number) => ({ progress: { exitCode } });
const version = (tag: string): FakeMethod => () => [{ messages: [{ version: { tag } }] }];

/** Nodes with every step of an upgrade, each of which can be replaced. */
function startNodes(methods: Script["methods"] = {}, streams = rebooted): Promise<FakeNodes> {
  return startScriptedNodes({
    streams,
    action: () => [{ messages: [{ ack: "Upgrade request received", actorId }] }],
    methods: {
      "machine.ImageService/Pull": () => [{
        name: "ghcr.io/siderolabs/installer@sha256:0123",
      }],
      "machine.LifecycleService/Upgrade": () => [
        line("validating installer"),
        line("installing to /dev/sda"),
        exit(0),
      ],
      ...methods,
    },
  });
}

/** The methods that were called, each once, in the order of their first calls. */
function called({ requests }: FakeNodes): string[] {
  return [...new Set(requests.map(({ method }) => method))];
}

// deno-lint-ignore no-explicit-any -- tests look at fields of whatever message was sent
function sent(nodes: FakeNodes, method: string): any[] {
  return nodes.requests.filter((each) => each.method === method).map(({ request }) => request);
}

function failing(stderr: string): Outcome {
  return { code: 1, stdout: "", stderr };
}

Deno.test("upgrade pulls, installs and restarts, and prints the official transcript", async () => {
  await using nodes = await startNodes();

  const outcome = await talosctl(nodes, `upgrade ${one} --image ${image} --drain=false`);

  const stderr = `\
127.0.0.1: ${pulled}
127.0.0.1: validating installer
127.0.0.1: installing to /dev/sda
127.0.0.1: Exit code: 0
127.0.0.1: upgrade completed
"127.0.0.1": waiting for actor ID
"127.0.0.1": actor ID: ${actorId}
"127.0.0.1": sequence: reboot action: START
"127.0.0.1": error: reboot sequence completed
"127.0.0.1": events check condition met
"127.0.0.1": post check passed
`;
  assert.deepEqual(outcome, { code: 0, stdout: "", stderr });
  const containerd = { driver: "CRI", namespace: "NS_SYSTEM" };
  assert.deepEqual(sent(nodes, "Pull"), [{ containerd, imageRef: image }]);
  const [upgrade] = nodes.requests.filter(({ method }) => method === "Upgrade");
  assert.deepEqual(upgrade?.request, { containerd, source: { imageName: image } });
});

Deno.test("installers that fail on two nodes are told of in the official words, and nothing restarts", async () => {
  const [begun, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  await using nodes = await startNodes({
    async *"machine.LifecycleService/Upgrade"(_request, node) {
      if (node === "127.0.0.1") {
        yield line("installing to /dev/sda");
        await ended.promise;
      } else await begun.promise;
      yield exit(7);
    },
  });
  const onStderr = (bytes: Uint8Array) => {
    const text = new TextDecoder().decode(bytes);
    if (text.includes("installing")) begun.resolve();
    if (text.includes("127.0.0.2: Exit code")) ended.resolve();
  };

  const outcome = await talosctl(nodes, `upgrade ${two} --image ${image}`, { onStderr });

  assert.deepEqual(
    outcome,
    failing(`\
127.0.0.1: ${pulled}
127.0.0.2: ${pulled}
127.0.0.1: installing to /dev/sda
127.0.0.1: installing to /dev/sda

127.0.0.2: Exit code: 7
127.0.0.1: Exit code: 7
127.0.0.2: Exit code: 7
127.0.0.1: upgrade failed with exit code 7 (installation error)
127.0.0.2: upgrade failed with exit code 7 (installation error)
error during upgrade: node 127.0.0.2: upgrade failed with exit code 7
node 127.0.0.1: upgrade failed with exit code 7
`),
  );
  assert.deepEqual(called(nodes), ["Version", "Pull", "Upgrade"]);
});

/** Exit codes and what stands behind them. */
const exitCodes: [number, string][] = [
  [1, ""],
  [2, " (invalid input)"],
  [3, " (unsupported operation)"],
  [4, " (environment error)"],
  [5, " (dependency error)"],
  [6, " (I/O error)"],
  [7, " (installation error)"],
  [8, ""],
  [137, ""],
];

Deno.test("the class of an installer's exit code is named", async () => {
  for (const [exitCode, name] of exitCodes) {
    await using nodes = await startNodes({
      "machine.LifecycleService/Upgrade": () => [exit(exitCode)],
    });

    const outcome = await talosctl(nodes, `upgrade ${one}`);

    assert.deepEqual(
      outcome,
      failing(`\
127.0.0.1: ${pulled}
127.0.0.1: Exit code: ${exitCode}
127.0.0.1: upgrade failed with exit code ${exitCode}${name}
error during upgrade: node 127.0.0.1: upgrade failed with exit code ${exitCode}
`),
    );
  }
});

Deno.test("an installer's stream that breaks fails its node, one without an exit code does not", async () => {
  await using broken = await startNodes({
    *"machine.LifecycleService/Upgrade"(_request, node) {
      if (node === "127.0.0.2") throw denied;
      yield exit(0);
    },
  });
  await using silent = await startNodes({ "machine.LifecycleService/Upgrade": () => [] }, holding);

  const first = await talosctl(broken, `upgrade ${two} --drain=false`);
  const second = await talosctl(silent, `upgrade ${one} --no-reboot`);

  assert.equal(first.code, 1);
  assert.deepEqual(first.stderr.split("\n").slice(2), [
    "127.0.0.1: Exit code: 0",
    "127.0.0.1: upgrade completed",
    `error during upgrade: error from node 127.0.0.2: ${refusal}`,
    "",
  ]);
  assert(!called(broken).includes("Reboot"));
  assert.deepEqual(second, { code: 0, stdout: "", stderr: `127.0.0.1: ${pulled}\n` });
});

Deno.test("upgrade stops when one of the nodes cannot pull, after the others were reported", async () => {
  await using nodes = await startNodes({
    *"machine.ImageService/Pull"(_request, node) {
      if (node === "127.0.0.2") throw denied;
      yield { name: "ghcr.io/siderolabs/installer@sha256:0123" };
    },
  });

  const outcome = await talosctl(nodes, `upgrade ${two}`);

  const error = `error pulling upgrade image: error from node 127.0.0.2: ${refusal}`;
  assert.deepEqual(outcome, failing(`127.0.0.1: ${pulled}\n${error}\n`));
  assert.deepEqual(called(nodes), ["Version", "Pull"]);
});

Deno.test("on a terminal the output of an installer that failed is shown again, from its end", async () => {
  const long = `${"x".repeat(40_000)}\n`;
  await using nodes = await startNodes({
    "machine.LifecycleService/Upgrade": () => [
      { progress: { message: `first ${long}` } },
      { progress: { message: `second ${long}` } },
      line("no space left on device"),
      exit(6),
    ],
  });
  await using short = await startNodes({
    "machine.LifecycleService/Upgrade": () => [line("validating installer"), exit(2)],
  });

  const options = { isTerminal: true };
  const long64 = await talosctl(nodes, `upgrade ${one}`, options);
  const styled = await talosctl(short, `upgrade ${one}`, options);
  const plain = await talosctl(short, `upgrade ${one} --progress PLAIN`, options);

  const up = "\x1b[A\x1b[K";
  assert.equal(
    styled.stderr,
    `\x1b[32m127.0.0.1: ${pulled}\x1b[0m\n` +
      `\x1b[33m◰ 127.0.0.1: validating installer\x1b[0m\n` +
      `${up}\x1b[33m◳ 127.0.0.1: Exit code: 2\x1b[0m\n` +
      `${up}\x1b[31m◲ 127.0.0.1: installer output:\nvalidating installer\n` +
      `127.0.0.1: upgrade failed with exit code 2 (invalid input)\x1b[0m\n` +
      `error during upgrade: node 127.0.0.1: upgrade failed with exit code 2\n`,
  );
  assert.equal(
    plain.stderr,
    `127.0.0.1: ${pulled}\n127.0.0.1: validating installer\n127.0.0.1: Exit code: 2\n` +
      `127.0.0.1: upgrade failed with exit code 2 (invalid input)\n` +
      `error during upgrade: node 127.0.0.1: upgrade failed with exit code 2\n`,
  );
  const [, output = ""] = long64.stderr.split("installer output:\n");
  assert(output.startsWith("[earlier installer output truncated]\nsecond xxx"));
  assert(output.includes("xxx\nno space left on device\n127.0.0.1: upgrade failed"));
});

/** Command lines that do not wait, and the mode of the restart that each node is asked for. */
const restarts: [string, string][] = [
  ["", "DEFAULT"],
  [" --reboot-mode POWERcycle", "POWERCYCLE"],
  [" -m force", "FORCE"],
];

for (const [flags, mode] of restarts) {
  Deno.test(`upgrade --drain=false --wait=false${flags} asks for the restart and returns`, async () => {
    await using nodes = await startNodes({}, holding);

    const outcome = await talosctl(nodes, `upgrade ${one} --drain=false --wait=false${flags}`);

    assert.equal(outcome.code, 0);
    assert.equal(outcome.stderr.split("\n").at(-2), "127.0.0.1: upgrade completed");
    assert.deepEqual(sent(nodes, "Reboot"), [{ mode }]);
  });
}

Deno.test("upgrade --no-reboot installs, and neither drains nor restarts", async () => {
  await using nodes = await startNodes({}, holding);

  const outcome = await talosctl(nodes, `upgrade ${one} --no-reboot`);

  assert.equal(outcome.code, 0);
  assert.deepEqual(called(nodes), ["Version", "Pull", "Upgrade"]);
});

Deno.test("a restart that is refused is told of once, waited for or not", async () => {
  await using nodes = await startScriptedNodes({
    streams: holding,
    action() {
      throw denied;
    },
    methods: {
      "machine.ImageService/Pull": () => [],
      "machine.LifecycleService/Upgrade": () => [],
    },
  });

  const waiting = await talosctl(nodes, `upgrade ${one} --drain=false`);
  const returning = await talosctl(nodes, `upgrade ${one} --drain=false --wait=false`);

  assert.deepEqual(
    waiting,
    failing(`"127.0.0.1": waiting for actor ID\n"127.0.0.1": ${refusal}\n`),
  );
  assert.deepEqual(
    returning,
    failing(`error during upgrade: error executing reboot on node 127.0.0.1: ${refusal}\n`),
  );
});

Deno.test("upgrade --drain fails before the restart where no kubeconfig can be had", async () => {
  await using nodes = await startNodes({
    "machine.MachineService/Kubeconfig": () => {
      throw denied;
    },
  });

  const outcome = await talosctl(nodes, `upgrade ${one} --wait=false`);

  assert.equal(outcome.code, 1);
  assert.equal(
    outcome.stderr.split("\n").at(-2),
    "error creating Kubernetes client for drain: error fetching kubeconfig from Talos API: " +
      refusal,
  );
  assert(!called(nodes).includes("Reboot"));
  // Whichever endpoint is picked makes it.
  assert.equal(nodes.requests.find(({ method }) => method === "Kubeconfig")?.node, "");
});

/** Values of flags that are refused before any node is asked. */
const badValues: [string, string][] = [
  ["--namespace zz", 'unsupported namespace "zz"'],
  [
    "--reboot-mode foo",
    'invalid argument "foo" for "-m, --reboot-mode" flag: must be one of [default force powercycle]',
  ],
  [
    "--progress foo",
    'invalid argument "foo" for "--progress" flag: must be one of [auto plain]',
  ],
  ["--insecure", "unknown flag: --insecure"],
];

for (const [flags, error] of badValues) {
  Deno.test(`upgrade ${flags} is refused with the official text`, async () => {
    await using nodes = await startNodes();

    const { code, stderr } = await talosctl(nodes, `upgrade ${one} ${flags}`);

    assert.equal(code, 1);
    assert.equal(stderr.split("\n")[0], error);
    assert.deepEqual(nodes.requests, []);
  });
}

Deno.test("--namespace says where the installer is kept", async () => {
  const places: [string, object][] = [
    ["cri", { driver: "CRI", namespace: "NS_CRI" }],
    ["system", { driver: "CRI", namespace: "NS_SYSTEM" }],
    ["inmem", { driver: "CONTAINERD", namespace: "NS_SYSTEM" }],
  ];
  for (const [namespace, containerd] of places) {
    await using nodes = await startNodes();

    await talosctl(nodes, `upgrade ${one} --namespace ${namespace} --no-reboot`);

    assert.deepEqual(sent(nodes, "Pull")[0].containerd, containerd);
    assert.deepEqual(sent(nodes, "Upgrade")[0].containerd, containerd);
  }
});

Deno.test("a node whose version cannot be had ends the upgrade, each named on a line", async () => {
  await using nodes = await startNodes({
    "machine.MachineService/Version": () => {
      throw denied;
    },
  });

  const outcome = await talosctl(nodes, `upgrade ${two}`);

  const lines = ["127.0.0.1", "127.0.0.2"].map((node) =>
    `${node}: error getting server version: ${refusal}`
  );
  const prefix = "error checking Talos version compatibility: ";
  const texts = [lines, lines.toReversed()].map((order) => `${prefix}${order.join("\n")}\n`);
  assert.equal(outcome.code, 1);
  assert(texts.includes(outcome.stderr), outcome.stderr);
});

/** Versions, and whether they know the call that only installs. */
const versions: [string, boolean][] = [
  ["v1.12.3", false],
  ["v1.13.0-alpha.2", false],
  ["v1.13.0-alpha.3", true],
  ["v1.13.0", true],
  ["v2.0.0", false],
];

for (const [tag, isNew] of versions) {
  Deno.test(`a node of version ${tag} is asked in the ${isNew ? "new" : "older"} way`, async () => {
    await using nodes = await startNodes({ "machine.MachineService/Version": version(tag) });

    const outcome = await talosctl(nodes, `upgrade ${one} --no-reboot --drain=false --wait=false`);

    const fallback = "New upgrade API is not available, falling back to legacy";
    assert.equal(outcome.code, 0);
    assert.equal(outcome.stderr.split("\n")[0], isNew ? `127.0.0.1: ${pulled}` : fallback);
    assert.equal(called(nodes).includes("Pull"), isNew);
  });
}

Deno.test("one old node takes all nodes to the older way, though another does not answer", async () => {
  await using nodes = await startNodes({
    *"machine.MachineService/Version"(_request, node) {
      if (node === "127.0.0.2") throw denied;
      yield { messages: [{ version: { tag: "v1.12.3" } }] };
    },
  });

  const { code, stderr } = await talosctl(nodes, `upgrade ${two} --drain=false --wait=false`);

  assert.equal(code, 1);
  assert.equal(
    stderr,
    "New upgrade API is not available, falling back to legacy\n" +
      `127.0.0.2: error getting server version: ${refusal}\n`,
  );
});

const legacyWarning =
  "WARNING: Forcing use of legacy upgrade method. This flag is deprecated and will be removed in Talos 1.18.\n";

Deno.test("upgrade --legacy without waiting prints a table with the time and a trailing cell", async () => {
  await using nodes = await startNodes();
  const line = `upgrade ${one} --legacy --drain=false --wait=false`;

  const table = await talosctl(nodes, line);
  const json = await talosctl(nodes, `${line} -o json`);

  const [header, row, end] = table.stdout.split("\n");
  assert.equal(header, "NODE        ACK                        STARTED");
  assert.match(
    row ?? "",
    /^127\.0\.0\.1 {3}Upgrade request received {3}2026-11-21 10:26:00 \+0000 UTC m=\+\d+\.\d{9} {3}$/,
  );
  assert.equal(end, "");
  assert.deepEqual([table.code, table.stderr], [0, legacyWarning]);
  const { elapsedSeconds, ...record } = JSON.parse(json.stdout);
  assert(elapsedSeconds > 0);
  assert.deepEqual(record, {
    node: "127.0.0.1",
    ack: "Upgrade request received",
    startedAt: "2026-11-21T10:26:00.000Z",
  });
});

Deno.test("upgrade --legacy prints its header though every node refuses", async () => {
  await using nodes = await startNodes({
    "machine.MachineService/Upgrade": () => {
      throw denied;
    },
  });

  const outcome = await talosctl(nodes, `upgrade ${one} --legacy --drain=false --wait=false`);

  assert.deepEqual(outcome, {
    code: 1,
    stdout: "NODE   ACK   STARTED\n",
    stderr: `${legacyWarning}error from node 127.0.0.1: error performing upgrade: ${refusal}\n`,
  });
});

/** The deprecated flags as they stand, what is said of them, and what is asked. */
const legacyFlags: [string, string[], object][] = [
  ["", [], {}],
  ["-f", ["force"], { force: true }],
  ["--preserve --stage", ["preserve", "stage"], { preserve: true, stage: true }],
  ["-s -p", ["stage", "preserve"], { preserve: true, stage: true }],
  ["--reboot-mode powercycle", [], { rebootMode: "POWERCYCLE" }],
];

for (const [flags, notices, request] of legacyFlags) {
  Deno.test(`upgrade --legacy ${flags} asks for just that`, async () => {
    await using nodes = await startNodes();

    const { stderr } = await talosctl(
      nodes,
      `upgrade ${one} --legacy --drain=false --wait=false --image ${image} ${flags}`.trim(),
    );

    const none = { preserve: false, stage: false, force: false, rebootMode: "DEFAULT" };
    assert.deepEqual(sent(nodes, "Upgrade"), [{ image, ...none, ...request }]);
    const said = notices.map((flag) =>
      `Flag --${flag} has been deprecated, legacy flag for MachineService.Upgrade fallback, to be removed in Talos 1.18\n`
    );
    assert.equal(stderr, said.join("") + legacyWarning);
  });
}

Deno.test("upgrade --legacy waits for the node to be up again, and does not know every mode", async () => {
  await using nodes = await startNodes({}, [
    { events: [events.sequence("upgrade", "START", actorId)], end: "eof" },
    { events: [events.machineStatus("RUNNING", true)], end: "holds" },
  ]);

  const waiting = await talosctl(nodes, `upgrade ${one} --legacy --wait=false --no-reboot`);
  const forced = await talosctl(nodes, `upgrade ${one} --legacy -m force`);

  assert.deepEqual(waiting, {
    code: 0,
    stdout: "",
    stderr: legacyWarning + [
      "waiting for actor ID",
      `actor ID: ${actorId}`,
      "sequence: upgrade action: START",
      "unavailable, retrying...",
      "events check condition met",
      "post check passed",
    ].map((text) => `"127.0.0.1": ${text}\n`).join(""),
  });
  assert.deepEqual(forced, failing(`${legacyWarning}invalid reboot mode: force\n`));
});

Deno.test("several nodes are asked about on a terminal first, one is not", async () => {
  await using nodes = await startNodes({}, holding);
  const flags = `--image ${image} --drain=false --wait=false`;

  const refused = await talosctl(nodes, `upgrade ${two} ${flags}`, { isTerminal: true });
  const asked = [...nodes.requests];
  const single = await talosctl(nodes, `upgrade ${one} ${flags}`, { isTerminal: true });
  const said = await talosctl(nodes, `upgrade ${two} ${flags} --yes`, { isTerminal: true });

  assert.deepEqual(refused, {
    code: 1,
    stdout: `127.0.0.1: installs ${image}, then restarts\n` +
      `127.0.0.2: installs ${image}, then restarts\nUpgrade these 2 nodes at once? [y/N]: `,
    stderr: "nothing was changed: the answer was not yes\n--yes answers it beforehand\n",
  });
  assert.deepEqual(asked, []);
  assert.deepEqual([single.code, single.stdout], [0, ""]);
  assert.deepEqual([said.code, said.stdout], [0, ""]);
});

Deno.test("Ctrl-C while the installer runs ends the upgrade, and nothing restarts", async () => {
  const interrupt = new AbortController();
  await using nodes = await startNodes({
    async *"machine.LifecycleService/Upgrade"() {
      yield line("validating installer");
      interrupt.abort();
      yield await forever();
    },
  });

  const { code, stderr } = await talosctl(nodes, `upgrade ${one}`, {
    interrupt: interrupt.signal,
  });

  assert.equal(code, 1);
  assert.match(stderr, /^error during upgrade: error from node 127\.0\.0\.1: .*Canceled/m);
  assert(!called(nodes).includes("Reboot"));
});
