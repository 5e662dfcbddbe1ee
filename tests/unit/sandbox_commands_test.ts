/** `cluster create sandbox`, `sandbox fault` and `cluster destroy`, with a real process in between. */

import assert from "node:assert/strict";
import net from "node:net";
import { runProgram } from "../talosctl.ts";

Deno.test("cluster create sandbox leaves a running cluster, its state and its context; cluster destroy ends it", async () => {
  await using home = await emptyHome();

  const created = await home.run("cluster create sandbox --name lab --controlplanes 2 --workers 1");
  const info = await home.run("config info -o json");
  const shown = await home.run("cluster show --name lab");
  const { context, nodes, endpoints, roles } = JSON.parse(info.stdout);
  const whileUp = await Promise.all(endpoints.map(knock));
  const proxyUrl = await home.proxyUrl("lab");
  const destroyed = await home.run("cluster destroy --name lab");

  assert.deepEqual(
    created,
    {
      code: 0,
      stdout: `sandbox "lab" is running: 3 nodes, endpoints ${
        endpoints.join(", ")
      }\ncurrent context: lab\nto dial a node by its own address: HTTPS_PROXY=${proxyUrl}\n`,
      stderr: `creating state directory in "${home.path}/.talos/clusters/lab"\n`,
    },
  );
  assert.deepEqual([context, nodes, roles], ["lab", ["10.5.0.2"], ["os:admin"]]);
  assert.match(shown.stdout, /^PROVISIONER {11}sandbox\n/);
  assert.match(shown.stdout, /^lab-worker-1 +worker +10\.5\.0\.4 /m);
  assert.deepEqual(whileUp, ["open", "open"]);
  assert.equal(destroyed.code, 0);
  await closed(endpoints[0]);
  assert.deepEqual([...Deno.readDirSync(`${home.path}/.talos/clusters`)], []);
});

Deno.test("machines without a configuration wait at an address of their own, and at the one of the node through the proxy", async () => {
  await using home = await emptyHome();
  const created = await home.run("cluster create sandbox --maintenance 1 -o json");
  const { maintenanceEndpoints: [own], proxyUrl, nodes } = JSON.parse(created.stdout);
  const throughProxy = { HTTPS_PROXY: proxyUrl };

  const shown = await home.run("cluster show");
  const dialled = await home.run(
    `get machinestatus --insecure -n ${own} -o jsonpath={.spec.stage}`,
  );
  const named = await home.run(
    "get machinestatus --insecure -n 10.5.0.4 -o jsonpath={.spec.stage}",
    throughProxy,
  );
  const stranger = await home.run("get machinestatus --insecure -n 10.5.0.9", throughProxy);
  await home.run("cluster destroy");

  assert.deepEqual(nodes[2], {
    name: "talos-default-machine-1",
    address: "10.5.0.4",
    type: "unknown",
  });
  assert.match(shown.stdout, /^talos-default-machine-1 +unknown +10\.5\.0\.4 /m);
  assert.deepEqual([dialled.stdout, named.stdout], ["maintenance\n", "maintenance\n"]);
  assert.match(stranger.stderr, /502 no node of the sandbox listens there/);
});

Deno.test("with --speed a worker that is reset is back within moments, found by its own address", async () => {
  await using home = await emptyHome();
  const created = await home.run("cluster create sandbox --speed 100 -o json");
  const throughProxy = { HTTPS_PROXY: JSON.parse(created.stdout).proxyUrl };

  const config = `${home.path}/worker.yaml`;
  const kept = await home.run("get mc v1alpha1 -n 10.5.0.3 -o jsonpath={.spec}");
  await Deno.writeTextFile(config, kept.stdout);
  const reset = await home.run("reset --reboot --timeout 1m -n 10.5.0.3", throughProxy);
  const applied = await home.run(`apply-config --insecure -n 10.5.0.3 -f ${config}`, throughProxy);
  await home.run("cluster destroy");

  assert.match(reset.stderr, /"10\.5\.0\.3": post check passed\n$/);
  assert.equal(reset.code, 0);
  assert.deepEqual(applied, {
    code: 0,
    stdout: "",
    stderr: "Applied configuration without a reboot\n",
  });
});

Deno.test("a node that was shut down comes back when its power button is pressed", async () => {
  await using home = await emptyHome();
  await home.run("cluster create sandbox --speed 100");
  await home.run("shutdown -n 10.5.0.3 --force");
  const bootIdOf = async () => {
    for (let attempt = 1; attempt <= 100; attempt++) {
      const { code, stdout } = await home.run("read /proc/sys/kernel/random/boot_id -n 10.5.0.3");
      if (code === 0) return stdout.trim();
    }
    return "never up";
  };

  const pressed = await home.run("sandbox power-on 10.5.0.3");
  const bootId = await bootIdOf();
  const again = await home.run("sandbox power-on talos-default-worker-1");
  const sameBootId = await bootIdOf();
  const unknown = await home.run("sandbox power-on 10.5.0.9");
  await home.run("cluster destroy");

  assert.deepEqual([pressed, again], [
    { code: 0, stdout: "", stderr: "" },
    { code: 0, stdout: "", stderr: "" },
  ]);
  assert.match(bootId, /^[0-9a-f-]{36}$/);
  assert.equal(sameBootId, bootId);
  assert.deepEqual(unknown, {
    code: 1,
    stdout: "",
    stderr: 'sandbox order "power-on": there is no node "10.5.0.9"\n',
  });
});

Deno.test("sandbox fault and heal reach the process of the cluster", async () => {
  await using home = await emptyHome();
  await home.run("cluster create sandbox --workers 0");
  const { endpoints: [endpoint] } = JSON.parse((await home.run("config info -o json")).stdout);

  const fault = await home.run(`sandbox fault ${endpoint} down`);
  const whileDown = await knock(endpoint);
  const heal = await home.run(`sandbox heal ${endpoint}`);
  const healed = await knock(endpoint);
  const unknown = await home.run(`sandbox fault ${endpoint} nonsense`);
  await home.run("cluster destroy");
  await closed(endpoint);
  const gone = await home.run(`sandbox heal ${endpoint}`);

  assert.deepEqual([fault.code, heal.code], [0, 0]);
  assert.deepEqual([whileDown, healed], ["refused", "open"]);
  assert.match(unknown.stderr, /^switching a fault on: there is no "nonsense"\n/);
  assert.match(gone.stderr, /^reaching sandbox "talos-default": it is not running\n/);
  assert.deepEqual([unknown.code, gone.code], [1, 1]);
});

Deno.test("a sandbox whose folder is removed by hand ends by itself", async () => {
  await using home = await emptyHome();
  await home.run("cluster create sandbox");
  const { endpoints: [endpoint] } = JSON.parse((await home.run("config info -o json")).stdout);

  await Deno.remove(`${home.path}/.talos/clusters`, { recursive: true });

  await closed(endpoint);
});

Deno.test("the patches of cluster create sandbox are in the configurations of its nodes, those from files too", async () => {
  await using home = await emptyHome();
  const file = `${home.path}/worker.yaml`;
  await Deno.writeTextFile(file, "machine: {certSANs: [worker.example.org]}");
  const common = '{"machine":{"sysctls":{"vm.swappiness":"1"}}}';

  const created = await home.run(
    `cluster create sandbox --config-patch ${common} --config-patch-worker @${file}`,
  );
  const sans = await home.run("-n 10.5.0.2,10.5.0.3 get certsans api -o yaml");
  const parameters = await home.run("-n 10.5.0.3 get kernelparams proc.sys.vm.swappiness");
  await home.run("cluster destroy");

  assert.equal(created.code, 0, created.stderr);
  const [ofControlPlane, ofWorker] = sans.stdout.split("\n---\n");
  assert.doesNotMatch(ofControlPlane ?? "", /worker\.example\.org/);
  assert.match(ofWorker ?? "", /- worker\.example\.org\n/);
  assert.match(parameters.stdout, / proc\.sys\.vm\.swappiness +1 +1 +60 +false/);
});

Deno.test("a sandbox that cannot be made leaves nothing behind, and an existing one alone", async () => {
  await using home = await emptyHome();
  await Deno.mkdir(`${home.path}/.talos/clusters/taken`, { recursive: true });
  const folder = `${home.path}/.talos/clusters/taken`;
  const rows: [string, string][] = [
    [
      "--name taken",
      `failed to initialize provisioner state: state directory "${folder}" already exists, is the ` +
      'cluster "taken" already running? remove cluster state with talosctl cluster destroy\n',
    ],
    ["--name ../up", 'creating a sandbox: "../up" is no name of a cluster\n'],
    ["--controlplanes 0", "creating a sandbox: at least 1 control plane is needed, not 0\n"],
    [
      "--maintenance -1",
      "creating a sandbox: there cannot be -1 machines without a configuration\n",
    ],
    ["--speed 0", "creating a sandbox: a speed is above 0 and at most 1000, not 0\n"],
    ["--speed 1e9", "creating a sandbox: a speed is above 0 and at most 1000, not 1000000000\n"],
    ["--workers -1", "creating a sandbox: there cannot be -1 workers\n"],
    [
      "--name new --config-patch machine:{nonsense:1}",
      "open machine:{nonsense:1}: no such file or directory\n",
    ],
    [
      '--name new --config-patch-worker {"machine":{"type":"nonsense"}}',
      "creating a sandbox: worker configuration: 1 error occurred:\n",
    ],
  ];

  for (const [words, expected] of rows) {
    const { code, stderr } = await home.run(`cluster create sandbox ${words}`);
    assert.ok(stderr.startsWith(expected.trimEnd()), stderr);
    assert.equal(code, 1);
  }

  const left = [...Deno.readDirSync(`${home.path}/.talos/clusters`)].map(({ name }) => name);
  assert.deepEqual(left, ["taken"]);
});

async function emptyHome() {
  const path = await Deno.realPath(await Deno.makeTempDir());
  return {
    path,
    run: (line: string, env: Record<string, string> = {}) =>
      runProgram(line.split(" "), { env: { HOME: path, ...env } }),
    /** Where the cluster's nodes can be dialled by their own addresses. */
    proxyUrl: async (name: string): Promise<string> =>
      JSON.parse(await Deno.readTextFile(`${path}/.talos/clusters/${name}/running.json`)).proxyUrl,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** Whether somebody listens. */
function knock(endpoint: string): Promise<"open" | "refused"> {
  const [host = "", port = ""] = endpoint.split(":");
  const { promise, resolve } = Promise.withResolvers<"open" | "refused">();
  const socket = net.connect(Number(port), host, () => {
    socket.destroy();
    resolve("open");
  });
  socket.on("error", () => resolve("refused"));
  return promise;
}

/** Waits until nobody listens any more. */
async function closed(endpoint: string): Promise<void> {
  while (await knock(endpoint) === "open");
}
