/** Secrets of a node: names in its certificates, the authority that issues them, and tokens. */

import { isIP } from "node:net";
import { settingsOf } from "./settings.ts";
import { addressIn } from "./settings_kubernetes.ts";
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
    const { apiSans, kubernetesSans, dnsDomain, serviceSubnets } = settingsOf(facts.node);
    const names = {
      ips: [address, ...apiSans.filter(isAddress)],
      dnsNames: [hostname, ...apiSans.filter((san) => !isAddress(san))],
      fqdn: hostname,
    };
    return [
      san("api", "APICertSANsController", names),
      ...isControlPlane
        ? [san("k8s", "KubernetesCertSANsController", {
          ips: [
            address,
            ...serviceSubnets.map((subnet) => addressIn(subnet, 1)),
            "127.0.0.1",
            ...kubernetesSans.filter(isAddress),
          ],
          dnsNames: [
            hostname,
            "kubernetes",
            "kubernetes.default",
            "kubernetes.default.svc",
            `kubernetes.default.svc.${dnsDomain}`,
            "localhost",
            ...kubernetesSans.filter((san) => !isAddress(san)),
          ],
          fqdn: hostname,
        })]
        : [],
      { ...san("maintenance", "MaintenanceCertSANsController", names), version: 3 },
    ];
  }),
  "OSRootSecrets.secrets.talos.dev": onControlPlane(({ node }) => {
    const { certificate, key, token } = settingsOf(node).operatingSystem;
    return [{
      id: "os",
      owner: "secrets.RootOSController",
      spec: {
        issuingCA: { crt: certificate, key },
        acceptedCAs: [{ crt: certificate }],
        token,
      },
    }];
  }),
};

function isAddress(san: string): boolean {
  return isIP(san) !== 0;
}
