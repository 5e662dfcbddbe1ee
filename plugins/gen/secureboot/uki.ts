/** `talosctl gen secureboot uki`: the key and the certificate that boot images are signed with. */

import type { Command, Flags } from "../../../core/command.ts";
import { createAuthority, readCertificate } from "../../../core/pki/authority.ts";
import { untilAborted } from "../../../core/until_aborted.ts";
import { validFor } from "../validity.ts";
import type { InheritedFlags } from "./group.ts";
import { checkOutput, writeOutput } from "./output_folder.ts";

const flags = {
  commonName: { type: "string", help: "Name in the certificate", default: "Test UKI Signing Key" },
} as const satisfies Flags;

const names = {
  certificatePem: "uki-signing-cert.pem",
  certificateDer: "uki-signing-cert.der",
  key: "uki-signing-key.pem",
} as const;

const lifetimeHours = 87_600;

export const uki: Command<object, typeof flags, InheritedFlags> = {
  path: ["gen", "secureboot", "uki"],
  summary: "Generate the key and the certificate that sign boot images",
  description: `Writes uki-signing-key.pem (RSA, 4096 bits) and its certificate, as .pem and
.der, to the output folder. The certificate is valid for ten years.`,
  example: `  talosctl gen secureboot uki --common-name "Lab signing key" -o keys`,
  args: { rule: "none" },
  flags,
  targets: "none",

  async run(context) {
    await checkOutput(context, Object.values(names));

    const { certificatePem, keyPem } = await untilAborted(
      createAuthority({
        // The official client has the name here, and no common name (spec/machine-config.md, 6).
        organization: context.flags.commonName,
        keyKind: "rsa-4096",
        ...validFor(lifetimeHours, context.now()),
      }),
      context.signal,
    );
    const { der } = readCertificate(certificatePem);
    await writeOutput(context, {
      [names.certificatePem]: certificatePem,
      [names.certificateDer]: der,
      [names.key]: keyPem,
    });
  },
};
