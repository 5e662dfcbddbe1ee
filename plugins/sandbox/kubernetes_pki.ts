/** The Kubernetes side of a cluster's key material: its CA and what that issues, made when first asked for. */

import {
  type Authority,
  createAuthority,
  type KeyedCertificate,
} from "../../core/pki/authority.ts";

/** Who a client of Kubernetes is. */
export interface KubernetesIdentity {
  commonName: string;
  /** Its groups: `system:masters` may do everything. */
  organizations: readonly string[];
}

/** The Kubernetes CA of a cluster and what it issues; valid by the real clock whatever the sandbox's says. */
export interface KubernetesPki {
  /** The CA. */
  authority(): Promise<Authority>;
  /** A certificate for a server at this address. */
  server(address: string): Promise<KeyedCertificate>;
  /** A new client certificate with a new key. */
  client(identity: KubernetesIdentity): Promise<KeyedCertificate>;
}

const dayMs = 24 * 3_600_000;
const leafLifetimeMs = 365 * dayMs;
/** Clocks differ a little. */
const allowanceMs = 10_000;

/** A cluster's Kubernetes CA, made by the first call that needs it: ten years, ECDSA, `O=kubernetes`. */
export function createKubernetesPki(): KubernetesPki {
  let made: Promise<Authority> | undefined;
  const authority = () =>
    made ??= createAuthority({
      organization: "kubernetes",
      keyKind: "ecdsa-p256",
      notBefore: new Date(),
      lifetimeMs: 3650 * dayMs,
    });
  const leaf = () => ({
    enciphersKeys: true,
    notBefore: new Date(Date.now() - allowanceMs),
    lifetimeMs: leafLifetimeMs + allowanceMs,
  });
  return {
    authority,
    server: async (address) =>
      await (await authority()).issue({
        ...leaf(),
        commonName: "kube-apiserver",
        usage: ["serverAuth"],
        ipAddresses: [address],
      }),
    client: async (identity) =>
      await (await authority()).issue({ ...leaf(), ...identity, usage: ["clientAuth"] }),
  };
}
