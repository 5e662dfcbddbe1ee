/** `talosctl config add`: a context with the certificates given, new or in the place of another. */

import type { Command, Flags } from "../../core/command.ts";
import { withPrefix } from "../../core/error_prefix.ts";
import { CliError } from "../../core/errors.ts";
import { readBounded } from "../../core/files/read_bounded.ts";
import { emptyTalosconfigContext } from "../../core/talosconfig/talosconfig.ts";
import { openConfig } from "./chosen_context.ts";

const flags = {
  ca: { type: "string", help: "Certificate of the authority to trust" },
  crt: { type: "string", help: "Client certificate to store" },
  key: { type: "string", help: "Private key of the client; goes with --crt" },
} as const satisfies Flags;

export const add: Command<object, typeof flags> = {
  path: ["config", "add"],
  usage: "<context>",
  summary: "Add or replace a context",
  description: `Adds a context with the certificates given, or replaces the one of that name.
The current context stays.`,
  example: "  talosctl config add lab --ca ca.crt --crt admin.crt --key admin.key",
  args: { rule: "exact", min: 1, max: 1 },
  flags,
  targets: "none",

  async run({ args: [name = ""], flags, config }) {
    await openConfig(config);
    const context = emptyTalosconfigContext();
    if (flags.ca !== "") context.ca = await readBase64(flags.ca, "error reading CA");
    if ((flags.crt === "") !== (flags.key === "")) {
      throw new CliError("if either the 'crt' or 'key' flag is specified, both are required");
    }
    if (flags.crt !== "") context.crt = await readBase64(flags.crt, "error reading certificate");
    if (flags.key !== "") context.key = await readBase64(flags.key, "error reading key");

    await config.edit(({ contexts }) => {
      contexts.set(name, context);
    });
  },
};

const maxSizeBytes = 1024 * 1024;

/** The file as it is: whether it holds what its flag says shows when it is used. */
async function readBase64(path: string, failure: string): Promise<string> {
  return (await withPrefix(failure, readBounded(path, maxSizeBytes))).toBase64();
}
