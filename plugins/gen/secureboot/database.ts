/** `talosctl gen secureboot database`: what firmware enrols, so that it boots images signed with one's own key. */

import type { Command, Flags } from "../../../core/command.ts";
import { withPrefix } from "../../../core/error_prefix.ts";
import { CliError } from "../../../core/errors.ts";
import { readBounded } from "../../../core/files/read_bounded.ts";
import { isCertificateOf, readCertificate } from "../../../core/pki/authority.ts";
import { decodePem } from "../../../core/pki/pem.ts";
import { importPrivateKey } from "../../../core/pki/private_key.ts";
import { signedUpdate, type VariableName } from "./efi_variable.ts";
import type { InheritedFlags } from "./group.ts";
import { ownerGuid } from "./guid.ts";
import { microsoftCertificates } from "./microsoft_certificates.ts";
import { checkOutput, writeOutput } from "./output_folder.ts";
import type { Pkcs7Signer } from "./pkcs7.ts";

const flags = {
  enrolledCertificate: {
    type: "string",
    help: "Certificate to enrol",
    default: "_out/uki-signing-cert.pem",
  },
  includeWellKnownUefiCerts: {
    type: "bool",
    help: "Enrol the certificates of Microsoft too, for option ROMs and other systems",
  },
  signingCertificate: {
    type: "string",
    help: "Certificate to sign the databases with",
    default: "_out/uki-signing-cert.pem",
  },
  signingKey: {
    type: "string",
    help: "Private key to sign the databases with",
    default: "_out/uki-signing-key.pem",
  },
} as const satisfies Flags;

const variables: readonly VariableName[] = ["db", "KEK", "PK"];

export const database: Command<object, typeof flags, InheritedFlags> = {
  path: ["gen", "secureboot", "database"],
  summary: "Generate the key databases that firmware enrols for Secure Boot",
  description: `Writes db.auth, KEK.auth and PK.auth to the output folder, from the certificate
and the key of "gen secureboot uki".`,
  example: `  talosctl gen secureboot database
  talosctl gen secureboot database --include-well-known-uefi-certs`,
  args: { rule: "none" },
  flags,
  targets: "none",

  async run(context) {
    const { signingKey, signingCertificate, enrolledCertificate, includeWellKnownUefiCerts } =
      context.flags;
    const now = context.now();
    const signer = await withPrefix(
      "failed to create signer",
      readSigner(signingKey, signingCertificate),
    );
    const file = await readBounded(enrolledCertificate, maxSizeBytes);
    const enrolled = await withPrefix("failed to generate database", readEnrolled(file));
    await checkOutput(context, variables.map(fileName));

    const contents: Record<string, Uint8Array> = {};
    for (const variable of variables) {
      const others = includeWellKnownUefiCerts ? microsoftCertificates(variable) : [];
      const update = await signedUpdate(variable, [enrolled, ...others], { signer, now });
      contents[fileName(variable)] = update;
    }
    await writeOutput(context, contents);
  },
};

function fileName(variable: VariableName): string {
  return `${variable}.auth`;
}

/** Far more than any key or certificate takes. */
const maxSizeBytes = 1024 * 1024;

async function readSigner(keyPath: string, certificatePath: string): Promise<Pkcs7Signer> {
  const block = decodePem(text(await readBounded(keyPath, maxSizeBytes)));
  if (block === undefined) throw new CliError("failed to parse PEM block");
  const privateKey = await importPrivateKey(block, { rsaHash: "SHA-256" });
  if (!privateKey.algorithm.name.startsWith("RSA")) {
    throw new CliError(`key ${keyPath} is no RSA key, and firmware knows no other kind`);
  }
  const certificate = readCertificate(text(await readBounded(certificatePath, maxSizeBytes)));
  if (!await isCertificateOf(certificate, privateKey)) {
    throw new CliError(`certificate ${certificatePath} is not for the key ${keyPath}`);
  }
  return { certificate, privateKey };
}

async function readEnrolled(file: Uint8Array) {
  const { der } = readCertificate(text(file));
  return { der, owner: await ownerGuid(file) };
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
