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
  const destroyed = await home.run("cluster destroy --name lab");

  assert.deepEqual(
    created,
    {
      code: 0,
      stdout: `sandbox "lab" is running: 3 nodes, endpoints ${
        endpoints.join(", ")
      }\ncurrent context: lab\n`,
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
    run: (line: string) => runProgram(line.split(" "), { env: { HOME: path } }),
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
