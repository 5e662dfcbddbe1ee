/** Who may call what (spec/client.md, 5.4): methods and their roles as data; what is not listed takes `os:admin`. */

const letters = {
  A: "os:admin",
  O: "os:operator",
  R: "os:reader",
  E: "os:etcd:backup",
  V: "os:image:verifier",
  M: "os:meta:writer",
} as const;

/** Methods that let the reader in for maintenance mode only: their handlers look again. */
const maintenanceRoles = "A R";

/** By service, by roles: the methods. */
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

/** The roles of which one is enough for a method; `service` with its package. */
export function allowedRoles(service: string, method: string): readonly string[] {
  for (const [group, methods] of Object.entries(grants[service] ?? {})) {
    if (methods.includes(method)) {
      return group.split(" ").map((letter) => letters[letter as keyof typeof letters]);
    }
  }
  return ["os:admin"];
}

/** Whether a holder of `os:reader` alone may call a method of a node that runs. */
export function isOpenToReaders(service: string, method: string): boolean {
  return Object.entries(grants[service] ?? {}).some(([group, methods]) =>
    methods.includes(method) && group !== maintenanceRoles && group.split(" ").includes("R")
  );
}
