/** Every method with every role, against the official table (spec/client.md, 5.4), and impersonation. */

import assert from "node:assert/strict";
import type { ServiceName } from "../../core/client/talos.ts";
import { callerRoles } from "../../plugins/sandbox/roles.ts";
import { startSandbox } from "../../plugins/sandbox/start.ts";
import { serviceLoaders } from "../../proto/gen/services.ts";
import { sandboxClient } from "../sandbox_client.ts";

const roleOf: Record<string, string> = {
  A: "os:admin",
  O: "os:operator",
  R: "os:reader",
  E: "os:etcd:backup",
  V: "os:image:verifier",
  M: "os:meta:writer",
};

/** spec/client.md, 5.4, copied row by row, for a node with a configuration: "R only in maintenance" is A alone there. */
const table: Record<string, Record<string, string>> = {
  "machine.MachineService": {
    "Containers CPUInfo CPUFreqStats DiskStats Hostname LoadAvg LogsContainers Memory Mounts NetworkDeviceStats Netstat Processes ServiceList Stats SystemStat Version DiskUsage Dmesg Events ImageList List Logs":
      "AOR",
    "EtcdAlarmList EtcdMemberList EtcdStatus": "AORE",
    "EtcdSnapshot": "AOE",
    "EtcdAlarmDisarm EtcdDefragment ImagePull Reboot Restart ServiceRestart ServiceStart ServiceStop Shutdown PacketCapture":
      "AO",
    "MetaWrite MetaDelete": "AM",
    "ApplyConfiguration Bootstrap EtcdForfeitLeadership EtcdLeaveCluster EtcdRemoveMemberByID EtcdDowngradeValidate EtcdDowngradeEnable EtcdDowngradeCancel GenerateClientConfiguration Reset Rollback Upgrade EtcdRecover Copy Kubeconfig Read":
      "A",
  },
  "machine.ImageService": { List: "AOR", Pull: "AO", "Import Remove": "A", Verify: "AORV" },
  "machine.StorageService": { Statfs: "AOR" },
  "machine.DebugService": { ContainerRun: "A" },
  "machine.LifecycleService": { "Install Upgrade": "A" },
  "machine.LVMService": {
    "LogicalVolumeRemove VolumeGroupRemove PhysicalVolumeRemove": "A",
  },
  "machine.MDService": { Destroy: "A" },
  "storage.StorageService": { Disks: "AOR", BlockDeviceWipe: "A" },
  "cluster.ClusterService": { HealthCheck: "AOR" },
  "inspect.InspectService": { ControllerRuntimeDependencies: "AOR" },
  "time.TimeService": { "Time TimeCheck": "AOR" },
  "cosi.resource.State": {
    "Get List Watch": "AOR",
    "Create Update Destroy Teardown TeardownAndDestroy": "A",
  },
};

Deno.test("every method of the API is open to exactly the roles of the official table", async () => {
  const sandbox = await startSandbox({ seed: 1 });
  await using client = sandboxClient(sandbox);

  for (const [service, groups] of Object.entries(table)) {
    const expected = Object.fromEntries(
      Object.entries(groups).flatMap(([names, letters]) =>
        names.split(" ").map((name) => [name, letters])
      ),
    );
    const definition = await serviceLoaders[service as ServiceName]();
    const methods = Object.values(definition.methods).map(({ name }) => name);
    assert.deepEqual(methods.toSorted(), Object.keys(expected).toSorted(), service);

    for (const method of methods) {
      // One after another: some methods refuse a second call while one is under way.
      let open = "";
      for (const [letter, role] of Object.entries(roleOf)) {
        const call = await client.open(`/${service}/${method}`, { roles: [role] });
        const { promise, resolve } = Promise.withResolvers<boolean>();
        const decide = (isOpen: boolean) => {
          resolve(isOpen);
          call.cancel();
        };
        call.on("error", () => {});
        call.on("data", () => decide(true));
        call.on("status", ({ details }) => decide(details !== "not authorized"));
        call.write(new Uint8Array());
        call.end();
        if (await promise) open += letter;
      }
      assert.equal(open, expected[method], `${service}/${method}`);
    }
  }
});

Deno.test("an impersonator has the roles it states, and everybody else the certificate's", () => {
  const rows: [string[], string[] | undefined, string[]][] = [
    [["os:admin"], ["os:reader"], ["os:admin"]],
    [["os:reader", "os:operator"], undefined, ["os:operator", "os:reader"]],
    [["os:impersonator"], undefined, ["os:impersonator"]],
    [["os:impersonator"], ["os:reader", " os:admin"], ["os:admin", "os:reader"]],
    [["os:operator", "os:impersonator"], undefined, ["os:impersonator", "os:operator"]],
    [["os:admin", "os:impersonator"], [""], []],
    [["os:reader", "os:reader", " ", "made:up"], undefined, ["made:up", "os:reader"]],
  ];
  for (const [organizations, stated, expected] of rows) {
    assert.deepEqual(callerRoles(organizations, stated), expected);
  }
});

Deno.test("an impersonator's stated roles decide, an ordinary client's do not", async () => {
  const sandbox = await startSandbox({ controlPlanes: 2, seed: 1 });
  await using client = sandboxClient(sandbox);
  const version = async (
    roles: string[],
    stated: string | string[] | undefined,
    node = "10.5.0.3",
  ) => {
    const metadata = { node, ...(stated === undefined ? {} : { "talos-role": stated }) };
    return (await client.call("machine.MachineService", "Version", { roles, metadata })).status;
  };
  const denied = "PERMISSION_DENIED: not authorized";

  assert.equal(await version(["os:impersonator"], undefined), denied);
  assert.equal(await version(["os:impersonator"], "os:reader"), "OK: ");
  assert.equal(await version(["os:impersonator"], ["made:up", "os:reader"]), "OK: ");
  assert.equal(await version(["os:impersonator", "os:admin"], ""), denied);
  assert.equal(await version(["os:impersonator", "os:operator"], undefined), "OK: ");
  assert.equal(await version(["os:meta:writer"], "os:admin"), denied);
  assert.equal(await version(["os:reader"], "nothing"), "OK: ");
  assert.equal(
    await version(["os:meta:writer"], undefined, "127.0.0.66"),
    'UNAVAILABLE: connection error: desc = "transport: Error while dialing: dial tcp ' +
      '127.0.0.66:50000: connect: connection refused"',
  );
});
