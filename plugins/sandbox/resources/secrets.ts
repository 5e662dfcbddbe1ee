/** Secrets of a node, without key material: names in its certificates, and tokens. */

import { clusterSecrets, noPem } from "./cluster_secrets.ts";
import { onControlPlane, type Sources, whenConfigured } from "./sources.ts";

/** The sources of this area. */
export const secretSources: Sources = {
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
  "OSRootSecrets.secrets.talos.dev": onControlPlane(({ cluster }) => [{
    id: "os",
    owner: "secrets.RootOSController",
    spec: {
      issuingCA: { crt: noPem, key: noPem },
      acceptedCAs: [{ crt: noPem }],
      token: clusterSecrets(cluster).machineToken,
    },
  }]),
};
