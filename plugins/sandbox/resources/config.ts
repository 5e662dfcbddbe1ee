/** The machine configuration of a node, and what follows from having one. */

import type { Sources } from "./sources.ts";
import { whenConfigured } from "./sources.ts";

/** The sources of this area. */
export const configSources: Sources = {
  "MachineConfigs.config.talos.dev": ({ node: { machineConfig } }) =>
    machineConfig === undefined ? [] : ["persistent", "v1alpha1"].map((id) => ({
      id,
      annotations: { "talos.dev/yaml-spec": "1" },
      spec: machineConfig,
    })),
  "MachineTypes.config.talos.dev": ({ node: { machineType } }) => [{
    id: "machine-type",
    owner: "config.MachineTypeController",
    version: machineType === "unknown" ? 1 : 2,
    spec: machineType,
  }],
  "CertSANs.secrets.talos.dev": whenConfigured((facts) => {
    const { node: { hostname }, address, isControlPlane } = facts;
    const san = (id: string, controller: string, spec: object) => ({
      id,
      owner: `secrets.${controller}`,
      spec,
    });
    const names = { ips: [address], dnsNames: [hostname], fqdn: hostname };
    return [
      san("api", "APICertSANsController", names),
      ...isControlPlane
        ? [san("k8s", "KubernetesCertSANsController", {
          ips: [address, "10.96.0.1", "127.0.0.1"],
          dnsNames: [
            hostname,
            "kubernetes",
            "kubernetes.default",
            "kubernetes.default.svc",
            "kubernetes.default.svc.cluster.local",
            "localhost",
          ],
          fqdn: hostname,
        })]
        : [],
      { ...san("maintenance", "MaintenanceCertSANsController", names), version: 3 },
    ];
  }),
};
