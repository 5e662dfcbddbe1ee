/** `talosctl gen keypair`: a key and a short-lived certificate that certifies itself. */

import type { Command, Flags } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { writeTogether } from "../../core/files/new_files.ts";
import { isIpAddress } from "../../core/ip_address.ts";
import { createAuthority } from "../../core/pki/authority.ts";
import type { genFlags } from "./group.ts";
import { validFor } from "./validity.ts";
import { checkAllNew, fileInWorkingDirectory } from "./working_directory.ts";

const flags = {
  organization: { type: "string", help: "Name to certify, and name of the files", required: true },
  ip: { type: "string", help: "IP for the certificate" },
} as const satisfies Flags;

const lifetimeHours = 24;

export const keypair: Command<object, typeof flags, typeof genFlags> = {
  path: ["gen", "keypair"],
  summary: "Generate an Ed25519 key with a certificate signed by itself",
  description: `Writes <organization>.crt and <organization>.key to the working directory. The
certificate is valid for 24 hours.`,
  example: `  talosctl gen keypair --organization lab --ip 10.5.0.2`,
  args: { rule: "none" },
  flags,
  targets: "none",

  async run({ flags: { organization, ip, force }, now }) {
    if (ip !== "" && !isIpAddress(ip)) throw new CliError(`invalid IP: ${ip}`);
    const crtPath = fileInWorkingDirectory(`${organization}.crt`);
    const keyPath = fileInWorkingDirectory(`${organization}.key`);
    await checkAllNew([crtPath, keyPath], force);

    const { certificatePem, keyPem } = await createAuthority({
      organization,
      ipAddresses: ip === "" ? [] : [ip],
      ...validFor(lifetimeHours, now()),
    });
    await writeTogether([
      { path: crtPath, content: certificatePem },
      { path: keyPath, content: keyPem },
    ]);
  },
};
