/** `talosctl gen crt`: signs the request of a client. */

import type { Command, Flags } from "../../core/command.ts";
import { withPrefix } from "../../core/error_prefix.ts";
import { CliError } from "../../core/errors.ts";
import { checkNew, writeTogether } from "../../core/files/new_files.ts";
import { isCertificateOf } from "../../core/pki/authority.ts";
import { parseCertificate, type ReadCertificate } from "../../core/pki/certificate.ts";
import {
  parseCertificateRequest,
  type ReadRequest,
  signCertificateRequest,
} from "../../core/pki/certificate_request.ts";
import { importPkcs8 } from "../../core/pki/private_key.ts";
import type { genFlags } from "./group.ts";
import { readPemFile } from "./read_file.ts";
import { validFor } from "./validity.ts";
import { fileInWorkingDirectory } from "./working_directory.ts";

const flags = {
  ca: {
    type: "string",
    help: "Path of the authority without its extension, .crt and .key being added",
    required: true,
  },
  csr: { type: "string", help: "Request to sign", required: true },
  name: { type: "string", help: "Name of the file to write", required: true },
  hours: { type: "int", help: "Validity of the certificate, in hours", default: 24 },
} as const satisfies Flags;

export const crt: Command<object, typeof flags, typeof genFlags> = {
  path: ["gen", "crt"],
  summary: "Sign a certificate request",
  description: `Signs a request made by "gen csr" with the authority in <ca>.crt and <ca>.key,
and writes <name>.crt to the working directory.`,
  example: `  talosctl gen crt --ca lab --csr admin.csr --name admin --hours 8760`,
  args: { rule: "none" },
  flags,
  targets: "none",

  async run({ flags: { ca, csr, name, hours, force }, now }) {
    const certificate = await readIssuer(`${ca}.crt`);
    const privateKey = await readIssuerKey(`${ca}.key`);
    const request = await readRequest(csr);
    checkAlgorithms(request, privateKey);
    if (!await isCertificateOf(certificate, privateKey)) {
      throw new CliError(
        "error signing certificate: x509: provided PrivateKey doesn't match parent's PublicKey",
      );
    }

    const path = fileInWorkingDirectory(`${name}.crt`);
    await checkNew(path, force);
    const signer = { certificate, privateKey };
    const content = await signCertificateRequest(request, signer, validFor(hours, now()));
    await withPrefix("error writing certificate", writeTogether([{ path, content }]));
  },
};

async function readIssuer(path: string): Promise<ReadCertificate> {
  const { der } = await readPemFile(path, {
    reading: "error reading CA cert",
    noPem: "error decoding cert PEM",
  });
  return parsed("error parsing cert: x509: malformed certificate", () => parseCertificate(der));
}

async function readIssuerKey(path: string): Promise<CryptoKey> {
  const { der } = await readPemFile(path, {
    reading: "error reading key file",
    noPem: "error decoding key PEM",
  });
  return await withPrefix("error parsing EC key", importPkcs8(der));
}

async function readRequest(path: string): Promise<ReadRequest> {
  const { der } = await readPemFile(path, {
    reading: "error reading CSR",
    noPem: "error parsing CSR PEM",
  });
  const failure = "error parsing CSR: x509: malformed certificate request";
  return parsed(failure, () => parseCertificateRequest(der));
}

function parsed<T>(failure: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw new CliError(failure, { cause });
  }
}

/** The certificate is signed in the way its request was, so both keys must be of one kind. */
function checkAlgorithms({ keyName }: ReadRequest, privateKey: CryptoKey): void {
  if (keyName === privateKey.algorithm.name) return;
  throw new CliError(
    "error signing certificate: x509: requested SignatureAlgorithm does not match private key type",
  );
}
