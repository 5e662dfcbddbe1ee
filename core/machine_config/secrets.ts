/** The secrets that the nodes of a cluster share: what they are, and the file that keeps them (spec/machine-config.md, 4). */

import { toGoYaml } from "../output/go_yaml.ts";
import type { KeyedCertificate } from "../pki/authority.ts";

/** All secrets of a cluster. What a control plane configuration did not have is `undefined`, an absent text is empty. */
export interface SecretsBundle {
  /** What the cluster is known by to the discovery service, and the secret that encrypts what it sees; in base64. */
  cluster: { id: string; secret: string };
  /** Of Kubernetes, `<6>.<16>`. */
  bootstrapToken: string;
  /** For Talos up to 1.2, in base64. */
  aescbcEncryptionSecret?: string;
  /** For Talos from 1.3 on, in base64. */
  secretboxEncryptionSecret?: string;
  /** What nodes join with, `<6>.<16>`. */
  trustdToken: string;
  /** Authorities, and the key that signs service accounts; `undefined` is what a configuration did not have. */
  certificates: {
    etcd: KeyedCertificate | undefined;
    kubernetes: KeyedCertificate | undefined;
    aggregator: KeyedCertificate | undefined;
    /** PEM. */
    serviceAccountKey: string | undefined;
    /** Of the Talos API. */
    os: KeyedCertificate | undefined;
  };
}

/** The file, as `gen secrets` writes it. */
export function secretsYaml(bundle: SecretsBundle): string {
  const { cluster, certificates: { etcd, kubernetes, aggregator, serviceAccountKey, os } } = bundle;
  return toGoYaml({
    cluster: { id: cluster.id, secret: cluster.secret },
    secrets: {
      bootstraptoken: bundle.bootstrapToken,
      aescbcencryptionsecret: bundle.aescbcEncryptionSecret,
      secretboxencryptionsecret: bundle.secretboxEncryptionSecret,
    },
    trustdinfo: { token: bundle.trustdToken },
    certs: {
      etcd: certificateEntry(etcd),
      k8s: certificateEntry(kubernetes),
      k8saggregator: certificateEntry(aggregator),
      k8sserviceaccount: serviceAccountKey === undefined
        ? null
        : { key: base64OfText(serviceAccountKey) },
      os: certificateEntry(os),
    },
  });
}

function certificateEntry(keyed: KeyedCertificate | undefined) {
  if (keyed === undefined) return null;
  return { crt: base64OfText(keyed.certificatePem), key: base64OfText(keyed.keyPem) };
}

function base64OfText(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}
