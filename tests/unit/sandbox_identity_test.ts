/** Who the sandbox lets in, and what its certificates look like (spec/client.md, 5.2, 5.5 and 6). */

import assert from "node:assert/strict";
import { X509Certificate } from "@peculiar/x509";
import { createAuthority, type KeyUsage, type LeafRequest } from "../../core/pki/authority.ts";
import { startSandbox } from "../../plugins/sandbox/start.ts";
import { sandboxClient } from "../sandbox_client.ts";

const hourMs = 3_600_000;

Deno.test("only client certificates of the cluster's CA, in date and for clients alone, get an answer", async () => {
  const sandbox = await startSandbox({ seed: 1 });
  await using client = sandboxClient(sandbox);
  const authority = await sandbox.pki.authority();
  const stranger = await createAuthority({ organization: "talos", ...valid(0) });
  const admin = (usage: KeyUsage[], startHours: number, rest: Partial<LeafRequest> = {}) => ({
    organizations: ["os:admin"],
    usage,
    ...valid(startHours),
    ...rest,
  });
  const certificates = {
    "the usual": await authority.issue(admin(["clientAuth"], 0)),
    "with a common name": await authority.issue(admin(["clientAuth"], 0, { commonName: "me" })),
    "of a stranger": await stranger.issue(admin(["clientAuth"], 0)),
    expired: await authority.issue(admin(["clientAuth"], -2)),
    "not yet valid": await authority.issue(admin(["clientAuth"], 2)),
    "for servers": await authority.issue(admin(["serverAuth"], 0)),
    "for servers and clients": await authority.issue(admin(["serverAuth", "clientAuth"], 0)),
    "for anything": await authority.issue(admin([], 0)),
    "without roles": await authority.issue(admin(["clientAuth"], 0, { organizations: [] })),
    none: null,
  };

  const outcome: Record<string, string> = {};
  for (const [label, certificate] of Object.entries(certificates)) {
    const { status } = await client.call("machine.MachineService", "Version", { certificate });
    outcome[label] = status.startsWith("UNAVAILABLE") ? "refused" : status;
  }

  assert.deepEqual(outcome, {
    "the usual": "OK: ",
    "with a common name": "OK: ",
    "of a stranger": "refused",
    expired: "refused",
    "not yet valid": "refused",
    "for servers": "refused",
    "for servers and clients": "refused",
    "for anything": "refused",
    "without roles": "PERMISSION_DENIED: not authorized",
    none: "refused",
  });
});

Deno.test("the CA and the certificates it issues look as Talos makes them", async () => {
  const sandbox = await startSandbox({ seed: 1 });
  await using client = sandboxClient(sandbox);
  const config = await sandbox.talosconfig("os:reader", "os:operator");
  const context = config.contexts.get("talos-default");
  const keyPem = atob(context?.key ?? "");
  const ca = new X509Certificate(atob(context?.ca ?? ""));
  const leaf = new X509Certificate(atob(context?.crt ?? ""));

  const days = ({ notBefore, notAfter }: X509Certificate) =>
    (notAfter.getTime() - notBefore.getTime()) / (24 * hourMs);
  assert.equal(ca.subject, "O=talos");
  assert.equal(days(ca), 3650);
  assert.equal(leaf.issuer, "O=talos");
  assert.equal(leaf.subject, "O=os:reader+O=os:operator");
  assert.equal(days(leaf), 365);
  assert.equal(leaf.serialNumber.length, 32);
  assert.ok(await leaf.verify({ publicKey: ca.publicKey }));
  assert.deepEqual(
    Array.from(leaf.extensions, ({ type, critical }) => [type, critical]),
    [["2.5.29.15", true], ["2.5.29.37", false], ["2.5.29.35", false]],
  );
  assert.match(
    keyPem,
    /^-----BEGIN ED25519 PRIVATE KEY-----\n[\s\S]+\n-----END ED25519 PRIVATE KEY-----\n$/,
  );
  assert.equal(client !== undefined, true);
});

Deno.test("a node in maintenance mode serves anybody as a reader and ignores node", async () => {
  const sandbox = await startSandbox({ maintenance: 1, seed: 1, platform: "container" });
  await using client = sandboxClient(sandbox);
  const [endpoint = ""] = sandbox.maintenanceEndpoints;
  const metadata = { node: ["10.5.0.2", "x"], "talos-role": "os:admin" };
  const ask = async (method: string) =>
    await client.call("machine.MachineService", method, { endpoint, metadata });

  const version = await ask("Version");
  const services = await ask("ServiceList");
  const reboot = await ask("Reboot");
  const config = await ask("GenerateClientConfiguration");

  assert.deepEqual(version.messages[0].messages[0].platform, {
    name: "container",
    mode: "container",
  });
  assert.equal(version.messages[0].messages[0].features, undefined);
  assert.deepEqual(
    services.messages[0].messages[0].services.map((
      { id, state }: { id: string; state: string },
    ) => [id, state]),
    [["apid", "Running"], ["containerd", "Running"], ["cri", "Waiting"], ["machined", "Running"]],
  );
  assert.equal(reboot.status, "PERMISSION_DENIED: not authorized");
  assert.equal(config.status, "PERMISSION_DENIED: not authorized");
});

function valid(startHours: number) {
  return { notBefore: new Date(Date.now() + startHours * hourMs), lifetimeMs: hourMs };
}
