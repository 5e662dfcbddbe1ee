/** Comments in generated configurations: what is said on each field, and where it stands (spec/machine-config.md, 7.2). */

import assert from "node:assert/strict";
import tableText from "../../core/machine_config/data/field_docs.json" with { type: "text" };
import schemaText from "../../core/machine_config/data/schema.json" with { type: "text" };
import { writeCommentedConfig } from "../../core/machine_config/commented.ts";
import { encode, writeConfig } from "../../core/machine_config/encode.ts";
import { decodeNode } from "../../core/machine_config/decode.ts";
import { fieldDoc } from "../../core/machine_config/field_docs.ts";
import { fromJson } from "../../core/machine_config/json_value.ts";
import { loadConfig } from "../../core/machine_config/load.ts";
import { fieldsOf, itemType, pointerOf, valueType } from "../../core/machine_config/schema.ts";
import type { ConfigDocument } from "../../core/machine_config/value.ts";
import { validateConfig } from "../../core/machine_config/validate/validate.ts";
import { toGoYaml } from "../../core/output/go_yaml.ts";
import type { Problems } from "../../core/yaml/decode.ts";
import { parseFirstDocument } from "../../core/yaml/parse_document.ts";

const table: {
  structs: Record<string, Record<string, string | { text: string }>>;
  includes: Record<string, string>;
} = JSON.parse(tableText);
const schema: {
  mainStruct: string;
  kinds: Record<string, { struct: string }>;
  structs: Record<string, unknown>;
} = JSON.parse(schemaText);

const both = { docs: true, examples: true };
const docsOnly = { docs: true, examples: false };
const examplesOnly = { docs: false, examples: true };

/** The fields that are in data/config-fields.json and no longer in data/config-schema.json. */
const deprecated: Readonly<Record<string, string>> = {
  "v1alpha1.Config": "persist",
  "v1alpha1.MachineConfig":
    "controlPlane kubelet pods network disks install files env time sysctls sysfs registries " +
    "systemDiskEncryption udev kernel baseRuntimeSpecOverrides nodeLabels nodeAnnotations nodeTaints",
  "v1alpha1.ClusterConfig":
    "id secret controlPlane clusterName network aescbcEncryptionSecret secretboxEncryptionSecret ca " +
    "acceptedCAs aggregatorCA serviceAccount apiServer controllerManager proxy scheduler discovery " +
    "coreDNS extraManifests extraManifestHeaders inlineManifests allowSchedulingOnMasters " +
    "allowSchedulingOnControlPlanes",
  "v1alpha1.EtcdConfig": "subnet",
  "v1alpha1.FeaturesConfig":
    "rbac stableHostname kubernetesTalosAPIAccess apidCheckExtKeyUsage kubePrism hostDNS imageCache",
};

/**
 * What is not reached but through deprecated fields has no texts either, nor have the parts of a
 * certificate with its key, which the specification counts as one scalar (7.3).
 */
function reachableFields(): string[] {
  const structs = [schema.mainStruct, ...Object.values(schema.kinds).map(({ struct }) => struct)];
  const fields = new Set<string>();
  const seen = new Set<string>();
  for (let struct = structs.shift(); struct !== undefined; struct = structs.shift()) {
    if (seen.has(struct)) continue;
    seen.add(struct);
    for (const [key, { type }] of fieldsOf(struct) ?? []) {
      if (deprecated[struct]?.split(" ").includes(key) === true) continue;
      if (key !== "apiVersion" && key !== "kind") fields.add(`${struct}.${key}`);
      const inner = innermost(type);
      if (fieldsOf(inner) !== undefined && !inner.startsWith("x509.")) structs.push(inner);
    }
  }
  return [...fields].sort();
}

function innermost(type: string): string {
  const { type: target } = pointerOf(type);
  const inner = itemType(target) ?? valueType(target);
  return inner === undefined ? target : innermost(inner);
}

/** All fields with examples, also those that a struct takes from a common one. */
function fieldsWithExamples() {
  return Object.keys(schema.structs).flatMap((struct) =>
    [...(fieldsOf(struct) ?? [])].flatMap(([key, { type }]) => {
      const examples = fieldDoc(struct, key)?.examples ?? [];
      return examples.map(({ value }) => ({ struct, key, type, value }));
    })
  );
}

Deno.test("every field that is not deprecated has a text, and no other field has one", () => {
  const structs = Object.keys(schema.structs);
  const documented = structs.flatMap((struct) =>
    [...(fieldsOf(struct)?.keys() ?? [])]
      .filter((key) => fieldDoc(struct, key) !== undefined)
      .map((key) => `${struct}.${key}`)
  );
  const common = new Set(Object.values(table.includes));
  const own = documented.filter((field) => !common.has(field.slice(0, field.lastIndexOf("."))));

  assert.deepEqual(own.sort(), reachableFields());
  for (const [struct, fields] of Object.entries(table.structs)) {
    for (const key of Object.keys(fields)) {
      assert.ok(fieldsOf(struct)?.has(key), `${struct}.${key} is in the table only`);
    }
  }
});

Deno.test("texts are one line of at most 100 characters, without a full stop", () => {
  for (const [struct, fields] of Object.entries(table.structs)) {
    for (const [key, entry] of Object.entries(fields)) {
      const text: string = typeof entry === "string" ? entry : entry.text;
      assert.match(text, /^[A-Z`].{2,99}(?<![.\s])$/, `${struct}.${key}`);
    }
  }
});

Deno.test("every example is a value of its field, as it would be written back", async () => {
  for (const { struct, key, type, value } of fieldsWithExamples()) {
    const field = `${struct}.${key}`;
    const written = toGoYaml(encode(fromJson(value), type, (encoded) => encoded));
    const problems: Problems = [];
    const node = await parseFirstDocument(written);
    assert.ok(node !== undefined, field);

    const decoded = decodeNode(node, type, problems);

    assert.deepEqual({ problems, unknown: decoded.unknown }, { problems: [], unknown: undefined });
    const again = toGoYaml(encode(decoded.value, type, (encoded) => encoded));
    assert.equal(again, written, field);
  }
});

const goldenFiles = [
  "gen-config-current/out/out/controlplane.yaml",
  "gen-config-current/out/out/worker.yaml",
  "gen-config-current-flags/out/out/controlplane.yaml",
  "gen-config-current-flags/out/out/worker.yaml",
  "gen-config-v1.12-kubespan-sans/out/out/controlplane.yaml",
  "gen-config-v1.10/out/out/controlplane.yaml",
  "gen-config-v1.2/out/out/worker.yaml",
];

async function loadGolden(file: string): Promise<ConfigDocument[]> {
  const text = await Deno.readTextFile(
    new URL(`../golden/machine_config/${file}`, import.meta.url),
  );
  return await loadConfig(text.replaceAll("<RANDOM>", "LS0tLS0="));
}

/** Kinds that `gen config` does not write, with as little in them as validation takes. */
const smallDocuments: Readonly<Record<string, string>> = {
  BGPInstanceConfig: "name: main\nlocalASN: 64513",
  BondConfig: "name: bond0\nbondMode: active-backup\nlinks: [enp1s2, enp1s3]",
  BridgeConfig: "name: br0",
  CRIBaseRuntimeSpecConfig: "",
  ContainerConfig: "name: agent\nimage: registry.example.org/agent@sha256:ab",
  DHCPv4Config: "name: enp0s1",
  DHCPv6Config: "name: enp0s1",
  ExistingVolumeConfig: "name: old\ndiscovery: {volumeSelector: {match: 'volume.size > 1u'}}",
  ExtensionServiceConfig: "name: agent\nenvironment: [A=b]",
  HTTPProbeConfig: "name: probe\nurl: https://example.org",
  ImageVerificationConfig: "",
  LinkAliasConfig: "name: alias\nselector: {match: 'link.driver == \"e1000\"'}",
  LinkConfig: "name: enp0s1",
  LVMLogicalVolumeConfig: "name: lv\ntype: raid10\nprovisioning: {volumeGroup: vg, maxSize: 1GiB}",
  OOMConfig: "sampleInterval: 1s",
  RawVolumeConfig: "name: raw\nprovisioning: {diskSelector: {match: system_disk}, minSize: 1GiB}",
  RegistryMirrorConfig: "name: docker.io",
  RegistryTLSConfig: "name: registry.example.org",
  RoutingRuleConfig: "name: '100'\ntable: '100'",
  SwapVolumeConfig: "name: swap\nprovisioning: {diskSelector: {match: system_disk}, minSize: 1GiB}",
  TimeSyncConfig: "",
  UserVolumeConfig: "name: data\nprovisioning: {diskSelector: {match: system_disk}, minSize: 1GiB}",
  VLANConfig: "name: enp0s1.1\nvlanID: 1\nparent: enp0s1",
  VRFConfig: "name: vrf-blue\ntable: '100'",
  VethConfig: "name: veth0\npeer: {name: veth1}",
  WatchdogTimerConfig: "device: /dev/watchdog0",
  WireguardConfig: "name: wg0\nprivateKey: YHJvYW0gdGhlIGxvbmVseSBtb3VudGFpbiByaWRnZXM=",
  ZswapConfig: "",
};

/** Examples that only fit documents with another setting, and how to get there. */
const conditions: Readonly<Record<string, readonly [key: string, value: string | number]>> = {
  "HostnameConfig.hostname": ["auto", "off"],
  "DHCPv4Config.duidRaw": ["clientIdentifier", "duid"],
  "DHCPv6Config.duidRaw": ["clientIdentifier", "duid"],
  "RoutingRuleConfig.fwMask": ["fwMark", 256],
};

Deno.test("a document with an example in it passes validation", async () => {
  const small = Object.entries(smallDocuments).map(([kind, body]) =>
    `apiVersion: v1alpha1\nkind: ${kind}\n${body}\n`
  );
  const documents = [
    ...await loadGolden("gen-config-current/out/out/controlplane.yaml"),
    ...await loadConfig(small.join("---\n")),
  ];
  for (const document of documents.filter(({ kind }) => kind !== "")) {
    const expected = await errorsOf(document);
    for (const [key] of fieldsOf(document.struct) ?? []) {
      for (const { value } of fieldDoc(document.struct, key)?.examples ?? []) {
        const changed = new Map(document.value).set(key, fromJson(value));
        const condition = conditions[`${document.kind}.${key}`];
        if (condition !== undefined) changed.set(...condition);

        const errors = await errorsOf({ ...document, value: changed });

        assert.deepEqual(errors, expected, `${document.kind}.${key}`);
      }
    }
  }
});

async function errorsOf(document: ConfigDocument): Promise<readonly string[]> {
  const { errors } = await validateConfig([document], { mode: "cloud", isStrict: false });
  return errors.filter((text) => !text.startsWith("the following document kinds"));
}

for (const file of goldenFiles) {
  Deno.test(`comments leave what ${file} says as it is`, async () => {
    const documents = await loadGolden(file);
    const plain = writeConfig(documents);

    for (const options of [both, docsOnly, examplesOnly]) {
      const commented = writeCommentedConfig(documents, options);

      assert.notEqual(commented, plain);
      assert.equal(writeConfig(await loadConfig(commented)), plain);
      assert.doesNotMatch(commented, /[ \t]$/m);
    }
    assert.equal(writeCommentedConfig(documents, { docs: false, examples: false }), plain);
  });
}

/** One document with a kind, and what is written of it, without the first two lines. */
async function writeDocument(kind: string, body: string, options = both): Promise<string> {
  const documents = await loadConfig(`apiVersion: v1alpha1\nkind: ${kind}\n${body}`);
  const [first, second, ...lines] = writeCommentedConfig(documents, options).split("\n");
  assert.deepEqual([first, second], ["apiVersion: v1alpha1", `kind: ${kind}`]);
  return lines.join("\n");
}

/** The text of a field, so that layouts do not repeat what the table says. */
function text(field: string): string {
  const cut = field.lastIndexOf(".");
  const doc = fieldDoc(field.slice(0, cut), field.slice(cut + 1));
  assert.ok(doc !== undefined, field);
  return doc.text;
}

Deno.test("texts stand beside scalars and above mappings and lists, also in list items", async () => {
  const body = "name: r\nendpoints: [{url: https://a}, {url: https://b, overridePath: false}]\n";

  const written = await writeDocument("RegistryMirrorConfig", body, docsOnly);

  const url = text("cri.RegistryEndpoint.url");
  assert.equal(
    written,
    `\
name: r # ${text("cri.RegistryMirrorConfigV1Alpha1.name")}
# ${text("cri.RegistryMirrorConfigV1Alpha1.endpoints")}
endpoints:
    - url: https://a # ${url}
    - url: https://b # ${url}
      overridePath: false # ${text("cri.RegistryEndpoint.overridePath")}
`,
  );
});

Deno.test("a text on the first key of a list item stands beside the dash", async () => {
  const body = "rules: [{publicKey: {certificate: c}}]\n";

  const written = await writeDocument("ImageVerificationConfig", body, docsOnly);

  assert.equal(
    written,
    `\
# ${text("security.ImageVerificationConfigV1Alpha1.rules")}
rules:
    - # ${text("security.ImageVerificationRuleV1Alpha1.publicKey")}
      publicKey:
        certificate: c # ${text("security.ImagePublicKeyVerifierV1Alpha1.certificate")}
`,
  );
});

Deno.test("a text on a literal block stands on the line that opens it", async () => {
  const body = "name: m\nmanifest: |+\n  a: 1\n\n";

  const written = await writeDocument("KubeInlineManifestConfig", body, docsOnly);

  assert.equal(
    written,
    `\
name: m # ${text("k8s.KubeInlineManifestConfigV1Alpha1.name")}
manifest: |+ # ${text("k8s.KubeInlineManifestConfigV1Alpha1.manifest")}
    a: 1

`,
  );
});

Deno.test("examples of what is left out follow the last key, in the order of the fields", async () => {
  const written = await writeDocument("UnattendedInstallConfig", "installer: {image: i}\n");

  assert.equal(
    written,
    `\
# ${text("runtime.UnattendedInstallConfigV1Alpha1.installer")}
installer:
    image: i # ${text("runtime.InstallerSpec.image")}
# ${text("runtime.UnattendedInstallConfigV1Alpha1.provisioning")}
provisioning: {}
#   # ${text("runtime.ProvisioningSpec.diskSelector")}
#   diskSelector:
#       match: disk.transport == "nvme" # ${text("runtime.DiskSelectorSpec.match")}

#   # ${text("runtime.ProvisioningSpec.wipe")}
#   wipe: true

# # ${text("runtime.UnattendedInstallConfigV1Alpha1.reboot")}
# reboot: true
`,
  );
});

Deno.test("an inner struct's examples stand at its indent, and a free map's entries have no texts", async () => {
  const written = await writeDocument("KubeNodeConfig", "labels: {a: b}\n", examplesOnly);

  assert.equal(
    written,
    `\
nodeIP: {}
#   validSubnets:
#       - 10.0.0.0/8
#       - '!10.0.0.3/32'

labels:
    a: b

# skipNodeRegistration: true

# registerWithFQDN: true

# annotations:
#     example.org/rack: r12

# taints:
#     example.org/dedicated: gpu:NoSchedule
`,
  );
});

Deno.test("a named example is told by its name, after the text and without a second text", async () => {
  const body =
    "name: STATE\nprovisioning: {minSize: 1GiB}\nfilesystem: {xfs: {minAllocationGroupSize: 1GiB}}\n";

  const written = await writeDocument("VolumeConfig", body);

  const start = written.indexOf(`# # ${text("block.VolumeConfigV1Alpha1.encryption")}`);
  const end = written.indexOf(`# # ${text("block.VolumeConfigV1Alpha1.mount")}`);
  const keys = text("block.EncryptionSpec.keys");
  const provider = `provider: luks2 # ${text("block.EncryptionSpec.provider")}`;
  const slot = `slot: 0 # ${text("block.EncryptionKey.slot")}`;
  assert.equal(
    written.slice(start, end),
    `\
# # ${text("block.VolumeConfigV1Alpha1.encryption")}
# # With a key that the machine derives from its UUID
# encryption:
#     ${provider}
#     # ${keys}
#     keys:
#         - ${slot}
#           # ${text("block.EncryptionKey.nodeID")}
#           nodeID: {}

# # With a key that the TPM seals
# encryption:
#     ${provider}
#     # ${keys}
#     keys:
#         - ${slot}
#           # ${text("block.EncryptionKey.tpm")}
#           tpm: {}

`,
  );
});

Deno.test("the main document has no texts on deprecated fields, and examples below an empty list", async () => {
  const main = "version: v1alpha1\ndebug: false\npersist: true\n" +
    "machine: {type: worker, kubelet: {image: k}, features: {rbac: true}}\ncluster: null\n";

  const written = writeCommentedConfig(await loadConfig(main), both);

  const machine = "v1alpha1.MachineConfig";
  const [beforeExamples] = written.split("\n\n    # # ");
  assert.equal(
    beforeExamples,
    `\
version: v1alpha1 # ${text("v1alpha1.Config.version")}
debug: false # ${text("v1alpha1.Config.debug")}
persist: true
# ${text("v1alpha1.Config.machine")}
machine:
    type: worker # ${text(`${machine}.type`)}
    token: "" # ${text(`${machine}.token`)}
    # ${text(`${machine}.certSANs`)}
    certSANs: []
    #   - 10.0.0.10
    #   - controlplane1.example.org

    kubelet:
        image: k
    # ${text(`${machine}.features`)}
    features:
        rbac: true

        # # ${text("v1alpha1.FeaturesConfig.diskQuotaSupport")}
        # diskQuotaSupport: true

        # # ${text("v1alpha1.FeaturesConfig.nodeAddressSortAlgorithm")}
        # nodeAddressSortAlgorithm: v2`,
  );
  assert.match(written, /\n {4}# seccompProfiles:\n( {4}# {2}.*\n)+cluster: null # /);
});

Deno.test("empty lists that are kept, and registries, are written only beside comments", async () => {
  const main = "version: v1alpha1\nmachine:\n    type: worker\n    token: t\n    certSANs: [a]\n" +
    "    registries: {mirrors: {}}\n    seccompProfiles: []\ncluster:\n    extraManifests: []\n";
  const documents = await loadConfig(main);

  const written = writeCommentedConfig(documents, { docs: true, examples: false });

  const withoutTexts = written.replaceAll(/^ *# .*\n| # .*$/gm, "");
  assert.equal(
    withoutTexts,
    `\
version: v1alpha1
machine:
    type: worker
    token: t
    certSANs:
        - a
    registries: {}
    seccompProfiles: []
cluster:
    extraManifests: []
`,
  );
  assert.doesNotMatch(writeConfig(documents), /registries|seccompProfiles|extraManifests/);
});

Deno.test("examples after a block that keeps its newlines do not add one to it", async () => {
  const body = "name: r\nca: |+\n  a\n\n\n";
  const load = async (text: string) => (await loadConfig(text)).map(({ value }) => value.get("ca"));

  const written = await writeDocument("RegistryTLSConfig", body, examplesOnly);

  assert.equal(
    written,
    `\
name: r
ca: |+
    a


#
# clientIdentity:
#     cert: |
#         -----BEGIN CERTIFICATE-----
#         ...
#         -----END CERTIFICATE-----
#     key: |
#         -----BEGIN PRIVATE KEY-----
#         ...
#         -----END PRIVATE KEY-----

# insecureSkipVerify: true
`,
  );
  assert.deepEqual(await load("apiVersion: v1alpha1\nkind: RegistryTLSConfig\n" + written), [
    "a\n\n\n",
  ]);
});
