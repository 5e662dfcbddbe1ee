/** The secrets of a sandbox's cluster as a bundle: its own authorities, and tokens that follow from the seed. */

import { createAuthority, type KeyedCertificate } from "../../core/pki/authority.ts";
import type { SecretsBundle } from "../../core/machine_config/secrets.ts";
import type { ClusterPki } from "./certificates.ts";
import serviceAccount from "./data/service_account_key.json" with { type: "json" };
import type { KubernetesPki } from "./kubernetes_pki.ts";
import { clusterSecrets } from "./resources/cluster_secrets.ts";
import type { ClusterFacts } from "./resources/node_facts.ts";

/** Whose certificates are in it. */
export interface Authorities {
  pki: ClusterPki;
  kubernetesPki: KubernetesPki;
}

/** What `gen secrets` would have made for this cluster. */
export async function clusterBundle(
  cluster: Pick<ClusterFacts, "name" | "seed">,
  { pki, kubernetesPki }: Authorities,
): Promise<SecretsBundle> {
  const { clusterId, clusterSecret, machineToken, bootstrapToken, encryptionSecret } =
    clusterSecrets(cluster);
  const [os, kubernetes, etcd, aggregator] = await Promise.all([
    pki.authority(),
    kubernetesPki.authority(),
    newAuthority("etcd"),
    newAuthority(),
  ]);
  return {
    cluster: { id: clusterId, secret: clusterSecret },
    bootstrapToken,
    secretboxEncryptionSecret: encryptionSecret,
    trustdToken: machineToken,
    certificates: { os, kubernetes, etcd, aggregator, serviceAccountKey: serviceAccount.pem },
  };
}

const lifetimeMs = 87_600 * 3_600_000;

async function newAuthority(organization?: string): Promise<KeyedCertificate> {
  return await createAuthority({
    keyKind: "ecdsa-p256",
    notBefore: new Date(),
    lifetimeMs,
    ...(organization === undefined ? {} : { organization }),
  });
}
