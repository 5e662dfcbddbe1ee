/** A cluster from its first configuration to its last reset, each step as a user would type it (spec/machine-ops.md). */

import assert from "node:assert/strict";
import { type Sandbox, startSandbox } from "../../mod.ts";
import { type Outcome, runProgram } from "../talosctl.ts";

const hosts = ["127.42.0.2", "127.42.0.3", "127.42.0.4"];
const [first = "", second = "", third = ""] = hosts;
const newImage = "factory.talos.dev/metal-installer/376567988ad3:v1.14.1";

Deno.test("a cluster lives: configured, bootstrapped, upgraded, rolled back, left, joined again and reset", async (test) => {
  await using sandbox = await startSandbox({
    name: "life",
    controlPlanes: 0,
    maintenance: hosts.length,
    addresses: hosts.map((host) => `${host}:50000`),
    speed: 20,
  });
  const folder = await Deno.makeTempDir();
  const env = { TALOSCONFIG: `${folder}/talosconfig`, KUBECONFIG: `${folder}/kubeconfig` };
  const talosctl = (...words: string[]) => runProgram(words, { env });
  const on = (node: string, ...words: string[]) => talosctl("-n", node, ...words);

  await test.step("gen config writes what the machines start from", async () => {
    const endpoint = `https://${first}:6443`;
    succeeded(await talosctl("gen", "config", "life", endpoint, "-o", folder));
    succeeded(await talosctl("config", "endpoint", ...hosts));
  });

  await test.step("apply-config --insecure turns the machines into nodes that ask who calls", async () => {
    const file = `${folder}/controlplane.yaml`;
    succeeded(await on(hosts.join(","), "apply-config", "--insecure", "-f", file));
    await until(
      sandbox,
      "waiting for a bootstrap",
      ({ services }) => services.get("etcd")?.state === "Preparing",
    );
    const refused = await on(first, "version", "--insecure");
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /code = Unavailable desc = connection error: /);
  });

  await test.step("bootstrap starts etcd, once", async () => {
    succeeded(await on(first, "bootstrap"));
    await until(sandbox, "running", ({ stage }) => stage === "running");
    const again = await on(first, "bootstrap");
    assert.equal(
      again.stderr,
      "error executing bootstrap: rpc error: code = AlreadyExists desc = etcd data directory is not empty\n",
    );
  });

  await test.step("all members are present", async () => {
    const members = succeeded(await on(first, "etcd", "members", "-o", "json"));
    assert.equal(documents(members.stdout).length, hosts.length);
    const discovered = succeeded(await on(first, "get", "members", "-o", "json"));
    assert.equal(documents(discovered.stdout).length, hosts.length);
  });

  await test.step("kubeconfig gives access to Kubernetes", async () => {
    succeeded(await on(first, "kubeconfig"));
    const written = await Deno.readTextFile(env.KUBECONFIG);
    assert.match(written, /^current-context: admin@life$/m);
  });

  await test.step("each node is upgraded in its turn", async () => {
    for (const host of hosts) {
      succeeded(await on(host, "upgrade", "--image", newImage));
      assert.equal(await versionOf(host), "v1.14.1");
    }
  });

  await test.step("a rollback brings the version before back", async () => {
    succeeded(await on(second, "rollback"));
    await until(
      sandbox,
      "up with the old version",
      ({ version, stage }, index) =>
        index !== 1 || version.tag === "v1.14.0-beta.1" && stage === "running",
    );
    assert.equal(await versionOf(second), "v1.14.0-beta.1");
  });

  await test.step("a node leaves etcd and joins again after a reboot", async () => {
    succeeded(await on(third, "etcd", "leave"));
    const left = succeeded(await on(first, "etcd", "members", "-o", "json"));
    assert.equal(documents(left.stdout).length, hosts.length - 1);
    succeeded(await on(third, "reboot"));
    const joined = succeeded(await on(first, "etcd", "members", "-o", "json"));
    assert.equal(documents(joined.stdout).length, hosts.length);
  });

  await test.step("a reset takes a node out of the cluster, back to maintenance mode", async () => {
    succeeded(await on(third, "reset", "--reboot"));
    const members = succeeded(await on(first, "etcd", "members", "-o", "json"));
    assert.equal(documents(members.stdout).length, hosts.length - 1);
    succeeded(await on(third, "version", "--insecure"));
    const secure = await talosctl("-e", third, "-n", third, "version");
    assert.equal(secure.code, 1);
  });

  await Deno.remove(folder, { recursive: true });

  async function versionOf(host: string): Promise<string> {
    const { stdout } = succeeded(await on(host, "version", "-o", "json"));
    return /"tag": "([^"]+)"[^]*"tag": "([^"]+)"/.exec(stdout)?.[2] ?? stdout;
  }
});

function succeeded(outcome: Outcome): Outcome {
  assert.equal(outcome.code, 0, outcome.stderr);
  return outcome;
}

function documents(jsonLines: string): unknown[] {
  return jsonLines.trim().split(/\n(?=\{)/).map((text) => JSON.parse(text));
}

const lookAgainMs = 20;
const longestMs = 30_000;

/** Waits until every node is so far. */
async function until(
  { nodes }: Sandbox,
  state: string,
  isThere: (node: Sandbox["nodes"][number], index: number) => boolean,
): Promise<void> {
  const end = Date.now() + longestMs;
  while (!nodes.every(isThere)) {
    if (Date.now() > end) throw new Error(`nodes are not ${state} after ${longestMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
  }
}
