/** The secrets that a control plane configuration holds (spec/machine-config.md, 4.3). */

import { decodeBase64 } from "../base64.ts";
import { CliError } from "../errors.ts";
import type { KeyedCertificate } from "../pki/authority.ts";
import type { SecretsBundle } from "./secrets.ts";
import { type ConfigDocument, type ConfigValue, listAt, textAt, valueAt } from "./value.ts";

/**
 * Collects the secrets; where a document of its own and the main document both have one, the former's is taken.
 *
 * @throws {CliError} when it is no control plane configuration: its authorities are not all there
 */
export function secretsFromConfig(documents: readonly ConfigDocument[]): SecretsBundle {
  const value = (kind: string) => documents.find((document) => document.kind === kind)?.value;
  const main = value("");
  const identity = value("DiscoveryIdentityConfig");
  const encryption = value("KubeEtcdEncryptionConfig");
  return {
    cluster: {
      id: textAt(identity, "clusterID") || textAt(main, "cluster", "id"),
      secret: textAt(identity, "clusterSecret") || textAt(main, "cluster", "secret"),
    },
    trustdToken: textAt(main, "machine", "token"),
    bootstrapToken: textAt(main, "cluster", "token"),
    ...encryptionSecrets(main, encryption),
    certificates: {
      os: required("machine.ca", encodedPair(valueAt(main, "machine", "ca"))),
      etcd: required("cluster.etcd.ca", encodedPair(valueAt(main, "cluster", "etcd", "ca"))),
      kubernetes: required(
        "cluster.ca or KubeAPIServerCAConfig",
        plainPair(valueAt(value("KubeAPIServerCAConfig"), "issuingCA")) ??
          encodedPair(valueAt(main, "cluster", "ca")),
      ),
      aggregator: plainPair(valueAt(value("KubeAggregatorCAConfig"), "issuingCA")) ??
        encodedPair(valueAt(main, "cluster", "aggregatorCA")),
      serviceAccountKey: textAt(value("KubeServiceAccountConfig"), "issuer", "privateKey") ||
        decoded(textAt(main, "cluster", "serviceAccount", "key")) || undefined,
    },
  };
}

/** Documents hold PEM as it is, the main document holds it in base64. */
function plainPair(pair: ConfigValue | undefined): KeyedCertificate | undefined {
  if (pair === undefined) return undefined;
  return { certificatePem: textAt(pair, "cert"), keyPem: textAt(pair, "key") };
}

function encodedPair(pair: ConfigValue | undefined): KeyedCertificate | undefined {
  if (pair === undefined) return undefined;
  return { certificatePem: decoded(textAt(pair, "crt")), keyPem: decoded(textAt(pair, "key")) };
}

function decoded(base64: string): string {
  return new TextDecoder().decode(decodeBase64(base64));
}

/** A worker has these authorities without their keys, or not at all. */
function required(place: string, pair: KeyedCertificate | undefined): KeyedCertificate {
  if (pair !== undefined && pair.keyPem !== "") return pair;
  throw new CliError(`${place} has no private key`, {
    hint: "Only the configuration of a control plane node holds all secrets of its cluster.",
  });
}

/** The secrets that data in etcd is encrypted with; a document of its own gives that of its first provider. */
function encryptionSecrets(main: ConfigValue | undefined, encryption: ConfigValue | undefined) {
  const aescbc = textAt(main, "cluster", "aescbcEncryptionSecret");
  const secretbox = secretboxKey(encryption) ||
    textAt(main, "cluster", "secretboxEncryptionSecret");
  return {
    ...(aescbc === "" ? {} : { aescbcEncryptionSecret: aescbc }),
    ...(secretbox === "" ? {} : { secretboxEncryptionSecret: secretbox }),
  };
}

function secretboxKey(encryption: ConfigValue | undefined): string {
  const entry = listAt(encryption, "config", "resources")
    .find((resource) => listAt(resource, "resources").includes("secrets"));
  const [provider] = listAt(entry, "providers");
  const [key] = listAt(provider, "secretbox", "keys");
  return textAt(key, "secret");
}
