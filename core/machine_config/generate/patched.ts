/** The configurations of a cluster with patches applied, each to the types of node that it is for (spec/machine-config.md, 2.1). */

import { withPrefix } from "../../error_prefix.ts";
import type { Patch } from "../load_patch.ts";
import type { SecretsBundle } from "../secrets.ts";
import type { ConfigDocument } from "../value.ts";
import { generateConfig } from "./generate.ts";
import type { MachineType } from "./input.ts";
import type { ConfigRequest } from "./request.ts";

type Configs = Record<MachineType, readonly ConfigDocument[]>;

/**
 * The documents of each type. Those of `init` are there because patches must fit them too, as with the
 * official client.
 *
 * @throws {CliError} `error patching …` for the first patch that does not apply
 */
export async function patchedConfigs(
  { input, patches }: ConfigRequest,
  secrets: SecretsBundle,
): Promise<Configs> {
  const ofType = (machineType: MachineType) => generateConfig({ ...input, secrets, machineType });
  const configs: Configs = {
    init: ofType("init"),
    controlplane: ofType("controlplane"),
    worker: ofType("worker"),
  };
  const { common, controlPlane, worker } = patches;
  await patchTypes(configs, ["init", "controlplane", "worker"], {
    whose: "configs",
    patches: common,
  });
  await patchTypes(configs, ["init", "controlplane"], {
    whose: "control plane configs",
    patches: controlPlane,
  });
  await patchTypes(configs, ["worker"], { whose: "worker config", patches: worker });
  return configs;
}

async function patchTypes(
  configs: Configs,
  types: readonly MachineType[],
  { whose, patches }: { whose: string; patches: readonly Patch[] },
): Promise<void> {
  if (patches.length === 0) return;
  const { patchDocuments } = await import("../apply_patches.ts");
  for (const type of types) {
    const patching = patchDocuments(configs[type], patches);
    configs[type] = await withPrefix(`error patching ${whose}`, patching);
  }
}
