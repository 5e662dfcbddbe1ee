/** The system volumes of a node: partitions of a metal node, directories of a container. */

import { formatBytes } from "../../../core/output/sizes.ts";
import { configValues } from "./config_documents.ts";
import { type SystemPartition, systemPartitions } from "./disks.ts";
import type { NodeFacts } from "./node_facts.ts";
import type { ResourceSeed } from "./resource_seed.ts";
import { onMetal, type Sources, whenConfigured } from "./sources.ts";

/** The sources of this area; other directories are the same on every node and stand among its data. */
export const volumeSources: Sources = {
  "VolumeStatuses.block.talos.dev": whenConfigured((facts) => [
    ...facts.isMetal
      ? systemPartitions(facts).map((partition) => partitionVolume(facts, partition))
      : containerVolumes,
    ...userVolumes(facts),
  ]),
  "MountStatuses.block.talos.dev": whenConfigured((facts) => {
    const [ephemeral] = systemPartitions(facts).filter(({ name }) => name === "EPHEMERAL");
    return [{
      id: "EPHEMERAL",
      owner: "block.MountController",
      version: 5,
      finalizers: [
        "block.MountController-/var/lib",
        "block.MountController-/var/mnt",
        "block.MountController-LOG",
        "block.MountStatusController",
      ],
      spec: {
        spec: {
          volumeID: "EPHEMERAL",
          secure: true,
          requesters: ["sequencer"],
          requesterIDs: ["EPHEMERAL"],
        },
        source: ephemeral === undefined ? "" : devicePath(ephemeral),
        target: "/var",
        filesystem: ephemeral?.filesystem ?? "none",
        projectQuotaSupport: ephemeral !== undefined,
      },
    }];
  }),
  "MountStatuses.runtime.talos.dev": onMetal((facts) =>
    systemPartitions(facts).filter(({ name }) => name === "EPHEMERAL").map((partition) => ({
      id: partition.name,
      owner: "runtime.MountStatusController",
      spec: { source: devicePath(partition), target: "/var", filesystemType: "xfs" },
    }))
  ),
};

/** By the kind of their documents: before their names, and what they are. */
const userVolumeKinds = [
  ["UserVolumeConfig", "u", "user"],
  ["RawVolumeConfig", "r", "raw"],
  ["SwapVolumeConfig", "s", "swap"],
] as const;

/** Those of the configuration; no simulated disk is ever partitioned for them. */
function userVolumes({ node }: NodeFacts): readonly ResourceSeed[] {
  return userVolumeKinds.flatMap(([kind, prefix, label]) =>
    configValues(node, kind, "name").map((name) => ({
      id: `${prefix}-${name}`,
      owner,
      labels: { [`talos.dev/${label}-volume`]: "" },
      spec: { phase: "waiting", type: "partition" },
    }))
  );
}

const labels = { "talos.dev/system-volume": "" };
const owner = "block.VolumeManagerController";
const ephemeralMount = {
  targetPath: "/var",
  selinuxLabel: "system_u:object_r:ephemeral_t:s0",
};
const stateMount = {
  targetPath: "/system/state",
  selinuxLabel: "system_u:object_r:system_state_t:s0",
  fileMode: 448,
  secure: true,
  noExec: true,
};

function devicePath({ index }: SystemPartition): string {
  return `/dev/vda${index}`;
}

function partitionVolume(facts: NodeFacts, partition: SystemPartition): ResourceSeed {
  const { name, index, sizeBytes, filesystem } = partition;
  const partitionUUID = facts.uuid(`partition/${name}`);
  const mounts: Readonly<Record<string, object>> = {
    EPHEMERAL: { ...ephemeralMount, projectQuotaSupport: true },
    STATE: stateMount,
  };
  const mountSpec = mounts[name];
  return {
    id: name,
    owner,
    version: 3,
    labels,
    ...(mountSpec === undefined ? {} : { finalizers: ["block.MountController"] }),
    spec: {
      phase: "ready",
      type: "partition",
      location: devicePath(partition),
      mountLocation: devicePath(partition),
      partitionIndex: index,
      parentLocation: "/dev/vda",
      uuid: filesystem === "xfs" ? facts.uuid(name) : partitionUUID,
      partitionUUID,
      size: sizeBytes,
      prettySize: formatBytes(sizeBytes),
      filesystem: filesystem || "none",
      ...(name === "EPHEMERAL" ? { trimEnabled: true, trimInterval: "168h0m0s" } : {}),
      ...(mountSpec === undefined ? {} : { mountSpec }),
    },
  };
}

const containerVolumes: readonly ResourceSeed[] = [
  {
    id: "EPHEMERAL",
    owner,
    version: 2,
    labels,
    finalizers: ["block.MountController"],
    spec: {
      phase: "ready",
      type: "directory",
      mountSpec: { ...ephemeralMount, fileMode: 493 },
    },
  },
  { id: "META", owner, labels, spec: { phase: "waiting", type: "partition" } },
  {
    id: "STATE",
    owner,
    version: 7,
    labels,
    spec: { phase: "ready", type: "directory", mountSpec: stateMount },
  },
];
