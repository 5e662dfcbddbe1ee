/** Machine configurations of every Talos version, type and set of flags, all made from the same two secrets files. */

import { generateConfig } from "../core/machine_config/generate/generate.ts";
import type { GenerateInput, MachineType } from "../core/machine_config/generate/input.ts";
import type { SecretsBundle } from "../core/machine_config/secrets.ts";
import { loadSecrets } from "../core/machine_config/secrets_load.ts";
import type { ConfigDocument } from "../core/machine_config/value.ts";
import { parseVersionContract } from "../core/machine_config/version_contract.ts";

const golden = new URL("golden/machine_config/", import.meta.url);

/** A throw-away secrets file: `gen-config-current` has that of today, `gen-config-v1.2` that of old. */
export function goldenSecretsFile(name: "gen-config-current" | "gen-config-v1.2"): Uint8Array {
  return Deno.readFileSync(new URL(`${name}/in/secrets.yaml`, golden));
}

/** The same, read. */
export async function goldenSecrets(
  name: Parameters<typeof goldenSecretsFile>[0],
): Promise<SecretsBundle> {
  const now = new Date("2026-11-21T10:00:00Z");
  return await loadSecrets(goldenSecretsFile(name), { skipsKubernetes: false, now });
}

/** From the oldest to the current one, which has no number. */
export const talosVersions: readonly string[] = [
  ...Array.from({ length: 16 }, (_, minor) => `v1.${minor}`),
  "",
];

const flagSets: readonly Partial<GenerateInput>[] = [
  {},
  { hasDiscovery: false },
  { hasKubespan: true, additionalSans: ["a.example.org", "10.0.0.9"] },
  {
    registryMirrors: new Map([
      ["ghcr.io", ["http://m3:5000"]],
      ["docker.io", ["https://m1.example.org", "https://m2.example.org"]],
    ]),
    installDisk: '/dev/disk/by-id/"x"',
    dnsDomain: "example.lan",
    kubernetesVersion: "v1.33.4",
  },
];

/** One configuration and what it was made from. */
export interface GeneratedConfig {
  /** Such as `v1.12 worker, flags 2`. */
  label: string;
  talosVersion: string;
  machineType: MachineType;
  flags: Partial<GenerateInput>;
  documents: ConfigDocument[];
}

/** All of them, made anew. */
export async function generatedConfigs(): Promise<GeneratedConfig[]> {
  const current = await goldenSecrets("gen-config-current");
  const old = await goldenSecrets("gen-config-v1.2");
  return talosVersions.flatMap((talosVersion) => {
    const contract = parseVersionContract(talosVersion);
    const secrets = contract.minor < 3 ? old : current;
    return flagSets.flatMap((flags, index) =>
      (["init", "controlplane", "worker"] as const).map((machineType) => ({
        label: `${talosVersion || "current"} ${machineType}, flags ${index}`,
        talosVersion,
        machineType,
        flags,
        documents: generateConfig({
          clusterName: "demo",
          endpoint: "https://10.5.0.2:6443",
          ...flags,
          machineType,
          secrets,
          contract,
        }),
      }))
    );
  });
}
