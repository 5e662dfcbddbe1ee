/** What a node knows of its mounted volumes: several questions, asked one after the other (spec/machine-read.md, 15). */

import type { Talos } from "../../core/client/talos.ts";
import { CliError, RpcError } from "../../core/errors.ts";
import { withPrefix } from "../../core/error_prefix.ts";
import { isMap, type Value } from "../../core/output/value.ts";
import { readItem, specTree } from "../../core/resources/item.ts";
import { treeToValue } from "../../core/resources/tree_value.ts";
import { loadYamlParser } from "../../core/resources/yaml_tree.ts";
import type { Resource } from "../../proto/gen/v1alpha1/resource.ts";

/** One mounted volume; sizes in bytes. */
export interface MountedVolume {
  volumeId: string;
  /** The device. */
  filesystem: string;
  mountPoint: string;
  size: string;
  used: string;
  available: string;
  inodes: string;
  inodesUsed: string;
  inodesFree: string;
}

/** One node to ask. */
export type NodeServices = ReturnType<Talos["node"]>;

const namespace = "runtime";

/**
 * The volumes that are mounted from a device, in order of their ids.
 *
 * @param id The one volume wanted, or `""` for all.
 * @throws {CliError} where a question fails, or the volume is none that can be measured.
 */
export async function readMountedVolumes(
  node: NodeServices,
  id: string,
  signal: AbortSignal,
): Promise<MountedVolume[]> {
  if (id !== "") await checkVolume(node, id, signal);
  const mounts = (await listMounts(node, signal)).filter(({ volumeId }) =>
    id === "" || volumeId === id
  );
  if (id !== "" && mounts.length === 0) throw new CliError(`volume "${id}" not mounted`);

  const storage = await node.service("machine.StorageService");
  const volumes: MountedVolume[] = [];
  for (const mount of mounts) {
    const path = mount.mountPoint;
    const statfs = storage.statfs({ path }, { signal });
    volumes.push({ ...mount, ...await withPrefix(`error calling statfs on "${path}"`, statfs) });
  }
  return volumes;
}

/** Says why a volume cannot be measured before it is looked for among the mounts. */
async function checkVolume(node: NodeServices, id: string, signal: AbortSignal): Promise<void> {
  const state = await node.service("cosi.resource.State");
  const type = "VolumeStatuses.block.talos.dev";
  const spec = await state.get({ namespace, type, id }, { signal })
    .then(({ resource }) => readSpec(resource))
    .catch((error: unknown) => {
      if (!(error instanceof CliError)) throw error;
      throw error instanceof RpcError && error.code === "NotFound"
        ? new CliError(`volume "${id}" not found`, { cause: error })
        : new CliError(`error looking up volume "${id}": ${error.message}`, { cause: error });
    });
  const phase = textAt(spec, "phase");
  const kind = textAt(spec, "type");
  if (phase !== "ready") throw new CliError(`volume "${id}" is not ready (phase: ${phase})`);
  if (["directory", "symlink", "overlay"].includes(kind)) {
    throw new CliError(
      `volume "${id}" is a ${kind} volume, which does not have its own filesystem`,
    );
  }
  if (textAt(spec, "filesystem") === "swap") {
    throw new CliError(`volume "${id}" is a swap volume, which does not have a filesystem`);
  }
}

type Mount = Pick<MountedVolume, "volumeId" | "filesystem" | "mountPoint">;

async function listMounts(node: NodeServices, signal: AbortSignal): Promise<Mount[]> {
  const state = await node.service("cosi.resource.State");
  const mounts: Mount[] = [];
  const wanted = { namespace, type: "MountStatuses.block.talos.dev" };
  for await (const { resource } of state.list(wanted, { signal })) {
    const spec = await readSpec(resource);
    const filesystem = textAt(spec, "source");
    if (filesystem === "" || valueAt(spec, "detached") === true) continue;
    mounts.push({
      volumeId: textAt(valueAt(spec, "spec"), "volumeID"),
      filesystem,
      mountPoint: textAt(spec, "target"),
    });
  }
  return mounts;
}

async function readSpec(resource: Resource | undefined): Promise<Value> {
  return treeToValue(specTree(readItem(resource), await loadYamlParser()));
}

function valueAt(value: Value, key: string): Value {
  return isMap(value) ? value.get(key) ?? null : null;
}

function textAt(value: Value, key: string): string {
  const text = valueAt(value, key);
  return typeof text === "string" ? text : "";
}
