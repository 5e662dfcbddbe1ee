/** Who may call what (spec/client.md, 5.4): methods and their roles as data; what is not listed takes `os:admin`. */

const letters = {
  A: "os:admin",
  O: "os:operator",
  R: "os:reader",
  E: "os:etcd:backup",
  V: "os:image:verifier",
  M: "os:meta:writer",
} as const;

/** The role whose holders may speak for others by `talos-role`. */
export const impersonator = "os:impersonator";

/** By service, by roles: the methods. "A R" methods let the reader in for maintenance mode; their handlers look again. */
const grants: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "machine.MachineService": {
    "A O R": [
      "Containers",
      "CPUInfo",
      "CPUFreqStats",
      "DiskStats",
      "Hostname",
      "LoadAvg",
      "LogsContainers",
      "Memory",
      "Mounts",
      "NetworkDeviceStats",
      "Netstat",
      "Processes",
      "ServiceList",
      "Stats",
      "SystemStat",
      "Version",
      "DiskUsage",
      "Dmesg",
      "Events",
      "ImageList",
      "List",
      "Logs",
    ],
    "A O R E": ["EtcdAlarmList", "EtcdMemberList", "EtcdStatus"],
    "A O E": ["EtcdSnapshot"],
    "A O": [
      "EtcdAlarmDisarm",
      "EtcdDefragment",
      "ImagePull",
      "Reboot",
      "Restart",
      "ServiceRestart",
      "ServiceStart",
      "ServiceStop",
      "Shutdown",
      "PacketCapture",
    ],
    "A M": ["MetaWrite", "MetaDelete"],
    "A R": ["ApplyConfiguration"],
  },
  "machine.ImageService": { "A O R": ["List"], "A O": ["Pull"], "A O R V": ["Verify"] },
  "machine.StorageService": { "A O R": ["Statfs"] },
  "machine.LVMService": {
    "A R": ["LogicalVolumeRemove", "VolumeGroupRemove", "PhysicalVolumeRemove"],
  },
  "machine.MDService": { "A R": ["Destroy"] },
  "storage.StorageService": { "A O R": ["Disks"], "A R": ["BlockDeviceWipe"] },
  "cluster.ClusterService": { "A O R": ["HealthCheck"] },
  "inspect.InspectService": { "A O R": ["ControllerRuntimeDependencies"] },
  "time.TimeService": { "A O R": ["Time", "TimeCheck"] },
  "cosi.resource.State": { "A O R": ["Get", "List", "Watch"] },
};

/** The roles of which one is enough for a method. */
export function allowedRoles(service: string, method: string): readonly string[] {
  for (const [group, methods] of Object.entries(grants[service] ?? {})) {
    if (methods.includes(method)) {
      return group.split(" ").map((letter) => letters[letter as keyof typeof letters]);
    }
  }
  return ["os:admin"];
}

/** A role set as Talos reads it: trimmed, without empty and repeated ones, sorted; unknown ones stay. */
export function roleSet(roles: readonly string[]): readonly string[] {
  return [...new Set(roles.map((role) => role.trim()).filter((role) => role !== ""))].sort();
}

/** The roles of a caller with this certificate, who may state others where it is an impersonator (spec/client.md, 5.2). */
export function callerRoles(
  organizations: readonly string[],
  stated: readonly string[] | undefined,
): readonly string[] {
  const own = roleSet(organizations);
  return own.includes(impersonator) && stated !== undefined ? roleSet(stated) : own;
}
