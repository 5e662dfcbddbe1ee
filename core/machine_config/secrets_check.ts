/** What is wrong with the secrets that a file brought: what lacks, and keys and certificates of no use (spec/machine-config.md, 4.4). */

import { CliError } from "../errors.ts";
import { isCertificateOf, type KeyedCertificate, readCertificate } from "../pki/authority.ts";
import { decodePem } from "../pki/pem.ts";
import { importPrivateKey } from "../pki/private_key.ts";

/** A secrets file as it was read; what it lacks is undefined or empty. */
export interface GivenSecrets {
  cluster: { id: string; secret: string } | undefined;
  secrets:
    | { bootstrapToken: string; aescbcEncryptionSecret: string; secretboxEncryptionSecret: string }
    | undefined;
  trustd: { token: string } | undefined;
  certificates:
    | Partial<Record<AuthorityName, KeyedCertificate>> & {
      k8sserviceaccount?: { keyPem: string };
    }
    | undefined;
}

/** The authorities by their keys in the file. */
export type AuthorityName = "etcd" | "k8s" | "k8saggregator" | "os";

/** How secrets are checked. */
export interface SecretsCheckOptions {
  /** What only Kubernetes and etcd need may lack. */
  skipsKubernetes: boolean;
  /** When certificates must still be valid. */
  now: Date;
}

/** All problems, in the official order. */
export async function secretsProblems(
  given: GivenSecrets,
  options: SecretsCheckOptions,
): Promise<string[]> {
  return [
    ...lacking("cluster", given.cluster),
    ...options.skipsKubernetes ? [] : tokenProblems(given.secrets),
    ...lacking("trustdinfo", given.trustd),
    ...await certificateProblems(given.certificates, options),
  ];
}

/** A part that is not there, or its texts that are empty. */
function lacking(part: string, texts: Readonly<Record<string, string>> | undefined): string[] {
  if (texts === undefined) return [`${part} is required`];
  return Object.entries(texts).filter(([, text]) => text === "")
    .map(([key]) => `${part}.${key} is required`);
}

const encryptionSecrets = "[secrets.secretboxencryptionsecret, secrets.aescbcencryptionsecret]";

function tokenProblems(secrets: GivenSecrets["secrets"]): string[] {
  if (secrets === undefined) return ["secrets is required"];
  const { bootstrapToken, aescbcEncryptionSecret, secretboxEncryptionSecret } = secrets;
  const problems = bootstrapToken === "" ? ["secrets.bootstraptoken is required"] : [];
  const given = [aescbcEncryptionSecret, secretboxEncryptionSecret].filter((text) => text !== "");
  if (given.length === 0) problems.push(`one of ${encryptionSecrets} is required`);
  if (given.length === 2) problems.push(`only one of ${encryptionSecrets} is allowed`);
  return problems;
}

async function certificateProblems(
  given: GivenSecrets["certificates"],
  { skipsKubernetes, now }: SecretsCheckOptions,
): Promise<string[]> {
  if (given === undefined) return ["certs is required"];
  const ofAuthority = (name: AuthorityName) => () => pairProblem(`certs.${name}`, given[name], now);
  const checks = [
    ofAuthority("etcd"),
    ofAuthority("k8s"),
    ofAuthority("k8saggregator"),
    () => keyProblem("certs.k8sserviceaccount", given.k8sserviceaccount),
  ];
  const found = await Promise.all([
    ...skipsKubernetes ? [] : checks.map((check) => check()),
    ofAuthority("os")(),
  ]);
  return found.flatMap((problem) => problem ?? []);
}

async function pairProblem(
  place: string,
  pair: KeyedCertificate | undefined,
  now: Date,
): Promise<string | undefined> {
  if (pair === undefined) return `${place} is required`;
  return await problem(`${place} is invalid`, checkPair(pair, now));
}

async function keyProblem(
  place: string,
  key: { keyPem: string } | undefined,
): Promise<string | undefined> {
  if (key === undefined) return `${place} is required`;
  return await problem(`${place}.key is invalid`, readKey(key.keyPem));
}

async function problem(prefix: string, check: Promise<unknown>): Promise<string | undefined> {
  try {
    await check;
    return undefined;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return `${prefix}: ${error.message}`;
  }
}

async function checkPair({ certificatePem, keyPem }: KeyedCertificate, now: Date): Promise<void> {
  const key = await readKey(keyPem);
  const certificate = readCertificate(certificatePem);
  if (!await isCertificateOf(certificate, key)) {
    throw new CliError("the key does not belong to the certificate");
  }
  if (!certificate.isAuthority) {
    throw new CliError("the certificate is not that of an authority");
  }
  if (certificate.notAfter < now) {
    throw new CliError(`the certificate expired at ${certificate.notAfter.toISOString()}`);
  }
}

/** Below this an RSA key is no protection, and Go's TLS refuses it. */
const leastRsaBits = 2048;

/** A key that can be used. */
async function readKey(pem: string): Promise<CryptoKey> {
  const block = decodePem(pem);
  if (block === undefined) throw new CliError("failed to parse PEM block");
  const key = await importPrivateKey(block);
  const { modulusLength } = key.algorithm as Partial<RsaKeyAlgorithm>;
  if (modulusLength !== undefined && modulusLength < leastRsaBits) {
    throw new CliError(`an RSA key of ${modulusLength} bits is too weak: ${leastRsaBits} or more`);
  }
  return key;
}
