/** What must hold for every configuration: it loads as it was written, patches can be repeated, nodes take it. */

import assert from "node:assert/strict";
import { CliError } from "../../core/errors.ts";
import { applyPatches } from "../../core/machine_config/apply_patches.ts";
import { writeCommentedConfig } from "../../core/machine_config/commented.ts";
import { writeConfig } from "../../core/machine_config/encode.ts";
import { loadConfig } from "../../core/machine_config/load.ts";
import { loadPatches } from "../../core/machine_config/load_patch.ts";
import { validateConfig } from "../../core/machine_config/validate/validate.ts";
import { parseVersionContract } from "../../core/machine_config/version_contract.ts";
import { generatedConfigs } from "../generated_configs.ts";
import { choose, mutate, randomNumbers } from "./random.ts";

const golden = new URL("../golden/machine_config/", import.meta.url);

/** The configurations that the golden cases start from and end with. */
function goldenConfigs(): [string, string][] {
  const paths = [...Deno.readDirSync(golden)].flatMap(({ name }) =>
    ["in/cfg.yaml", "in/p.yaml", "out/out/controlplane.yaml", "out/out/worker.yaml"]
      .map((path) => `${name}/${path}`)
  );
  return paths.flatMap((path): [string, string][] => {
    try {
      const text = Deno.readTextFileSync(new URL(path, golden));
      // Go's library breaks lines at U+2028 and reads them back together; what reads them here does not.
      return [[path, text.replaceAll("\\u2028", " ")]];
    } catch (error) {
      if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
        return [];
      }
      throw error;
    }
  });
}

async function reencode(text: string): Promise<string | undefined> {
  try {
    return writeConfig(await loadConfig(text));
  } catch (error) {
    if (error instanceof CliError) return undefined;
    throw error;
  }
}

Deno.test("generated configurations load as what they were written from, with comments and without", async () => {
  for (const { label, documents } of await generatedConfigs()) {
    const text = writeConfig(documents);
    const commented = writeCommentedConfig(documents, { docs: true, examples: true });

    assert.equal(await reencode(text), text, label);
    assert.equal(await reencode(commented), text, label);
  }
});

Deno.test("configurations of the golden cases are written the same from the second time on", async () => {
  let count = 0;
  for (const [path, text] of goldenConfigs()) {
    const once = await reencode(text);
    if (once === undefined) continue;
    count++;
    assert.equal(await reencode(once), once, path);
  }
  assert.ok(count > 40, `only ${count} configurations could be loaded`);
});

Deno.test("broken configurations are refused or written the same from the second time on", async () => {
  const texts = goldenConfigs().map(([, text]) => text).filter((text) => text.length < 20_000);
  const pieces = [
    "machine:",
    "---\n",
    "- ",
    "{",
    "]",
    "null",
    "0x10",
    "true",
    "&a ",
    "*a",
    "'",
  ] as const;
  let count = 0;
  for (let seed = 1; seed <= 1000; seed++) {
    const base = texts[randomNumbers(seed)(texts.length)] ?? "";
    const text = mutate(base, seed, pieces);
    const once = await reencode(text);
    if (once === undefined) continue;
    count++;
    assert.equal(await reencode(once), once, JSON.stringify(text));
  }
  assert.ok(count > 25, `only ${count} configurations could be loaded`);
});

/** Patches that say what is to be, and append to no list. */
const idempotentPatches = [
  "machine: {sysctls: {vm.max_map_count: '262144'}}",
  "machine: {network: {interfaces: [{interface: eth1, dhcp: true, mtu: 9000}]}}",
  "machine: {files: [], seccompProfiles: []}",
  "cluster: {allowSchedulingOnControlPlanes: true}",
  "apiVersion: v1alpha1\nkind: HostnameConfig\nauto: 'off'\nhostname: node-1\n",
  "apiVersion: v1alpha1\nkind: DummyLinkConfig\nname: dummy0\nup: true\n",
  "apiVersion: v1alpha1\nkind: DummyLinkConfig\nname: dummy0\n---\nmachine: {env: {A: b}}\n",
  "apiVersion: v1alpha1\nkind: KubeNodeConfig\nlabels: {rack: r1}\n",
  "apiVersion: v1alpha1\nkind: ResolverConfig\nhostDNS: {enabled: false, forwardKubeDNSToHost: false}\n",
] as const;

Deno.test("a patch that appends nothing gives the same twice as once", async () => {
  const configs = await generatedConfigs();
  for (let seed = 1; seed <= 150; seed++) {
    const random = randomNumbers(seed);
    const { label, documents } = configs[random(configs.length)] ?? assert.fail();
    const given = Array.from({ length: 1 + random(3) }, () => choose(random, idempotentPatches));
    const apply = async (text: string) => await applyPatches(text, await loadPatches(given));

    const once = await apply(writeConfig(documents));

    assert.equal(await apply(once), once, `${label}: ${JSON.stringify(given)}`);
  }
});

Deno.test("generated configurations are valid in every mode, in containers from 1.8 on", async () => {
  for (const { label, documents, talosVersion } of await generatedConfigs()) {
    const modes = ["metal", "cloud", "metal-agent"];
    // Before, cluster DNS was not forwarded to the host, which containers need.
    if (parseVersionContract(talosVersion).minor >= 8) modes.push("container");
    for (const mode of modes) {
      const { errors, warnings } = await validateConfig(documents, { mode, isStrict: true });
      assert.deepEqual({ errors, warnings }, { errors: [], warnings: [] }, `${label} for ${mode}`);
    }
  }
});
