/** ApplyConfiguration on simulated nodes: what is refused, what is changed, what follows from it (spec/machine-ops.md, 16.7). */

import assert from "node:assert/strict";
import { patchMachineConfig, startSandbox } from "../../mod.ts";
import type { SandboxNode } from "../../plugins/sandbox/node.ts";
import type { SandboxOptions } from "../../plugins/sandbox/start.ts";
import { sandboxClient } from "../sandbox_client.ts";
import { talosctl } from "../talosctl.ts";

const worker = "10.5.0.3";

/** A sandbox with one control plane and one worker, and ways to ask for another configuration. */
async function openCluster(options: SandboxOptions = {}) {
  const sandbox = await startSandbox({ workers: 1, seed: 1, ...options });
  const client = sandboxClient(sandbox);
  const folder = await Deno.makeTempDir();
  const talosconfigPath = `${folder}/talosconfig`;
  await sandbox.writeTalosconfig(talosconfigPath);
  const node = sandbox.nodes[1] ?? fail();
  const apply = async (data: string, request: object = {}, roles?: string[]) => {
    const { messages, status } = await client.call("machine.MachineService", "ApplyConfiguration", {
      request: { data: new TextEncoder().encode(data), mode: "AUTO", ...request },
      metadata: { node: worker },
      ...(roles === undefined ? {} : { roles }),
    });
    return { status, ...messages[0]?.messages[0] };
  };
  return {
    sandbox,
    node,
    talosconfigPath,
    clock: sandbox.clock,
    apply,
    /** The worker's configuration with a patch. */
    patched: (patch: string) => patchMachineConfig(node.config?.text ?? "", [patch]),
    get: async (line: string) =>
      (await talosctl({ talosconfigPath, clock: sandbox.clock }, `-n ${worker} get ${line}`))
        .stdout,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

function fail(): never {
  throw new Error("no such node");
}

const sysctls = 'machine: {sysctls: {net.core.somaxconn: "1024"}}';

/** Whether a node has the sysctl in its configuration: the one in force, and that of the next boot. */
function hasSysctl({ config, disk }: SandboxNode) {
  return [config, disk.config].map((each) => each?.text.includes("somaxconn"));
}

/** Modes, what the node says, and where the change then is. */
const modes: [string, string, string, boolean[]][] = [
  ["AUTO", "NO_REBOOT", "Applied configuration without a reboot", [true, true]],
  ["NO_REBOOT", "NO_REBOOT", "Applied configuration without a reboot", [true, true]],
  ["STAGED", "STAGED", "Staged configuration to be applied after the next reboot", [false, true]],
  [
    "TRY",
    "TRY",
    "Applied configuration without a reboot\nThe config is applied in 'try' mode and will be automatically reverted back in 1m0s",
    [true, false],
  ],
];

for (const [mode, answered, modeDetails, changed] of modes) {
  Deno.test(`a configuration applied in mode ${mode} is answered as ${answered} and counts where it should`, async () => {
    await using cluster = await openCluster();

    const answer = await cluster.apply(await cluster.patched(sysctls), { mode });

    const { status, mode: shown, modeDetails: details, warnings } = answer;
    assert.deepEqual([status, shown, details, warnings], ["OK: ", answered, modeDetails, []]);
    assert.deepEqual(hasSysctl(cluster.node), changed);
  });

  Deno.test(`a dry run in mode ${mode} shows the differences and changes nothing`, async () => {
    await using cluster = await openCluster();
    const config = await cluster.patched(sysctls);

    const { modeDetails: details } = await cluster.apply(config, { mode, dryRun: true });
    const same = await cluster.apply(cluster.node.config?.text ?? "", { mode, dryRun: true });

    const [first = ""] =
      (mode === "STAGED" ? modeDetails : "Applied configuration without a reboot")
        .split("\n");
    const summary = `Dry run summary:\n${first} (skipped in dry-run).\nConfig diff:\n\n`;
    assert.equal(details.slice(0, summary.length), summary);
    assert.match(
      details.slice(summary.length),
      /^--- a\n\+\+\+ b\n@@ -8,6 \+8,8 @@\n( .*\n){3}\+ {4}sysctls:\n\+ {8}net\.core\.somaxconn: "1024"\n( .*\n){3}$/,
    );
    assert.equal(same.modeDetails, `${summary}No changes.`);
    assert.deepEqual(hasSysctl(cluster.node), [false, false]);
  });
}

Deno.test("a configuration that is tried comes back out when its time is over", async () => {
  await using cluster = await openCluster();
  const config = await cluster.patched(sysctls);

  await cluster.apply(config, { mode: "TRY", tryModeTimeout: { seconds: 2, nanos: 0 } });
  cluster.clock.advance(1900);
  await settled();
  const before = hasSysctl(cluster.node);
  cluster.clock.advance(200);
  await settled();

  assert.deepEqual(before, [true, false]);
  assert.deepEqual(hasSysctl(cluster.node), [false, false]);
});

Deno.test("any other application, even a refused one, keeps a tried configuration in force", async () => {
  await using cluster = await openCluster();
  const config = await cluster.patched(sysctls);

  await cluster.apply(config, { mode: "TRY", tryModeTimeout: { seconds: 2, nanos: 0 } });
  await cluster.apply("", { mode: "AUTO" });
  cluster.clock.advance(10_000);
  await settled();

  assert.deepEqual(hasSysctl(cluster.node), [true, false]);
});

/** Scripts that the clock has woken go on in microtasks. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}

/** What is sent, the request beside it, and how the node refuses it; a `#` stands for the worker's own configuration. */
const refusals: [string, object, string][] = [
  ["", {}, "INVALID_ARGUMENT: config not found"],
  ["worker-1\n", {}, "INVALID_ARGUMENT: expected a YAML document at line 1"],
  [
    "version: v1alpha1\nmachine:\n  foo: 1\n",
    {},
    "INVALID_ARGUMENT: error decoding document /v1alpha1/ (line 1): unknown keys found during decoding:\nmachine:\n    foo: 1\n",
  ],
  [
    "apiVersion: v1alpha1\nkind: HostnameConfig\nhostname: x\n",
    {},
    "INVALID_ARGUMENT: the applied machine configuration doesn't contain v1alpha1 config, did you mean to patch the machine config instead?",
  ],
  [
    "#",
    { mode: "REBOOT" },
    "UNIMPLEMENTED: the REBOOT mode is not supported, please use AUTO or NO_REBOOT modes instead",
  ],
  [
    "version: v1alpha1\nmachine: {type: worker}\n",
    { dryRun: true },
    "INVALID_ARGUMENT: 1 error occurred:\n\t* v1alpha1.Config: 2 errors occurred:\n\t* cluster instructions are required\n" +
    "\t* issuing CA or some accepted CAs are required (.machine.ca, machine.acceptedCAs)\n\n\n\n",
  ],
];

for (const [data, request, wanted] of refusals) {
  Deno.test(`a node refuses ${JSON.stringify(data)} ${JSON.stringify(request)} and stays as it is`, async () => {
    await using cluster = await openCluster();
    const before = cluster.node.config;

    const { status } = await cluster.apply(data === "#" ? before?.text ?? "" : data, request);

    assert.equal(status, wanted);
    assert.equal(cluster.node.config, before);
    assert.equal(cluster.node.disk.config, before);
  });
}

Deno.test("only administrators may apply a configuration to a node that has one", async () => {
  await using cluster = await openCluster();
  const config = await cluster.patched(sysctls);

  for (const role of ["os:reader", "os:operator", "os:etcd:backup"]) {
    const { status } = await cluster.apply(config, {}, [role]);
    assert.equal(status, "PERMISSION_DENIED: not authorized", role);
  }
  assert.deepEqual(hasSysctl(cluster.node), [false, false]);
});

/** A patch, what to get, and what it then shows (after whatever it showed before). */
const consequences: [string, string, RegExp][] = [
  ["{apiVersion: v1alpha1, kind: HostnameConfig, hostname: bob}", "hostname", / bob /],
  [
    "{apiVersion: v1alpha1, kind: HostnameConfig, hostname: bob}",
    "members",
    / bob +\d+ +bob +worker /,
  ],
  ["{apiVersion: v1alpha1, kind: HostnameConfig, hostname: bob}", "nodename", / bob/],
  [
    "{apiVersion: v1alpha1, kind: ResolverConfig, nameservers: [{address: 9.9.9.9}], searchDomains: {domains: [a.b]}}",
    "resolverspecs",
    / configuration +\["9\.9\.9\.9"\] +\["a\.b"\]/,
  ],
  [
    "machine: {time: {servers: [ntp.example.org]}}",
    "timeservers",
    /\["ntp\.example\.org"\] +false/,
  ],
  ["machine: {time: {disabled: true}}", "timestatus -o yaml", /syncDisabled: true/],
  [sysctls, "kernelparams", /proc\.sys\.net\.core\.somaxconn +1 +1024 +4096 +false/],
  [sysctls, "kernelparamspecs -o yaml", /value: "1024"/],
  [
    "machine: {certSANs: [a.example.org, 10.9.9.9]}",
    "certsans api -o yaml",
    /- 10\.9\.9\.9[^]*- a\.example\.org/,
  ],
  [
    "machine: {network: {extraHostEntries: [{ip: 10.1.1.1, aliases: [db]}]}}",
    "statichosts",
    / db +1 +\["10\.1\.1\.1"\]/,
  ],
  [
    "{apiVersion: v1alpha1, kind: LinkConfig, name: eth0, mtu: 9000, addresses: [{address: 10.7.0.1/24}], routes: [{destination: 10.8.0.0/16, gateway: 10.7.0.254}]}",
    "addresses",
    / eth0\/10\.7\.0\.1\/24 /,
  ],
  [
    "{apiVersion: v1alpha1, kind: LinkConfig, name: eth0, mtu: 9000, routes: [{destination: 10.8.0.0/16, gateway: 10.5.0.254}]}",
    "routes",
    /inet4\/10\.5\.0\.254\/10\.8\.0\.0\/16\/1024 /,
  ],
  [
    "{apiVersion: v1alpha1, kind: LinkConfig, name: eth0, mtu: 9000}",
    "links eth0 -o yaml",
    /mtu: 9000/,
  ],
  [
    "{apiVersion: v1alpha1, kind: KubeletConfig, image: example.org/kubelet:v1, extraArgs: {v: '4'}}",
    "kubeletspec -o yaml",
    /image: example\.org\/kubelet:v1[^]*- --v=4/,
  ],
  [
    "{apiVersion: v1alpha1, kind: KubeNodeConfig, labels: {rack: r1}}",
    "nodelabelspecs",
    / rack +1 +r1/,
  ],
  [
    "{apiVersion: v1alpha1, kind: KubeNodeConfig, labels: {rack: r1}}",
    "nodestatus -o yaml",
    /rack: r1/,
  ],
  [
    "{apiVersion: v1alpha1, kind: KubeNodeConfig, taints: {gpu: 'yes:NoSchedule'}}",
    "nodetaintspecs",
    / gpu +1 +NoSchedule +yes/,
  ],
  ["{apiVersion: v1alpha1, kind: KubeClusterConfig, clusterName: lab}", "infos", / lab\b/],
  [
    "{apiVersion: v1alpha1, kind: KubeClusterConfig, endpoint: https://api.lab:443}",
    "kubeprismconfig -o yaml",
    /host: api\.lab/,
  ],
  ["{apiVersion: v1alpha1, kind: KubePrismConfig, port: 7000}", "kubeprismconfig", / 7000 /],
  [
    "{apiVersion: v1alpha1, kind: KubeSpanConfig, enabled: true}",
    "kubespanconfig -o yaml",
    /enabled: true/,
  ],
  [
    "{apiVersion: v1alpha1, kind: WatchdogTimerConfig, device: /dev/watchdog0, timeout: 3m}",
    "watchdogtimerstatus -o yaml",
    /timeout: 3m0s\n +feedInterval: 1m0s/,
  ],
  [
    "{apiVersion: v1alpha1, kind: EnvironmentConfig, variables: {GRPC_GO_LOG: x}}",
    "environment -o yaml",
    /- GRPC_GO_LOG=x/,
  ],
  [
    "{apiVersion: v1alpha1, kind: KmsgLogConfig, name: a, url: udp://10.3.7.3:810}",
    "kmsglogconfig -o yaml",
    /udp:\/\/10\.3\.7\.3:810/,
  ],
  [
    "{apiVersion: v1alpha1, kind: RegistryMirrorConfig, name: ghcr.io, endpoints: [{url: http://m:5000}]}",
    "registryconfig -o yaml",
    /ghcr\.io:[^]*endpoint: http:\/\/m:5000/,
  ],
  [
    "{apiVersion: v1alpha1, kind: ResolverConfig, hostDNS: {enabled: false, forwardKubeDNSToHost: false}}",
    "hostdnsconfig",
    / false/,
  ],
  [
    "{apiVersion: v1alpha1, kind: UserVolumeConfig, name: data, provisioning: {diskSelector: {match: 'disk.transport == \"sata\"'}, minSize: 10GB}}",
    "volumestatus",
    / u-data +1 +partition +waiting/,
  ],
];

Deno.test("what a configuration says, resources show", async (test) => {
  for (const [patch, line, shown] of consequences) {
    await test.step(`${patch}: get ${line}`, async () => {
      await using cluster = await openCluster();
      const before = await cluster.get(line);
      const config = await cluster.patched(patch);

      const { status } = await cluster.apply(config);

      assert.equal(status, "OK: ");
      assert.doesNotMatch(before, shown);
      assert.match(await cluster.get(line), shown);
    });
  }
});

/** The same for nodes of old, whose settings are all in the main document. */
const olderConsequences: [string, string, RegExp][] = [
  ["machine: {network: {hostname: bob}}", "hostname", / bob /],
  ["machine: {network: {nameservers: [9.9.9.9]}}", "resolvers", /\["9\.9\.9\.9"\]/],
  [
    "machine: {network: {interfaces: [{interface: eth0, mtu: 9000, addresses: [10.7.0.1/24]}]}}",
    "nodeaddresses current",
    /10\.7\.0\.1\/24/,
  ],
  ["machine: {kubelet: {image: example.org/kubelet:v1}}", "kubeletstatus -o yaml", /kubelet:v1\n/],
  ["machine: {nodeLabels: {rack: r1}}", "nodelabelspecs", / rack +1 +r1/],
  ["machine: {env: {GRPC_GO_LOG: x}}", "environment -o yaml", /- GRPC_GO_LOG=x/],
  [
    "machine: {registries: {mirrors: {ghcr.io: {endpoints: [http://m:5000]}}}}",
    "registryconfig -o yaml",
    /ghcr\.io:[^]*endpoint: http:\/\/m:5000/,
  ],
  ["machine: {features: {kubePrism: {port: 7000}}}", "kubeprismconfig", / 7000 /],
  ["cluster: {network: {dnsDomain: lab.local}}", "kubeletconfig -o yaml", /Domain: lab\.local/],
  ["cluster: {clusterName: lab}", "infos", / lab\b/],
];

Deno.test("what the configuration of an older node says, resources show", async (test) => {
  for (const [patch, line, shown] of olderConsequences) {
    await test.step(`${patch}: get ${line}`, async () => {
      await using cluster = await openCluster({ version: "v1.9.0" });
      const before = await cluster.get(line);

      const { status } = await cluster.apply(await cluster.patched(patch));

      assert.equal(status, "OK: ");
      assert.doesNotMatch(before, shown);
      assert.match(await cluster.get(line), shown);
    });
  }
});

Deno.test("without discovery nodes do not find each other", async () => {
  await using cluster = await openCluster();
  const patch =
    "{apiVersion: v1alpha1, kind: DiscoveryServiceConfig, name: default, $patch: delete}";

  await cluster.apply(await cluster.patched(patch));

  assert.match(await cluster.get("members"), /^NODE .*\n$/);
  const other = cluster.sandbox.nodes[0]?.resources.list("cluster", "Members.cluster.talos.dev");
  assert.deepEqual(other?.map(({ id }) => id), ["talos-default-controlplane-1"]);
});

Deno.test("those who watch see a change of the configuration, on other nodes too", async () => {
  await using cluster = await openCluster();
  const seen: string[] = [];
  const watch = (node: SandboxNode | undefined, namespace: string, type: string) =>
    node?.resources.subscribe(namespace, type, ({ kind, resource }) => {
      seen.push(`${kind} ${type.split(".")[0]} ${resource.id} ${resource.version}`);
    });
  const stops = [
    watch(cluster.node, "network", "HostnameStatuses.net.talos.dev"),
    watch(cluster.node, "runtime", "KernelParamStatuses.runtime.talos.dev"),
    watch(cluster.node, "config", "MachineConfigs.config.talos.dev"),
    watch(cluster.sandbox.nodes[0], "cluster", "Members.cluster.talos.dev"),
  ];

  const named = "---\napiVersion: v1alpha1\nkind: HostnameConfig\nhostname: bob\n";
  await cluster.apply(await cluster.patched(`${sysctls}\n${named}`));
  for (const stop of stops) stop?.();

  assert.deepEqual(seen.sort(), [
    "CREATED KernelParamStatuses proc.sys.net.core.somaxconn 1",
    "CREATED Members bob 1",
    "DESTROYED Members talos-default-worker-1 1",
    "UPDATED HostnameStatuses hostname 2",
    "UPDATED MachineConfigs persistent 2",
    "UPDATED MachineConfigs v1alpha1 2",
  ]);
});

Deno.test("the kubelet restarts when it is told something else, and only then", async () => {
  await using cluster = await openCluster();
  const { events } = cluster.node.services.get("kubelet") ?? fail();
  const messages = () =>
    cluster.node.services.get("kubelet")?.events.slice(events.length).map(({ message }) => message);

  await cluster.apply(await cluster.patched(sysctls));
  const afterSysctl = messages();
  await cluster.apply(
    await cluster.patched(
      "machine: {}\n---\napiVersion: v1alpha1\nkind: KubeletConfig\nextraArgs: {v: '4'}\n",
    ),
  );

  assert.deepEqual(afterSysctl, []);
  assert.match(messages()?.[0] ?? "", /^Sending SIGTERM to task kubelet /);
  assert.equal(messages()?.at(-1), "Health check successful");
});

Deno.test("a staged configuration counts after the next boot", async () => {
  await using cluster = await openCluster();
  await cluster.apply(await cluster.patched(sysctls), { mode: "STAGED" });
  const before = hasSysctl(cluster.node);

  cluster.node.lifecycle.start("reboot", crypto.randomUUID(), { rebootMode: "FORCE" });
  for (let second = 0; second < 20; second++) {
    cluster.clock.advance(1000);
    await settled();
  }

  assert.deepEqual(before, [false, true]);
  assert.deepEqual(hasSysctl(cluster.node), [true, true]);
});

Deno.test("apply-config --insecure makes a node in maintenance mode a member that is reached with credentials", async () => {
  await using cluster = await openCluster({ maintenance: 1 });
  const { sandbox, clock, talosconfigPath } = cluster;
  const target = { talosconfigPath, clock };
  const endpoint = sandbox.maintenanceEndpoints[0] ?? "";
  const file = `${talosconfigPath}.yaml`;
  await Deno.writeTextFile(
    file,
    await cluster.patched("{apiVersion: v1alpha1, kind: HostnameConfig, hostname: fresh}"),
  );
  const line = `apply-config --insecure -n ${endpoint} -f ${file}`;

  const dryRun = await talosctl(target, `${line} --dry-run`);
  const applied = await talosctl(target, line);
  for (let second = 0; second < 10; second++) {
    clock.advance(1000);
    await settled();
  }
  const hostname = await talosctl(target, "-n 10.5.0.4 get hostname -o jsonpath={.spec.hostname}");

  assert.match(
    dryRun.stderr,
    /Config diff:\n\n--- a\n\+\+\+ b\n@@ -0,0 \+1,\d+ @@\n\+version: v1alpha1\n(\+.*\n)+\n$/,
  );
  assert.deepEqual(applied, {
    code: 0,
    stdout: "",
    stderr: "Applied configuration without a reboot\n",
  });
  assert.deepEqual([hostname.code, hostname.stdout.trim(), hostname.stderr], [0, "fresh", ""]);
  assert.match(await cluster.get("members"), / fresh +1 +fresh +worker /);
  assert.deepEqual(sandbox.maintenanceEndpoints, []);
});

Deno.test("a configuration that is not complete is kept, and maintenance goes on", async () => {
  await using sandbox = await startSandbox({ maintenance: 1, seed: 1 });
  await using client = sandboxClient(sandbox);
  const node = sandbox.nodes[1] ?? fail();
  const data = new TextEncoder().encode(
    "apiVersion: v1alpha1\nkind: KmsgLogConfig\nname: a\nurl: udp://10.3.7.3:810\n",
  );

  const { status } = await client.call("machine.MachineService", "ApplyConfiguration", {
    endpoint: sandbox.maintenanceEndpoints[0] ?? "",
    certificate: null,
    request: { data, mode: "REBOOT" },
  });

  assert.equal(status, "OK: ");
  assert.equal(node.stage, "maintenance");
  assert.match(node.disk.config?.text ?? "", /KmsgLogConfig/);
  assert.equal(sandbox.maintenanceEndpoints.length, 1);
});

Deno.test("the first configurations hold the cluster's own authorities", async () => {
  await using sandbox = await startSandbox({ seed: 1, workers: 1 });
  const [first, second] = sandbox.nodes.map(({ config }) => config?.text ?? "");
  const { certificatePem, keyPem } = await sandbox.pki.authority();

  assert.ok(first?.includes(`crt: ${btoa(certificatePem)}\n        key: ${btoa(keyPem)}\n`));
  assert.ok(second?.includes(`crt: ${btoa(certificatePem)}\n        key: ""\n`));
  assert.match(first ?? "", /endpoint: https:\/\/10\.5\.0\.2:6443\n/);
  assert.match(second ?? "", /auto: 'off'\nhostname: talos-default-worker-1\n/);
});

Deno.test("patches of a sandbox go to the nodes that they are for", async () => {
  await using sandbox = await startSandbox({
    workers: 1,
    seed: 1,
    configPatches: {
      common: ["machine: {sysctls: {vm.swappiness: '1'}}"],
      controlPlane: ["machine: {certSANs: [cp.example.org]}"],
      worker: ["machine: {certSANs: [worker.example.org]}"],
    },
  });
  const shown = sandbox.nodes.map(({ config }) =>
    ["swappiness", "cp.example", "worker.example"].filter((word) => config?.text.includes(word))
  );

  assert.deepEqual(shown, [["swappiness", "cp.example"], ["swappiness", "worker.example"]]);
});

Deno.test("a sandbox is not started with a patch that does not apply, or makes no valid configuration", async () => {
  const start = (patch: string) => startSandbox({ configPatches: { worker: [patch] } });

  await assert.rejects(start("machine: {nonsense: 1}"), /unknown keys found during decoding/);
  await assert.rejects(
    start("machine: {type: nonsense}"),
    /^CliError: worker configuration: 1 error/,
  );
});
