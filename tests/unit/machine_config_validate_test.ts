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
