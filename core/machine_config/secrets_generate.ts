/** New secrets for a cluster (spec/machine-config.md, 4.2). */

import { type AuthorityOptions, createAuthority, type KeyedCertificate } from "../pki/authority.ts";
import { generateKeyPair, privateKeyPem } from "../pki/private_key.ts";
import type { SecretsBundle } from "./secrets.ts";
import { isAtLeast, type VersionContract } from "./version_contract.ts";

const lifetimeMs = 87_600 * 3_600_000;

/** What shapes a bundle. */
export interface SecretsOptions {
  contract: VersionContract;
  /** From when its certificates are valid. */
  now: Date;
  /** Leaves out what only Kubernetes and etcd need; default false. */
  skipsKubernetes?: boolean;
}

/** A bundle in which everything is new; its keys are made at the same time, as one of them takes seconds. */
export async function generateSecrets(options: SecretsOptions): Promise<SecretsBundle> {
  const { contract, now, skipsKubernetes = false } = options;
  if (skipsKubernetes) return await generateTalosSecrets(now);
  const [serviceAccountKey, etcd, kubernetes, aggregator, os] = await Promise.all([
    generateServiceAccountKey(contract),
    generateCa(now, { organization: "etcd", keyKind: "ecdsa-p256" }),
    generateCa(now, { organization: "kubernetes", keyKind: "ecdsa-p256" }),
    generateCa(now, { keyKind: "ecdsa-p256" }),
    generateOsCa(now),
  ]);
  return {
    ...generateSharedSecrets(contract),
    bootstrapToken: randomToken(),
    certificates: { etcd, kubernetes, aggregator, serviceAccountKey, os },
  };
}

async function generateTalosSecrets(now: Date): Promise<SecretsBundle> {
  return {
    cluster: { id: randomBase64(), secret: randomBase64() },
    bootstrapToken: "",
    trustdToken: randomToken(),
    certificates: {
      etcd: undefined,
      kubernetes: undefined,
      aggregator: undefined,
      serviceAccountKey: undefined,
      os: await generateOsCa(now),
    },
  };
}

/** What is not of Kubernetes' own making: identity of the cluster, trustd's token, and the key for data in etcd. */
export function generateSharedSecrets(contract: VersionContract) {
  const encryptionSecret = randomBase64();
  return {
    cluster: { id: randomBase64(), secret: randomBase64() },
    trustdToken: randomToken(),
    ...(isAtLeast(contract, 3)
      ? { secretboxEncryptionSecret: encryptionSecret }
      : { aescbcEncryptionSecret: encryptionSecret }),
  };
}

/** A new CA of the Talos API. */
export async function generateOsCa(now: Date): Promise<KeyedCertificate> {
  return await generateCa(now, { organization: "talos", keyKind: "ed25519" });
}

async function generateCa(
  notBefore: Date,
  options: Pick<AuthorityOptions, "organization" | "keyKind">,
): Promise<KeyedCertificate> {
  return await createAuthority({ ...options, notBefore, lifetimeMs });
}

/** One key at a time: the first of two made at once came no earlier on two busy cores (40 runs). */
async function generateServiceAccountKey(contract: VersionContract): Promise<string> {
  const { privateKey } = await generateKeyPair(isAtLeast(contract, 7) ? "rsa-4096" : "ecdsa-p256");
  return await privateKeyPem(privateKey);
}

function randomBase64(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toBase64();
}

/** A token in the form that kubeadm gives them. */
export function randomToken(): string {
  return `${randomCharacters(6)}.${randomCharacters(16)}`;
}

const alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";

function randomCharacters(count: number): string {
  let text = "";
  while (text.length < count) {
    const [byte = 0] = crypto.getRandomValues(new Uint8Array(1));
    // Bytes from 252 on are dropped: else the first letters would come up more often.
    if (byte < 252) text += alphabet[byte % alphabet.length];
  }
  return text;
}
