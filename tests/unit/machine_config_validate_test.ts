/** What documents are told by `validate`, kind by kind (spec/machine-config.md, 12.3 and 12.4). */

import assert from "node:assert/strict";
import { loadConfig } from "../../core/machine_config/load.ts";
import { validateConfig } from "../../core/machine_config/validate/validate.ts";
import { runProgram } from "../talosctl.ts";

const cases = [
  ["BlackholeRouteConfig", "name: foo", [
    "name must be a valid address prefix: netip.ParsePrefix(\"foo\"): no '/'",
  ]],
  [
    "BondConfig",
    "name: b\nlinks: [x]\nbondMode: 802.3ad\nmiimon: 1\nupdelay: 1\ndowndelay: 1\nprimary: y",
    [
      'primary link "y" is not in the list of bonded links',
      'primary link is not supported in "802.3ad" bond mode',
    ],
  ],
  ["VethConfig", "name: v\npeer: {name: v}", ["name and peer name must be different"]],
  ["VLANConfig", "name: v", [
    "vlanID must be specified and between 1 and 4094",
    "parent must be specified",
  ]],
  ["VRFConfig", "name: v\ntable: main", ["cannot create vrf with reserved table main"]],
  ["HTTPProbeConfig", "name: p\nurl: ftp://x/", [
    'HTTP probe URL scheme must be http or https, got "ftp"',
  ]],
  ["RoutingRuleConfig", "name: '32766'\nfwMask: 1", [
    "priority must be between 1 and 32765 (excluding reserved priorities [0 32500 32766 32767])",
    "either table or a non-unicast action must be specified",
    "fwMask requires fwMark to be set",
  ]],
  ["StaticHostConfig", "name: x", [
    "name must be a valid IP address",
    "at least one hostname is required",
  ]],
  ["RawVolumeConfig", "name: r", ["disk selector is required", "min size or max size is required"]],
  ["VolumeConfig", "name: STATE\nprovisioning: {minSize: 1GiB}", [
    'provisioning config is not allowed for the "STATE" volume',
  ]],
  [
    "LVMLogicalVolumeConfig",
    "name: l\ntype: linear\nmirrors: 0\nprovisioning: {volumeGroup: g, maxSize: 1GiB}",
    [
      "mirrors is only valid for raid1/raid10, not linear",
      "mirrors must be at least 1",
    ],
  ],
  ["KubeletConfig", "config: {port: 1}", [
    "kubelet image cannot be empty",
    'kubelet configuration field "port" can\'t be overridden',
  ]],
  ["KubeClusterConfig", "clusterName: c\nendpoint: https://a:0", [
    "cluster endpoint is invalid: port number must be between 1 and 65535",
  ]],
  ["KubePrismConfig", "port: 0", ["invalid port 0: must be in range 1-65535"]],
  ["KubeNetworkConfig", "podSubnets: [10.0.0.0/25]\nserviceSubnets: [10.0.0.0/11]", [
    "pod subnets: invalid subnet: 10.0.0.0/25 is smaller than the per-node pod CIDR mask size /24",
    "service subnets: invalid subnet: 10.0.0.0/11 is too large, it must be at least /12 " +
    "(at most 20 host identifier bits)",
  ]],
  ["KubeAdmissionControlConfig", "name: ''", ["admission control plugin name is required"]],
  ["EtcFileConfig", "name: cri/x\nmode: 0o644\ncontents: a", [
    'user etc file "cri/x" is managed by Talos',
  ]],
  ["KmsgLogConfig", "name: k\nurl: tcp://h", ["url port is required"]],
  ["WatchdogTimerConfig", "device: /dev/w\ntimeout: 5s", [
    "watchdog timeout: minimum value is 10s",
  ]],
  ["SideroLinkConfig", "apiUrl: http://h", ["apiUrl scheme must be https:// or grpc://"]],
  ["RegistryMirrorConfig", "name: r\nendpoints: [{url: ftp://x}]", [
    'endpoints[0].url has unsupported scheme: "ftp"',
  ]],
  [
    "ContainerConfig",
    "name: c\nimage: a@sha256:b\nmounts: [{tmpfs: {destination: a}}]\ndependsOn: {containers: [c]}",
    [
      'mounts[0]: tmpfs.destination "a" must be an absolute path',
      'container "c" cannot depend on itself',
    ],
  ],
  ["ImageVerificationConfig", "rules: [{image: a/b}]", [
    "rule 0: at least one verifier must be configured",
  ]],
] as const;

const controlPlaneOnly = "the following document kinds are only allowed on control plane machines";

for (const [kind, body, expected] of cases) {
  Deno.test(`validate names all that is wrong with a ${kind}`, async () => {
    const documents = await loadConfig(`apiVersion: v1alpha1\nkind: ${kind}\n${body}\n`);

    const { errors } = await validateConfig(documents, { mode: "metal", isStrict: false });

    const [name] = documents.map((document) => document.name);
    const label = name === "" ? kind : `${kind}/${name}`;
    const own = errors.filter((text) => !text.startsWith(controlPlaneOnly));
    assert.deepEqual(own, [`${label}: ${expected.join("\n")}`]);
  });
}

Deno.test("validate finds containers that wait for each other, and KubeSpan without discovery", async () => {
  const container = (name: string, other: string) =>
    `apiVersion: v1alpha1\nkind: ContainerConfig\nname: ${name}\nimage: a@sha256:b\n` +
    `dependsOn: {containers: [${other}]}\n---\n`;
  const kubespan = "apiVersion: v1alpha1\nkind: KubeSpanConfig\nenabled: true\n";
  const documents = await loadConfig(container("b", "a") + container("a", "b") + kubespan);

  const { errors } = await validateConfig(documents, { mode: "cloud", isStrict: false });

  assert.deepEqual(errors, [
    "container dependsOn cycle detected: a -> b -> a",
    "KubeSpan requires cluster discovery to be enabled",
  ]);
});

Deno.test("validate prints what it found as JSON too, and still fails", async () => {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, "apiVersion: v1alpha1\nkind: KubePrismConfig\nport: 0\n");

  const { code, stdout } = await runProgram(["validate", "-c", path, "-m", "cloud", "-o", "json"]);

  const text = "invalid port 0: must be in range 1-65535";
  const found = {
    config: path,
    mode: "cloud",
    isValid: false,
    errors: [`KubePrismConfig: ${text}`],
    warnings: [],
    problems: [{
      severity: "error",
      text,
      document: { kind: "KubePrismConfig", name: "" },
      line: 1,
      column: 1,
    }],
  };
  assert.deepEqual({ code, found: JSON.parse(stdout) }, { code: 1, found });
  await Deno.remove(path);
});

/** What `validate` prints for a configuration of these documents. */
async function validated(documents: readonly string[], mode = "cloud") {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, documents.join("---\n"));
  const outcome = await runProgram(["validate", "-c", path, "-m", mode]);
  await Deno.remove(path);
  return outcome;
}

const withProblem = "apiVersion: v1alpha1\nkind: KubePrismConfig\nport: 0\n";
const withWarning =
  "apiVersion: v1alpha1\nkind: BondConfig\nname: b\nlinks: [x]\nbondMode: 802.3ad\n";
/** As long as many documents of a large configuration, which is read one by one. */
const hosts = Array.from(
  { length: 200 },
  (_, index) =>
    `apiVersion: v1alpha1\nkind: StaticHostConfig\nname: 10.0.0.${index}\nhostnames: [h]\n`,
);

for (const others of [[], hosts]) {
  const size = others.length === 0 ? "small" : "large";

  Deno.test(`validate says of a ${size} file that cannot be loaded only why, whatever else is wrong in it`, async () => {
    const cases = [
      ["name: [\n", /^decode error: go-yaml load error in parser /],
      [
        "apiVersion: v1alpha1\nkind: DummyLinkConfig\nname: d\nmtu: x\n",
        /^error decoding document v1alpha1\/DummyLinkConfig\/d \(line \d+\): /,
      ],
      [withProblem, /^duplicate document v1alpha1\/KubePrismConfig\/ is not allowed \(line \d+\)$/],
      [
        "apiVersion: v1alpha1\nkind: LinkConfig\nname: b\n",
        /^conflicting documents: BondConfig\/b and LinkConfig\/b$/,
      ],
    ] as const;
    for (const [last, expected] of cases) {
      for (const mode of ["cloud", "moon"]) {
        const { code, stdout, stderr } = await validated(
          [withProblem, withWarning, ...others, last],
          mode,
        );

        assert.match(stderr.trimEnd(), expected);
        assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
      }
    }
  });

  Deno.test(`validate says that documents of a ${size} file exclude each other only when all can be decoded`, async () => {
    const peer = "apiVersion: v1alpha1\nkind: VethConfig\nname: v\npeer: {name: b}\n";
    const unknown = "apiVersion: v1alpha1\nkind: KubeNope\n";

    const [alone, followed] = [
      await validated([withWarning, peer, ...others]),
      await validated([withWarning, peer, ...others, unknown]),
    ];

    assert.equal(
      alone.stderr,
      'conflicting link configurations: BondConfig/b and VethConfig/v both configure "b"\n',
    );
    assert.match(followed.stderr, /^error decoding document v1alpha1\/KubeNope\/ /);
  });

  Deno.test(`validate compares documents with a main document that comes last in a ${size} file`, async () => {
    const main = `\
machine:
  type: worker
  ca: {crt: YQ==}
  systemDiskEncryption: {ephemeral: {provider: luks2, keys: [{slot: 0, tpm: {}}]}}
  network: {hostname: w1}
cluster:
  controlPlane: {endpoint: "https://10.5.0.2:6443"}
`;
    const volume = (name: string) =>
      `apiVersion: v1alpha1\nkind: VolumeConfig\nname: ${name}\n` +
      "encryption: {provider: luks2, keys: [{slot: 0, tpm: {}}]}\n";
    const hostname = "apiVersion: v1alpha1\nkind: HostnameConfig\nhostname: w2\n";

    const { code, stderr } = await validated([
      volume("STATE"),
      volume("EPHEMERAL"),
      hostname,
      withProblem,
      ...others,
      main,
    ]);

    const texts = stderr.split("\n").filter((line) => line.startsWith("\t* "));
    assert.deepEqual(texts, [
      "\t* KubePrismConfig: invalid port 0: must be in range 1-65535",
      '\t* system disk encryption for "EPHEMERAL" is configured in both v1alpha1.Config and VolumeConfig',
      "\t* static hostname is already set in v1alpha1 config",
    ]);
    assert.equal(code, 1);
  });
}

Deno.test("a document is the same as another whether it says its name itself or by a merge", async () => {
  const link = (name: string) => `apiVersion: v1alpha1\nkind: DummyLinkConfig\n${name}\n`;

  const outcomes = [
    await validated([link("<<: {name: a}"), link("name: a")]),
    await validated([link("name: a"), link("<<: {name: a}")]),
    await validated([link("<<: {name: a}"), link("<<: {name: b}")]),
  ];

  assert.deepEqual(outcomes.map(({ stderr }) => stderr), [
    "duplicate document: DummyLinkConfig/a\n",
    "duplicate document: DummyLinkConfig/a\n",
    "duplicate document v1alpha1/DummyLinkConfig/ is not allowed (line 5)\n",
  ]);
});

Deno.test("validate reads a file with characters that stand for unreadable ones, not one that is unreadable", async () => {
  const path = await Deno.makeTempFile();
  const text = "apiVersion: v1alpha1\nkind: DummyLinkConfig\nname: d # \uFFFD\n";
  const outcomes = [];
  for (const bytes of [new TextEncoder().encode(text), Uint8Array.of(0x61, 0xff)]) {
    await Deno.writeFile(path, bytes);
    outcomes.push(await runProgram(["validate", "-c", path, "-m", "metal"]));
  }
  await Deno.remove(path);

  assert.deepEqual(outcomes, [
    { code: 0, stdout: `${path} is valid for metal mode\n`, stderr: "" },
    {
      code: 1,
      stdout: "",
      stderr: "go-yaml load error in reader at <unknown position>: invalid UTF-8\n",
    },
  ]);
});
