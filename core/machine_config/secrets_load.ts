/** Reading of the secrets file that `gen secrets` wrote, or that somebody changed since (spec/machine-config.md, 4.4). */

import { decodeBase64 } from "../base64.ts";
import { countedText } from "../counted_errors.ts";
import { CliError } from "../errors.ts";
import {
  decodeMapping,
  decodeString,
  failOnProblems,
  isNull,
  type Problems,
} from "../yaml/decode.ts";
import { decodeText } from "../yaml/decode_text.ts";
import type { YamlNode } from "../yaml/node.ts";
import { parseFirstDocument } from "../yaml/parse_document.ts";
import type { SecretsBundle } from "./secrets.ts";
import { type GivenSecrets, type SecretsCheckOptions, secretsProblems } from "./secrets_check.ts";

/**
 * Reads a secrets file; keys that it should not have are passed over.
 *
 * @throws {CliError} `failed to load secrets bundle: …` for what is no such file, `failed to validate
 * secrets bundle: …` with all that is wrong in it
 */
export async function loadSecrets(
  bytes: Uint8Array,
  options: SecretsCheckOptions,
): Promise<SecretsBundle> {
  const given = await readSecrets(bytes);
  const problems = await secretsProblems(given, options);
  if (problems.length > 0) {
    throw new CliError(`failed to validate secrets bundle: ${countedText(problems)}`);
  }
  return bundleOf(given);
}

async function readSecrets(bytes: Uint8Array): Promise<GivenSecrets> {
  try {
    const root = await parseFirstDocument(decodeText(bytes));
    if (root === undefined) throw new CliError("EOF");
    return decodeSecrets(root);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    throw new CliError(`failed to load secrets bundle: ${error.message}`, { cause: error });
  }
}

/** Reads the keys of one struct. */
interface Reader {
  text(key: string): string;
  /** PEM that stands in base64. */
  pem(key: string): string;
  part(key: string, goType: string): Reader | undefined;
}

function decodeSecrets(root: YamlNode): GivenSecrets {
  const problems: Problems = [];
  const bundle = reader(root, "secrets.Bundle", problems);
  const cluster = bundle.part("cluster", "secrets.Cluster");
  const secrets = bundle.part("secrets", "secrets.Secrets");
  const trustd = bundle.part("trustdinfo", "secrets.TrustdInfo");
  const certs = bundle.part("certs", "secrets.Certs");
  const given = {
    cluster: cluster && { id: cluster.text("id"), secret: cluster.text("secret") },
    secrets: secrets && {
      bootstrapToken: secrets.text("bootstraptoken"),
      aescbcEncryptionSecret: secrets.text("aescbcencryptionsecret"),
      secretboxEncryptionSecret: secrets.text("secretboxencryptionsecret"),
    },
    trustd: trustd && { token: trustd.text("token") },
    certificates: certs && decodeCertificates(certs),
  };
  failOnProblems(problems);
  return given;
}

function decodeCertificates(certs: Reader): GivenSecrets["certificates"] {
  const certificates: GivenSecrets["certificates"] = {};
  for (const name of ["etcd", "k8s", "k8saggregator", "os"] as const) {
    const part = certs.part(name, "x509.PEMEncodedCertificateAndKey");
    if (part === undefined) continue;
    certificates[name] = { certificatePem: part.pem("crt"), keyPem: part.pem("key") };
  }
  const account = certs.part("k8sserviceaccount", "x509.PEMEncodedKey");
  if (account !== undefined) certificates.k8sserviceaccount = { keyPem: account.pem("key") };
  return certificates;
}

function reader(node: YamlNode, goType: string, problems: Problems): Reader {
  const fields = decodeMapping(node, goType, problems);
  const text = (key: string) => {
    const field = fields.get(key);
    return field === undefined ? "" : decodeString(field, problems);
  };
  return {
    text,
    pem(key) {
      try {
        return new TextDecoder().decode(decodeBase64(text(key)));
      } catch (error) {
        if (!(error instanceof CliError)) throw error;
        problems.push({ line: fields.get(key)?.line ?? node.line, text: error.message });
        return "";
      }
    },
    part(key, type) {
      const field = fields.get(key);
      return field === undefined || isNull(field) ? undefined : reader(field, type, problems);
    },
  };
}

/** What was checked, in the form that it is used in. */
function bundleOf(given: GivenSecrets): SecretsBundle {
  const { cluster, secrets, trustd, certificates } = given;
  const { aescbcEncryptionSecret = "", secretboxEncryptionSecret = "" } = secrets ?? {};
  return {
    cluster: cluster ?? { id: "", secret: "" },
    bootstrapToken: secrets?.bootstrapToken ?? "",
    ...(aescbcEncryptionSecret === "" ? {} : { aescbcEncryptionSecret }),
    ...(secretboxEncryptionSecret === "" ? {} : { secretboxEncryptionSecret }),
    trustdToken: trustd?.token ?? "",
    certificates: {
      etcd: certificates?.etcd,
      kubernetes: certificates?.k8s,
      aggregator: certificates?.k8saggregator,
      serviceAccountKey: certificates?.k8sserviceaccount?.keyPem,
      os: certificates?.os,
    },
  };
}
