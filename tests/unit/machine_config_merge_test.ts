/** How a patch is merged into a configuration, rule by rule (spec/machine-config.md, 9.2 and 9.3). */

import assert from "node:assert/strict";
import { applyPatches } from "../../core/machine_config/apply_patches.ts";
import { loadPatches } from "../../core/machine_config/load_patch.ts";

/** A rule, a configuration, a patch, and the whole result. */
type Case = readonly [rule: string, config: string, patch: string, result: string];

const link = "apiVersion: v1alpha1\nkind: LinkConfig\nname: eth0\n";
const volume = "apiVersion: v1alpha1\nkind: UserVolumeConfig\nname: data\n";
const main = "machine:\n    type: worker\n    token: a\n    certSANs: []\n";

/** The main document as it is written, with what the test is about in the place of `cluster`. */
const written = (cluster: string) => `version: ""\n${main}cluster:${cluster}`;

const cases: readonly Case[] = [
  [
    "a number that is zero does not replace",
    `${link}mtu: 1400\n`,
    `${link}mtu: 0\n`,
    `${link}mtu: 1400\n`,
  ],
  [
    "an optional value that is false does",
    `${link}up: true\n`,
    `${link}up: false\n`,
    `${link}up: false\n`,
  ],
  [
    "lists are appended, also what is in both",
    "apiVersion: v1alpha1\nkind: UdevRulesConfig\nrules: [a, b]\n",
    "apiVersion: v1alpha1\nkind: UdevRulesConfig\nrules: [b]\n",
    "apiVersion: v1alpha1\nkind: UdevRulesConfig\nrules:\n    - a\n    - b\n    - b\n",
  ],
  [
    "maps merge by key, and keys are written in order",
    "apiVersion: v1alpha1\nkind: SysctlConfig\nparams: {b: '1', a: '2'}\n",
    "apiVersion: v1alpha1\nkind: SysctlConfig\nparams: {c: '3', a: '4'}\n",
    'apiVersion: v1alpha1\nkind: SysctlConfig\nparams:\n    a: "4"\n    b: "1"\n    c: "3"\n',
  ],
  [
    "subnets of pods are replaced as a whole",
    `${main}cluster: {network: {podSubnets: [10.1.0.0/16, 10.2.0.0/16]}}\n`,
    "cluster: {network: {podSubnets: [10.3.0.0/16]}}\n",
    written(
      '\n    network:\n        dnsDomain: ""\n        podSubnets:\n            - 10.3.0.0/16\n        serviceSubnets: []\n',
    ),
  ],
  [
    "arguments are replaced key by key, never appended",
    `${main}cluster: {apiServer: {extraArgs: {a: [x, y], b: z}}}\n`,
    "cluster: {apiServer: {extraArgs: {a: w}}}\n",
    written(
      "\n    apiServer:\n        extraArgs:\n            a: w\n            b: z\n",
    ),
  ],
  [
    "a least size is lost where the patch does not repeat it, a largest one stays",
    `${volume}provisioning: {minSize: 1GiB, maxSize: 2GiB}\n`,
    `${volume}volumeType: partition\n`,
    `${volume}volumeType: partition\nprovisioning:\n    maxSize: 2GiB\n`,
  ],
  [
    "what a patch deletes goes before it merges",
    `${link}mtu: 1400\nup: true\n`,
    `${link}up:\n  $patch: delete\nmtu: 1500\n`,
    `${link}mtu: 1500\n`,
  ],
  [
    "a document that is not there is added at the end",
    `${link}up: true\n`,
    "apiVersion: v1alpha1\nkind: LinkConfig\nname: eth1\nup: true\n",
    `${link}up: true\n---\napiVersion: v1alpha1\nkind: LinkConfig\nname: eth1\nup: true\n`,
  ],
];

for (const [rule, config, patch, result] of cases) {
  Deno.test(`a configuration is patched so that ${rule}`, async () => {
    assert.equal(await applyPatches(config, await loadPatches([patch])), result);
  });
}

const interfaces = (list: string) => `machine: {network: {interfaces: [${list}]}}\n`;

Deno.test("a patch finds an interface by its name, its selector, and a VLAN by its number", async () => {
  const config = interfaces(
    "{interface: eth0, mtu: 1, vlans: [{vlanId: 5, mtu: 1}]}, {deviceSelector: {driver: x}, mtu: 2}",
  );
  const patch = interfaces(
    "{deviceSelector: {driver: x}, mtu: 3}, {interface: eth0, vlans: [{vlanId: 5, mtu: 9}]}",
  );

  const patched = await applyPatches(config, await loadPatches([patch]));

  const expected = `\
            - interface: eth0
              vlans:
                - routes: []
                  vlanId: 5
                  mtu: 9
              mtu: 1
            - deviceSelector:
                driver: x
              mtu: 3
`;
  assert.equal(
    patched.slice(patched.indexOf("            - interface")).split("cluster")[0],
    expected,
  );
});

const refusals = [
  [
    "types that differ",
    "apiVersion: v1alpha1\nkind: KubeletConfig\nconfig: {a: {b: [1]}}\n",
    "apiVersion: v1alpha1\nkind: KubeletConfig\nconfig: {a: {b: 1}}\n",
    /merge map key map\[string\]interface \{\}\[a\]: merge type mismatch left \[\]interface \{\} right int$/,
  ],
  [
    "a deletion in a part that is not set",
    `${link}up: true\n`,
    `${link}routes: [{gateway: 10.0.0.1, $patch: delete}]\n`,
    /^named patch delete: document v1alpha1\/LinkConfig: failed to delete path 'routes\.\[0\]': lookup failed$/,
  ],
  [
    "documents that then exclude each other",
    `${link}up: true\n`,
    "apiVersion: v1alpha1\nkind: DummyLinkConfig\nname: eth0\n",
    /^conflicting documents: LinkConfig\/eth0 and DummyLinkConfig\/eth0$/,
  ],
  [
    "a deletion of a document without its kind",
    `${link}up: true\n`,
    "apiVersion: v1alpha1\n$patch: delete\n",
    /at line 1: missing kind in document for which \$patch: delete is used$/,
  ],
] as const;

for (const [what, config, patch, message] of refusals) {
  Deno.test(`a patch is refused for ${what}`, async () => {
    await assert.rejects(async () => applyPatches(config, await loadPatches([patch])), (error) => {
      assert.ok(error instanceof Error);
      assert.match(error.message, message);
      return true;
    });
  });
}
