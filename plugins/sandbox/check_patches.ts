/** Patches tried on a cluster that is never started: what is wrong with them is said before anything is made. */

import { withPrefix } from "../../core/error_prefix.ts";
import { createClusterPki } from "./certificates.ts";
import { clusterBundle } from "./cluster_bundle.ts";
import { createKubernetesPki } from "./kubernetes_pki.ts";
import { type ConfigPatches, initialConfigs } from "./machine_config.ts";
import { planNodes } from "./plan.ts";
import { currentVersion } from "./start.ts";

/** @throws {CliError} for the first patch that does not apply, or what is wrong with its result */
export async function checkPatches(name: string, patches: ConfigPatches): Promise<void> {
  const authorities = { pki: createClusterPki(), kubernetesPki: createKubernetesPki() };
  const [first] = planNodes({ name, controlPlanes: 1, workers: 0 });
  const cluster = {
    clusterName: name,
    address: first?.address ?? "",
    platform: "metal",
    version: currentVersion.tag,
  } as const;
  const bundle = await clusterBundle({ name, seed: 0 }, authorities);
  await withPrefix("creating a sandbox", initialConfigs(cluster, bundle, patches));
}
