/** Which calls are open to readers: what a `read-only` grant allows. */

import assert from "node:assert/strict";
import { allowedRoles, isOpenToReaders } from "../../core/method_roles.ts";

const cases: [service: string, method: string, isOpen: boolean][] = [
  ["machine.MachineService", "Version", true],
  ["machine.MachineService", "Logs", true],
  ["machine.MachineService", "EtcdStatus", true],
  ["cosi.resource.State", "Watch", true],
  ["machine.MachineService", "Read", false],
  ["machine.MachineService", "Copy", false],
  ["machine.MachineService", "Kubeconfig", false],
  ["machine.MachineService", "EtcdSnapshot", false],
  ["machine.MachineService", "Reboot", false],
  ["machine.MachineService", "Reset", false],
  ["machine.MachineService", "ApplyConfiguration", false],
  ["storage.StorageService", "BlockDeviceWipe", false],
  ["cosi.resource.State", "Update", false],
  ["acme.Echo", "Version", false],
  ["machine.MachineService", "version", false],
];

for (const [service, method, isOpen] of cases) {
  Deno.test(`${service}/${method} is ${isOpen ? "open" : "closed"} to readers`, () => {
    assert.equal(isOpenToReaders(service, method), isOpen);
  });
}

Deno.test("a method that nobody has listed is for administrators", () => {
  assert.deepEqual(allowedRoles("machine.MachineService", "Upgrade"), ["os:admin"]);
});
