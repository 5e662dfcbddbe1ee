/** `talosctl gen key`: a private key for a client. */

import type { Command, Flags } from "../../core/command.ts";
import { checkNew, writeTogether } from "../../core/files/new_files.ts";
import { generateKeyPair, privateKeyPem } from "../../core/pki/private_key.ts";
import type { genFlags } from "./group.ts";
import { fileInWorkingDirectory } from "./working_directory.ts";

const flags = {
  name: { type: "string", help: "Name of the file to write", required: true },
} as const satisfies Flags;

export const key: Command<object, typeof flags, typeof genFlags> = {
  path: ["gen", "key"],
  summary: "Generate an Ed25519 private key",
  description: `Writes <name>.key to the working directory, readable by you alone.`,
  example: `  talosctl gen key --name admin`,
  args: { rule: "none" },
  flags,
  targets: "none",

  async run({ flags: { name, force } }) {
    const path = fileInWorkingDirectory(`${name}.key`);
    await checkNew(path, force);

    const { privateKey } = await generateKeyPair("ed25519");
    await writeTogether([{ path, content: await privateKeyPem(privateKey) }]);
  },
};
