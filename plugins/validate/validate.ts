/** `talosctl validate`: all that is wrong with a configuration file, at once. */

import type { Command, Flags } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { readBounded } from "../../core/files/read_bounded.ts";
import { countedErrors } from "../../core/counted_errors.ts";
import { goQuote } from "../../core/output/go_quote.ts";

/** What was found; the texts are those that are printed, one an entry. */
interface ValidationRecord {
  config: string;
  mode: string;
  isValid: boolean;
  errors: readonly string[];
  warnings: readonly string[];
}

const flags = {
  config: { type: "string", short: "c", help: "Machine configuration file to check" },
  mode: {
    type: "string",
    short: "m",
    help: "Platform the file is for: metal, cloud or container",
    required: true,
  },
  strict: { type: "bool", help: "Fail on warnings too" },
} as const satisfies Flags;

/** Larger files are no configurations. */
const maxConfigBytes = 64 * 1024 * 1024;

export const validate: Command<ValidationRecord, typeof flags> = {
  path: ["validate"],
  summary: "Check a machine configuration file",
  description: `Checks that the file can be read and that its settings make sense on the
platform named by --mode: metal, cloud or container. Warnings go to stderr and
do not count as failure. No node is asked.`,
  example: `  talosctl validate -c controlplane.yaml -m metal
  talosctl validate -c worker.yaml -m cloud --strict`,
  group: "mgmt",
  args: { rule: "none" },
  flags,
  targets: "none",
  text: ({ config, mode, isValid }) => isValid ? `${config} is valid for ${mode} mode\n` : "",
  nameOf: ({ config }) => config,

  async *run({ flags: { config, mode, strict: isStrict }, note }) {
    const { loadConfig } = await import("../../core/machine_config/load.ts");
    const { decodeText } = await import("../../core/yaml/decode_text.ts");
    const { modes, validateConfig } = await import(
      "../../core/machine_config/validate/validate.ts"
    );
    const bytes = await readBounded(config, maxConfigBytes);
    const documents = await loadConfig(decodeText(bytes));
    if (!modes.includes(mode)) throw new CliError(`unknown runtime mode: ${goQuote(mode)}`);

    const { errors, warnings } = await validateConfig(documents, { mode, isStrict });
    for (const warning of warnings) note(`WARNING: ${warning}`);
    yield { config, mode, isValid: errors.length === 0, errors, warnings };
    if (errors.length > 0) throw countedErrors(errors);
  },
};
