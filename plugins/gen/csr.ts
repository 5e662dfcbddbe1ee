/** `talosctl gen csr`: a request for a client certificate of the Talos API. */

import type { Command, Flags } from "../../core/command.ts";
import { withPrefix } from "../../core/error_prefix.ts";
import { CliError } from "../../core/errors.ts";
import { checkNew, writeTogether } from "../../core/files/new_files.ts";
import { isIpAddress } from "../../core/ip_address.ts";
import { createCertificateRequest } from "../../core/pki/certificate_request.ts";
import { importPkcs8 } from "../../core/pki/private_key.ts";
import { knownRoles, roleSet } from "../../core/roles.ts";
import type { genFlags } from "./group.ts";
import { readPemFile } from "./read_file.ts";

const flags = {
  key: { type: "string", help: "Private key of the client, from gen key", required: true },
  ip: { type: "string", help: "IP for the certificate", required: true },
  roles: { type: "strings", help: "Roles of the client", default: ["os:admin"] },
} as const satisfies Flags;

export const csr: Command<object, typeof flags, typeof genFlags> = {
  path: ["gen", "csr"],
  summary: "Generate a certificate request for a client of the Talos API",
  description: `Writes a request beside the key, with the extension .csr. Roles decide what the
holder may do once "gen crt" has signed it.`,
  example: `  talosctl gen csr --key admin.key --ip 127.0.0.1
  talosctl gen csr --key ci.key --ip 127.0.0.1 --roles os:reader,os:etcd:backup`,
  args: { rule: "none" },
  flags,
  targets: "none",

  async run({ flags: { key, ip, roles, force } }) {
    const { der } = await readPemFile(key, {
      reading: "error reading key",
      noPem: "error decoding PEM",
    });
    const privateKey = await withPrefix("error parsing ECDSA key", importPkcs8(der));
    if (!isIpAddress(ip)) throw new CliError(`invalid IP: ${ip}`);
    const wanted = roleSet(roles);
    const unknown = wanted.filter((role) => !knownRoles.includes(role));
    if (unknown.length > 0) throw new CliError(`unknown roles: ${unknown.join(", ")}`);

    const path = `${withoutExtension(key)}.csr`;
    await checkNew(path, force);
    const content = await createCertificateRequest(privateKey, {
      organizations: wanted,
      ipAddresses: [ip],
    });
    await withPrefix("error writing CSR", writeTogether([{ path, content }]));
  },
};

/** The path up to the last dot of its last part. */
function withoutExtension(path: string): string {
  return path.replace(/\.[^./]*$/, "");
}
