/** The plugin as its users meet it: command lines, run against a simulated cluster. */

import assert from "node:assert/strict";
import { main, startSandbox } from "@talos/talosctl";

Deno.test("plugin-name prints what a node runs", async () => {
  await using sandbox = await startSandbox({ version: "v1.13.2" });

  const outcome = await talosctl(sandbox, ["plugin-name", "--nodes", "10.5.0.2"]);

  assert.deepEqual(outcome, {
    code: 0,
    stdout: "NODE       TAG\n10.5.0.2   v1.13.2\n",
    stderr: "",
  });
});

Deno.test("plugin-name keeps the other nodes' rows when one is down", async () => {
  await using sandbox = await startSandbox({ workers: 1, version: "v1.13.2" });
  await sandbox.fault("10.5.0.3", "down");

  const words = ["plugin-name", "--platform", "--nodes", "10.5.0.2,10.5.0.3"];
  const { code, stdout, stderr } = await talosctl(sandbox, words);

  assert.equal(stdout, "NODE       TAG       PLATFORM\n10.5.0.2   v1.13.2   metal\n");
  assert.match(stderr, /^error from node 10\.5\.0\.3: rpc error: code = Unavailable /);
  assert.equal(code, 1);
});

interface Cluster {
  writeTalosconfig(path: string): Promise<void>;
}

/** Runs a command line with this plugin against a cluster. */
async function talosctl(cluster: Cluster, words: readonly string[]) {
  const folder = await Deno.makeTempDir();
  try {
    await cluster.writeTalosconfig(`${folder}/talosconfig`);
    const [stdout, stderr] = [textSink(), textSink()];
    const code = await main(["--plugin-dir", import.meta.dirname ?? "", ...words], {
      env: { HOME: folder, TALOSCONFIG: `${folder}/talosconfig` },
      stdout: stdout.stream,
      stderr: stderr.stream,
    });
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function textSink() {
  const decoder = new TextDecoder();
  let text = "";
  const write = (bytes: Uint8Array) => void (text += decoder.decode(bytes, { stream: true }));
  return { stream: new WritableStream<Uint8Array>({ write }), text: () => text };
}
