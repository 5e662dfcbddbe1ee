/** `talosctl validate`: all that is wrong with a configuration file, at once. */

import type { Command, Flags } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { readBounded } from "../../core/files/read_bounded.ts";
import { countedErrors } from "../../core/counted_errors.ts";
import type { MachineConfigProblem } from "../../core/machine_config/library.ts";
import { goQuote } from "../../core/output/go_quote.ts";

/** What was found; the texts are those that are printed, one an entry. */
interface ValidationRecord {
  config: string;
  mode: string;
  isValid: boolean;
  errors: readonly string[];
  warnings: readonly string[];
  /** The same one by one, with their places; absent where nobody sees them. */
  problems?: readonly MachineConfigProblem[];
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

  async *run({ flags: { config, mode, strict: isStrict }, note, output }) {
    const [text, { streamConfig }, { modes, validateConfig }] = await Promise.all([
      readText(config),
      import("../../core/machine_config/load.ts"),
      import("../../core/machine_config/validate/validate.ts"),
    ]);
    const { errors, warnings } = await validateConfig(streamConfig(text), { mode, isStrict });
    // Said of a file that can be read only.
    if (!modes.includes(mode)) throw new CliError(`unknown runtime mode: ${goQuote(mode)}`);

    for (const warning of warnings) note(`WARNING: ${warning}`);
    const record = { config, mode, isValid: errors.length === 0, errors, warnings };
    yield output === "table" ? record : { ...record, problems: await placedProblems(text, mode) };
    if (errors.length > 0) throw countedErrors(errors);
  },
};

async function readText(path: string): Promise<string> {
  const [bytes, { decodeText }] = await Promise.all([
    readBounded(path, maxConfigBytes),
    import("../../core/yaml/decode_text.ts"),
  ]);
  return decodeText(bytes);
}

async function placedProblems(text: string, mode: string): Promise<MachineConfigProblem[]> {
  const { problemsOf } = await import("../../core/machine_config/library.ts");
  return await problemsOf(text, { mode });
}
