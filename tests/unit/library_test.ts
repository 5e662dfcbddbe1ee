/** mod.ts as other programs use it: command lines, clients and clusters side by side in one process. */

import assert from "node:assert/strict";
import {
  CliError,
  connect,
  loadTalosconfig,
  main,
  type MainOptions,
  type ResourceEvent,
  RpcError,
  type Sandbox,
  startSandbox,
  watchResources,
} from "../../mod.ts";

/** Runs a command line with streams in memory. */
async function runMain(argv: readonly string[], options: MainOptions = {}) {
  const [stdout, stderr] = [memoryStream(), memoryStream()];
  const streams = { stdout: stdout.writable, stderr: stderr.writable };
  const code = await main(argv, { env: {}, ...streams, ...options });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function memoryStream() {
  const decoder = new TextDecoder();
  let text = "";
  const writable = new WritableStream<Uint8Array>({
    write: (bytes) => void (text += decoder.decode(bytes, { stream: true })),
  });
  return { writable, text: () => text };
}

/** What a sandbox's context has, as PEM texts. */
async function credentialsOf(sandbox: Sandbox) {
  const config = await sandbox.talosconfig();
  const { ca = "", crt = "", key = "" } = config.contexts.get(config.context) ?? {};
  return { ca: atob(ca), certificate: atob(crt), key: atob(key) };
}

Deno.test("two clusters at once in one process answer to their own clients and command lines", async () => {
  await using blue = await startSandbox({ name: "blue", version: "v1.13.1" });
  await using red = await startSandbox({ name: "red", version: "v1.13.2" });
  const folder = await Deno.makeTempDir();
  const versions = await Promise.all([blue, red, blue, red].map(async (sandbox, position) => {
    const path = `${folder}/${position}`;
    await sandbox.writeTalosconfig(path);
    const words = ["version", "-n", "10.5.0.2", "--talosconfig", path];
    const { code, stdout, stderr } = await runMain(words);
    await using talos = await connect({ talosconfig: path });
    const machine = await talos.node("10.5.0.2").service("machine.MachineService");
    const { messages } = await machine.version({});
    const printed = /NODE:[^]*?Tag: +(\S+)/.exec(stdout)?.[1];
    return [code, stderr, printed, messages[0]?.version?.tag];
  }));
  await Deno.remove(folder, { recursive: true });

  const [ofBlue, ofRed] = ["v1.13.1", "v1.13.2"].map((tag) => [0, "", tag, tag]);
  assert.deepEqual(versions, [ofBlue, ofRed, ofBlue, ofRed]);
});

Deno.test("main prints to the streams it is given, and gives back the exit status", async () => {
  const good = await runMain(["version", "--client", "--short"]);
  const bad = await runMain(["version", "extra"]);

  assert.deepEqual(good, { code: 0, stdout: "Client:\nTalos v1.14.0-beta.1\n", stderr: "" });
  assert.equal(bad.code, 1);
  assert.match(bad.stderr, /^unknown command "extra" for "talosctl version"\n/);
});

Deno.test("main reads its answers from the stream it is given", async () => {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, "context: a\ncontexts:\n  a: {}\n  b: {}\n");
  const stdin = new Blob(["y\n"]).stream();

  const { code } = await runMain(["config", "remove", "b", "--talosconfig", path], { stdin });
  const left = await loadTalosconfig(path);
  await Deno.remove(path);

  assert.equal(code, 0);
  assert.deepEqual([...left.contexts.keys()], ["a"]);
});

Deno.test("main ends when its signal aborts", async () => {
  await using sandbox = await startSandbox();
  const path = await Deno.makeTempFile();
  await sandbox.writeTalosconfig(path);
  const interrupt = new AbortController();
  const stdout = new WritableStream<Uint8Array>({ write: () => interrupt.abort() });

  const words = ["get", "members", "-w", "-n", "10.5.0.2", "--talosconfig", path];
  const { code } = await runMain(words, { stdout, signal: interrupt.signal });
  await Deno.remove(path);

  assert.equal(code, 0);
});

Deno.test("connect takes endpoints and credentials as data", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 2 });
  const credentials = await credentialsOf(sandbox);

  await using talos = await connect({ endpoints: sandbox.endpoints, credentials });
  const machine = await talos.nodes(["10.5.0.2", "10.5.0.9"]).service("machine.MachineService");
  const answers = new Map<string, string>();
  for await (const answer of machine.version({})) {
    answers.set(answer.node, "error" in answer ? "failed" : "answered");
  }

  assert.deepEqual([...answers].sort(), [["10.5.0.2", "answered"], ["10.5.0.9", "failed"]]);
});

Deno.test("connect uses the context that is asked for, and knows its nodes", async () => {
  await using sandbox = await startSandbox();
  const config = await sandbox.talosconfig();
  const context = config.contexts.get(config.context);
  assert(context !== undefined);
  config.contexts.set("lab", { ...context, nodes: ["10.5.0.2"] });

  await using talos = await connect({ talosconfig: config, context: "lab" });

  assert.deepEqual(await talos.contextNodes(), ["10.5.0.2"]);
});

Deno.test("a failed call rejects with the code it failed with", async () => {
  await using sandbox = await startSandbox();
  await using talos = await connect({ talosconfig: await sandbox.talosconfig("os:reader") });
  const machine = await talos.node("10.5.0.2").service("machine.MachineService");

  await assert.rejects(
    machine.serviceRestart({ id: "etcd" }),
    (error) => error instanceof RpcError && error.code === "PermissionDenied",
  );
});

Deno.test("a talosconfig that is not there is an error, and is not created", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/config`;
  const expected = (error: unknown) =>
    error instanceof CliError &&
    error.message === `reading talosconfig "${path}": there is no such file`;

  await assert.rejects(loadTalosconfig(path), expected);
  await using talos = await connect({ talosconfig: path });
  await assert.rejects(
    talos.contextNodes(),
    (error) => String(error).includes("there is no such file"),
  );

  assert.deepEqual([...Deno.readDirSync(folder)], []);
  await Deno.remove(folder);
});

Deno.test("watched resources come with their specs as data, then changes as they happen", async () => {
  await using sandbox = await startSandbox({ seed: 1 });
  await using talos = await connect({ talosconfig: await sandbox.talosconfig() });
  const machine = await talos.node("10.5.0.2").service("machine.MachineService");
  const events: ResourceEvent[] = [];

  const query = { node: "10.5.0.2", type: "service", id: "kubelet" };
  for await (const event of watchResources(talos, query)) {
    events.push(event);
    if (events.length === 1) await machine.serviceRestart({ id: "kubelet" });
    if (events.length > 1) break;
  }

  const [first, second] = events;
  assert(first?.kind === "created");
  const { type, namespace, id, spec } = first.resource;
  assert.deepEqual([type, namespace, id], ["Services.v1alpha1.talos.dev", "runtime", "kubelet"]);
  assert.deepEqual(spec, { healthy: true, running: true, unknown: false });
  assert.equal(second?.kind, "destroyed");
});

Deno.test("a watch of all resources of a type says when those that were there have come", async () => {
  await using sandbox = await startSandbox({ workers: 1 });
  await using talos = await connect({ talosconfig: await sandbox.talosconfig() });
  const end = new AbortController();
  const kinds: string[] = [];

  const query = { node: "10.5.0.2", type: "members", signal: end.signal };
  for await (const { kind } of watchResources(talos, query)) {
    kinds.push(kind);
    if (kind === "synced") end.abort();
  }

  assert.deepEqual(kinds, ["created", "created", "synced"]);
});

Deno.test("a watch of a type that the node does not know rejects with NotFound", async () => {
  await using sandbox = await startSandbox();
  await using talos = await connect({ talosconfig: await sandbox.talosconfig() });

  await assert.rejects(
    watchResources(talos, { node: "10.5.0.2", type: "nonsense" }).next(),
    (error) => error instanceof RpcError && error.code === "NotFound",
  );
});
