/** `apply-config`: what it sends, what it refuses to send, and what its users read. */

import assert from "node:assert/strict";
import { RpcError } from "../../core/errors.ts";
import { type FakeNodes, startFakeNodes } from "../fake_nodes.ts";
import { type RunOptions, talosctl } from "../talosctl.ts";

const apply = "machine.MachineService/ApplyConfiguration";
const done = { mode: "NO_REBOOT", modeDetails: "Applied configuration without a reboot" };
const worker = "version: v1alpha1 # kept as it is\nmachine:\n  type: worker\n";

/** Runs a command line in which `FILE` is a file with this text. */
async function run(nodes: FakeNodes, line: string, text = worker, options: RunOptions = {}) {
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, text);
    const outcome = await talosctl(
      nodes,
      line.split(" ").map((w) => w === "FILE" ? file : w),
      options,
    );
    return { ...outcome, stderr: outcome.stderr.replaceAll(file, "FILE") };
  } finally {
    await Deno.remove(file);
  }
}

/** Flags, and what the node is asked for (spec/machine-ops.md, 3). */
const requests: [string, object][] = [
  ["", { mode: "AUTO", dryRun: false, tryModeTimeout: { seconds: "60", nanos: 0 } }],
  [" -m no-reboot", { mode: "NO_REBOOT" }],
  [" --mode=staged --dry-run", { mode: "STAGED", dryRun: true }],
  [" -m try --timeout 1.5s", { mode: "TRY", tryModeTimeout: { seconds: "1", nanos: 5e8 } }],
];

for (const [flags, wanted] of requests) {
  Deno.test(`apply-config -f FILE${flags} sends the file's bytes and prints nothing on stdout`, async () => {
    await using nodes = await startFakeNodes({ [apply]: () => ({ messages: [done] }) });

    const outcome = await run(nodes, `-n 10.5.0.2 apply-config -f FILE${flags}`);

    assert.deepEqual(outcome, {
      code: 0,
      stdout: "",
      stderr: "Applied configuration without a reboot\n",
    });
    const [{ request } = { request: undefined }] = nodes.requests;
    assert.equal(new TextDecoder().decode(request.data), worker);
    for (const [key, value] of Object.entries(wanted)) assert.deepEqual(request[key], value);
  });
}

Deno.test("apply-config says what went well before it names the nodes that refused", async () => {
  await using nodes = await startFakeNodes({
    [apply]: (_request, node) => {
      if (node === "10.5.0.2") return { messages: [{ ...done, warnings: ["w one"] }] };
      throw new RpcError("InvalidArgument", "2 errors occurred:\n\t* one\n\t* two\n\n");
    },
  });

  const outcome = await run(nodes, "-n 10.5.0.9,10.5.0.2 apply-config -f FILE");

  assert.deepEqual(outcome, {
    code: 1,
    stdout: "",
    stderr: `\
WARNING: w one
Applied configuration without a reboot
10.5.0.9: error applying configuration: rpc error: code = InvalidArgument desc = 2 errors occurred:
	* one
	* two


`,
  });
});

Deno.test("apply-config -o json prints what each node answered", async () => {
  await using nodes = await startFakeNodes({
    [apply]: () => ({ messages: [{ ...done, warnings: ["w one"] }] }),
  });

  const { stdout, stderr } = await run(nodes, "-n 10.5.0.2 apply-config -f FILE -o json");

  assert.deepEqual(JSON.parse(stdout), {
    node: "10.5.0.2",
    mode: "NO_REBOOT",
    warnings: ["w one"],
    modeDetails: "Applied configuration without a reboot",
  });
  assert.equal(stderr, "");
});

Deno.test("apply-config sends the file with patches, written anew", async () => {
  await using nodes = await startFakeNodes({ [apply]: () => ({ messages: [done] }) });
  const argv = [
    "-p",
    '{"machine":{"token":"t"}}',
    "-p",
    '[{"op":"remove","path":"/machine/type"}]',
  ];
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, worker);

    const { code } = await talosctl(nodes, ["-n", "10.5.0.2", "apply-config", "-f", file, ...argv]);

    assert.equal(code, 0);
    const sent = new TextDecoder().decode(nodes.requests[0]?.request.data);
    assert.match(sent, /^ {2}token: t\n/m);
    assert.doesNotMatch(sent, /type: worker|kept as it is/);
  } finally {
    await Deno.remove(file);
  }
});

/** Mistakes in the order in which they are seen (spec/machine-ops.md, 3), and what is written of them. */
const mistakes: [string, string, string][] = [
  ["apply-config config", worker, "expected no positional arguments\n\n"],
  ["apply-config else", worker, "unknown positional argument else\n\n"],
  ["apply Config", worker, "unknown positional argument Config\n\n"],
  ["apply-config", worker, "no filename supplied for configuration\n"],
  [
    "apply-config -f nosuch",
    worker,
    'failed to read configuration from "nosuch": open nosuch: no such file or directory\n',
  ],
  ["apply-config -f FILE", "", "no configuration data read\n"],
  [
    "apply-config -f FILE -p {bad",
    worker,
    "decode error: go-yaml load error in parser (while parsing a flow mapping) at L1.C1-L2.C1: " +
    "did not find expected ',' or '}'\n",
  ],
  [
    "apply-config -f FILE -m reboot",
    worker,
    'invalid argument "reboot" for "-m, --mode" flag: possible options are: auto, no-reboot, staged, try\n\n',
  ],
];

for (const [line, text, stderr] of mistakes) {
  Deno.test(`${line} with ${text.length} bytes is refused before any node is asked`, async () => {
    await using nodes = await startFakeNodes({ [apply]: () => ({ messages: [done] }) });

    const outcome = await run(nodes, `-n 10.5.0.2 ${line}`, text);

    assert.equal(outcome.code, 1);
    assert.equal(outcome.stderr.slice(0, stderr.trimEnd().length), stderr.trimEnd());
    assert.equal(outcome.stdout.includes("Usage:"), stderr.includes("positional"));
    assert.deepEqual(nodes.requests, []);
  });
}

Deno.test("apply machineconfig is apply-config", async () => {
  await using nodes = await startFakeNodes({ [apply]: () => ({ messages: [done] }) });

  const { code } = await run(nodes, "-n 10.5.0.2 apply MachineConfig -f FILE");

  assert.equal(code, 0);
});

/** What is typed and given on a terminal, and whether the worker's configuration then goes to the control plane. */
const answers: [string, string, boolean][] = [
  ["", "n\n", false],
  ["", "y\n", true],
  [" --yes", "", true],
  [" --dry-run", "", true],
];

for (const [flags, stdin, isSent] of answers) {
  const name =
    `apply-config${flags} of a worker's configuration asks on a terminal; "${stdin.trim()}"`;
  Deno.test(`${name} ${isSent ? "sends" : "keeps"} it`, async () => {
    const machineType = { resource: { spec: { yamlSpec: "controlplane\n" } } };
    await using nodes = await startFakeNodes({
      [apply]: () => ({ messages: [done] }),
      "cosi.resource.State/Get": () => machineType,
    });

    const line = `-n 10.5.0.2 apply-config -f FILE${flags}`;
    const outcome = await run(nodes, line, worker, { isTerminal: true, stdin });

    const sent = nodes.requests.filter(({ method }) => method === "ApplyConfiguration");
    assert.equal(sent.length, isSent ? 1 : 0);
    const question =
      "10.5.0.2: a control plane node would become a worker: etcd and the Kubernetes control plane end there\nApply it? [y/N]: ";
    assert.equal(outcome.stdout, stdin === "" ? "" : question);
    assert.equal(outcome.code, isSent ? 0 : 1);
  });
}

Deno.test("apply-config asks on a terminal before a node gets the configuration of another cluster", async () => {
  const config = "version: v1alpha1\nmachine:\n  type: worker\n  ca: {crt: CRT}\nACCEPTED";
  await using nodes = await startFakeNodes({
    [apply]: () => ({ messages: [done] }),
    "cosi.resource.State/Get": () => ({ resource: { spec: { yamlSpec: "worker\n" } } }),
  });
  const file = await Deno.readTextFile(nodes.talosconfigPath);
  const own = /ca: (\S+)/.exec(file)?.[1] ?? "";
  const other = "b3RoZXI=";
  const answer = (crt: string, accepted = "", stdin = "") =>
    run(
      nodes,
      "-n 10.5.0.2 apply-config -f FILE",
      config.replace("CRT", crt).replace("ACCEPTED", accepted),
      { isTerminal: true, stdin },
    );

  const asked = await answer(other, "", "n\n");
  const kept = nodes.requests.length;
  const same = await answer(own);
  const exchanged = await answer(other, `  acceptedCAs: [{crt: ${own}}]\n`);

  const consequence =
    "the configuration is that of another cluster: this talosconfig will not reach the node any more";
  assert.equal(asked.stdout, `10.5.0.2: ${consequence}\nApply it? [y/N]: `);
  assert.deepEqual([asked.code, kept], [1, 0]);
  assert.deepEqual([same.code, same.stdout], [0, ""]);
  assert.deepEqual([exchanged.code, exchanged.stdout], [0, ""]);
});

Deno.test("apply-config does not ask where its output is no terminal", async () => {
  await using nodes = await startFakeNodes({ [apply]: () => ({ messages: [done] }) });

  await run(nodes, "-n 10.5.0.2 apply-config -f FILE");

  assert.deepEqual(nodes.requests.map(({ method }) => method), ["ApplyConfiguration"]);
});
