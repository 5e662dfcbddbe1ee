/** MachineService/GenerateClientConfiguration: new credentials from the cluster's CA (spec/client.md, 4.6). */

import { RpcError } from "../../../core/errors.ts";
import { renderTalosconfig } from "../../../core/talosconfig/save.ts";
import { requireControlPlane } from "../control_plane_only.ts";
import { implement } from "../service_group.ts";
import { talosconfigOf } from "../talosconfig.ts";

export const machineClientConfig = implement("machine.MachineService", {
  generateClientConfiguration: async ({ roles, crtTtl }, { cluster, node }) => {
    requireControlPlane(node, "generate client configuration");
    const lifetimeMs = Number(crtTtl?.seconds ?? 0) * 1000 + (crtTtl?.nanos ?? 0) / 1e6;
    if (lifetimeMs <= 0) throw new RpcError("InvalidArgument", "crt_ttl should be positive");

    const { certificatePem: caPem } = await cluster.pki.authority();
    const client = await cluster.pki.client(roles, lifetimeMs);
    const contextName = nameContext(cluster.name, roles);
    const config = talosconfigOf({ contextName, endpoints: [], caPem, client });
    const bytes = (text: string) => new TextEncoder().encode(text);
    return {
      messages: [{
        ca: bytes(caPem),
        crt: bytes(client.certificatePem),
        key: bytes(client.keyPem),
        talosconfig: bytes(renderTalosconfig(config)),
      }],
    };
  },
});

/** `admin@mycluster` for one role, `mycluster` for none or several. */
function nameContext(clusterName: string, roles: readonly string[]): string {
  const [role] = roles;
  return roles.length === 1 && role !== undefined
    ? `${role.replace(/^os:/, "")}@${clusterName}`
    : clusterName;
}
