/** The secrets of a cluster that kubeadm made, completed by what Talos needs (spec/machine-config.md, 4.3). */

import { join } from "@std/path";
import { CliError } from "../errors.ts";
import { fileError } from "../files/errors.ts";
import { readBounded } from "../files/read_bounded.ts";
import { goQuote } from "../output/go_quote.ts";
import { type KeyedCertificate, readCertificate } from "../pki/authority.ts";
import { decodePem } from "../pki/pem.ts";
import { importPrivateKey } from "../pki/private_key.ts";
import type { SecretsBundle } from "./secrets.ts";
import {
  generateOsCa,
  generateSharedSecrets,
  randomToken,
  type SecretsOptions,
} from "./secrets_generate.ts";

/** Far more than any of these files takes. */
const maxSizeBytes = 1024 * 1024;

/**
 * Takes the Kubernetes and etcd secrets from a folder such as `/etc/kubernetes/pki`; the rest is new.
 *
 * @param bootstrapToken Empty for a new one.
 * @throws {CliError} for the first file that cannot be read or holds no key or certificate
 */
export async function secretsFromKubernetes(
  folder: string,
  bootstrapToken: string,
  { contract, now }: SecretsOptions,
): Promise<SecretsBundle> {
  await checkFolder(folder);
  const kubernetes = await readPair(join(folder, "ca"));
  const etcd = await readPair(join(folder, "etcd", "ca"));
  const aggregator = await readPair(join(folder, "front-proxy-ca"));
  const serviceAccountKey = await readText(join(folder, "sa.key"));
  await checkKey(serviceAccountKey);
  return {
    ...generateSharedSecrets(contract),
    bootstrapToken: bootstrapToken === "" ? randomToken() : bootstrapToken,
    certificates: {
      etcd,
      kubernetes,
      aggregator,
      serviceAccountKey,
      os: await generateOsCa(now),
    },
  };
}

async function checkFolder(folder: string): Promise<void> {
  let info: Deno.FileInfo;
  try {
    info = await Deno.stat(folder);
  } catch (error) {
    throw fileError("stat", folder, error);
  }
  if (!info.isDirectory) throw new CliError(`${goQuote(folder)} is not a directory`);
}

async function readPair(path: string): Promise<KeyedCertificate> {
  const certificatePem = await readText(`${path}.crt`);
  const keyPem = await readText(`${path}.key`);
  await checkKey(keyPem);
  readCertificate(certificatePem);
  return { certificatePem, keyPem };
}

async function readText(path: string): Promise<string> {
  return new TextDecoder().decode(await readBounded(path, maxSizeBytes));
}

async function checkKey(pem: string): Promise<void> {
  const block = decodePem(pem);
  if (block === undefined) throw new CliError("failed to parse PEM block");
  await importPrivateKey(block);
}
