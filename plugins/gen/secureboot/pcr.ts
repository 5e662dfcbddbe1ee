/** `talosctl gen secureboot pcr`: the key that TPM measurements are signed with. */

import type { Command } from "../../../core/command.ts";
import { generateKeyPair, privateKeyPem } from "../../../core/pki/private_key.ts";
import { untilAborted } from "../../../core/until_aborted.ts";
import type { InheritedFlags } from "./group.ts";
import { checkOutput, writeOutput } from "./output_folder.ts";

const keyName = "pcr-signing-key.pem";

// deno-lint-ignore ban-types -- no flags of its own, see Command
export const pcr: Command<object, {}, InheritedFlags> = {
  path: ["gen", "secureboot", "pcr"],
  summary: "Generate the key that signs TPM measurements",
  description: `Writes pcr-signing-key.pem (RSA, 2048 bits) to the output folder. Disks sealed
to the TPM open for images measured with this key.`,
  example: `  talosctl gen secureboot pcr -o keys`,
  args: { rule: "none" },
  flags: {},
  targets: "none",

  async run(context) {
    await checkOutput(context, [keyName]);
    const { privateKey } = await untilAborted(generateKeyPair("rsa-2048"), context.signal);
    await writeOutput(context, { [keyName]: await privateKeyPem(privateKey) });
  },
};
