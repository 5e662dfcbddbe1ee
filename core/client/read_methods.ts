/** Which methods only read, so that a call may be repeated without doing anything twice. */

/** Names by service; what is missing here counts as a write. */
const readMethods: Readonly<Record<string, string>> = {
  "machine.MachineService":
    "Containers CPUInfo CPUFreqStats DiskStats DiskUsage Dmesg EtcdAlarmList EtcdMemberList EtcdSnapshot " +
    "EtcdStatus Events Hostname ImageList Kubeconfig List LoadAvg Logs LogsContainers Memory Mounts " +
    "NetworkDeviceStats Netstat PacketCapture Processes Read Copy ServiceList Stats SystemStat Version",
  "machine.ImageService": "List Verify",
  "machine.StorageService": "Statfs",
  "storage.StorageService": "Disks",
  "cluster.ClusterService": "HealthCheck",
  "inspect.InspectService": "ControllerRuntimeDependencies",
  "time.TimeService": "Time TimeCheck",
  "cosi.resource.State": "Get List Watch",
};

/** Whether `/package.Service/Method` changes nothing on a node. */
export function isReadMethod(path: string): boolean {
  const [, service = "", method = ""] = path.split("/");
  return readMethods[service]?.split(" ").includes(method) ?? false;
}
