/** `talosctl gen ca`: a certificate authority of one's own. */

import type { Command, Flags } from "../../core/command.ts";
import { writeTogether } from "../../core/files/new_files.ts";
import { createAuthority, readCertificate } from "../../core/pki/authority.ts";
import { untilAborted } from "../../core/until_aborted.ts";
import type { genFlags } from "./group.ts";
import { validFor } from "./validity.ts";
import { checkAllNew, fileInWorkingDirectory } from "./working_directory.ts";

const flags = {
  organization: { type: "string", help: "Name to certify, and name of the files", required: true },
  hours: { type: "int", help: "Validity of the certificate, in hours", default: 87600 },
  rsa: { type: "bool", help: "Use RSA with 4096 bits instead of Ed25519" },
} as const satisfies Flags;

export const ca: Command<object, typeof flags, typeof genFlags> = {
  path: ["gen", "ca"],
  summary: "Generate a certificate authority that signs itself",
  description: `Writes <organization>.crt, <organization>.key and the fingerprint
<organization>.sha256 to the working directory. The key is Ed25519 unless --rsa
is given.`,
  example: `  talosctl gen ca --organization lab
  talosctl gen ca --organization lab --hours 8760 --rsa`,
  args: { rule: "none" },
  flags,
  targets: "none",

  async run({ flags: { organization, hours, rsa, force }, now, signal }) {
    const path = (extension: string) => fileInWorkingDirectory(organization + extension);
    const [crtPath, fingerprintPath, keyPath] = [path(".crt"), path(".sha256"), path(".key")];
    await checkAllNew([crtPath, fingerprintPath, keyPath], force);

    const { certificatePem, keyPem } = await untilAborted(
      createAuthority({
        organization,
        keyKind: rsa ? "rsa-4096" : "ed25519",
        ...validFor(hours, now()),
      }),
      signal,
    );
    await writeTogether([
      { path: crtPath, content: certificatePem },
      { path: fingerprintPath, content: await publicKeyFingerprint(certificatePem) },
      { path: keyPath, content: keyPem },
    ]);
  },
};

/** `sha256:` and the hash of the certified key, by which an authority is recognized. */
async function publicKeyFingerprint(certificatePem: string): Promise<string> {
  const { publicKeyDer } = readCertificate(certificatePem);
  const hash = await crypto.subtle.digest("SHA-256", publicKeyDer);
  return `sha256:${new Uint8Array(hash).toHex()}`;
}
