/** `get --watch` as a process: what it prints while resources change, and how it ends. */

import assert from "node:assert/strict";
import type { Sandbox } from "../../mod.ts";
import { processEnvironment } from "../process_environment.ts";
import { readGetCases, startSeededSandbox } from "../resources_seeds.ts";

const programPath = new URL("../../cli/main.ts", import.meta.url).pathname;

/** A case of cases.json: the lines it prints before anything changes. */
const watches: [name: string, initialLines: number][] = [
  ["watch kind table", 6],
  ["watch one table", 2],
  ["watch kind jsonpath", 5],
];

for (const [name, initialLines] of watches) {
  Deno.test(`get -w prints changes and ends well when interrupted: ${name}`, async () => {
    const golden = (await readGetCases()).find((candidate) => candidate.name === name);
    assert(golden !== undefined);
    await using sandbox = await startSeededSandbox();
    await using program = await start(sandbox, golden.args);

    await program.untilLines(initialLines);
    changeResources(sandbox);
    await program.untilLines(golden.stdout.split("\n").length - 1);
    const code = await program.interrupt();

    assert.deepEqual({ code, stdout: program.stdout }, { code: 0, stdout: golden.stdout });
  });
}

Deno.test("get -w goes on where it was when its connection broke and the node came back", async () => {
  await using sandbox = await startSeededSandbox();
  const [endpoint = ""] = sandbox.endpoints;
  const args = [
    "-n",
    "172.20.0.2",
    "get",
    "-w",
    "hostname",
    "hostname",
    "-o",
    "jsonpath={.spec.domainname}",
  ];
  await using program = await start(sandbox, args);
  await program.untilLines(1);
  putHostname(sandbox, "before.example.com"); // the first event with a bookmark
  await program.untilLines(2);

  await sandbox.fault(endpoint, "down");
  putHostname(sandbox, "meanwhile.example.com");
  await sandbox.heal(endpoint);
  await program.untilLines(3);

  assert.equal(await program.interrupt(), 0);
  assert.equal(program.stdout, "\nbefore.example.com\nmeanwhile.example.com\n");
});

/** The changes that the recorded watches saw. */
function changeResources(sandbox: Sandbox): void {
  const store = sandbox.nodes[0]?.resources;
  putHostname(sandbox, "lab.example.com");
  const address = {
    namespace: "network",
    type: "AddressStatuses.net.talos.dev",
    id: "dummy-very-long-interface0/192.168.255.200/32",
  };
  store?.put({
    ...address,
    yamlSpec: 'address: ""\nlinkName: dummy-very-long-interface0\n',
    protoSpec: new Uint8Array(),
  });
  store?.remove(address.namespace, address.type, address.id);
  store?.remove("network", "HostnameStatuses.net.talos.dev", "hostname");
}

function putHostname(sandbox: Sandbox, domainname: string): void {
  sandbox.nodes[0]?.resources.put({
    namespace: "network",
    type: "HostnameStatuses.net.talos.dev",
    id: "hostname",
    yamlSpec: `hostname: talos-default-controlplane-1\ndomainname: ${domainname}\n`,
    protoSpec: new Uint8Array(),
  });
}

async function start(sandbox: Sandbox, args: readonly string[]) {
  const home = await Deno.makeTempDir();
  await sandbox.writeTalosconfig(`${home}/talosconfig`);
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", programPath, ...args],
    env: { ...processEnvironment(home), TALOSCONFIG: `${home}/talosconfig` },
    clearEnv: true,
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  return {
    stdout: "",

    /** Reads on until that many lines were printed, or the process ended. */
    async untilLines(count: number): Promise<void> {
      while (this.stdout.split("\n").length - 1 < count) {
        const { value, done } = await reader.read();
        if (done) return;
        this.stdout += value;
      }
    },

    /** Ctrl-C; the exit status. */
    async interrupt(): Promise<number> {
      process.kill("SIGINT");
      await this.untilLines(Infinity);
      return (await process.status).code;
    },

    async [Symbol.asyncDispose](): Promise<void> {
      try {
        process.kill("SIGKILL");
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // it ended by itself
      }
      await reader.cancel();
      await process.status;
      await Deno.remove(home, { recursive: true });
    },
  };
}
