/** `talosctl machineconfig patch`: patches applied to a configuration file, offline. */

import type { Command, Flags } from "../../core/command.ts";
import { readBounded } from "../../core/files/read_bounded.ts";
import { writeOutput } from "./write_output.ts";

const flags = {
  output: { type: "string", short: "o", help: "File to write; without it, stdout" },
  patch: {
    type: "stringArray",
    short: "p",
    help: "Patch to apply, inline or as @file; can be repeated",
  },
} as const satisfies Flags;

/** Larger files are no configurations. */
const maxConfigBytes = 64 * 1024 * 1024;

export const patch: Command<object, typeof flags> = {
  path: ["machineconfig", "patch"],
  usage: "<machineconfig-file>",
  summary: "Apply patches to a machine configuration file",
  description: `Applies the patches in the order given and prints the result, or writes it to
--output. A patch is a piece of configuration to merge, or a list of JSON patch
operations (RFC 6902), inline or in a file. The result is not checked: run
"validate" on it.`,
  example: `  talosctl machineconfig patch worker.yaml -p @disk.yaml -o worker-1.yaml
  talosctl machineconfig patch worker.yaml -p '{"machine":{"network":{"hostname":"w1"}}}'`,
  args: { rule: "exact", min: 1, max: 1 },
  flags,
  targets: "none",

  async *run({ args: [path = ""], flags }) {
    const config = await readBounded(path, maxConfigBytes);
    const patched = flags.patch.length === 0 ? config : await applyAll(config, flags.patch);
    if (flags.output !== "") {
      await writeOutput(flags.output, patched);
      return;
    }
    yield patched;
    yield new TextEncoder().encode("\n"); // a blank line ends it (spec/machine-config.md, 10)
  },
};

async function applyAll(config: Uint8Array, given: readonly string[]): Promise<Uint8Array> {
  const [{ loadPatches }, { applyPatches }, { decodeText }] = await Promise.all([
    import("../../core/machine_config/load_patch.ts"),
    import("../../core/machine_config/apply_patches.ts"),
    import("../../core/yaml/decode_text.ts"),
  ]);
  const patches = await loadPatches(given);
  return new TextEncoder().encode(await applyPatches(decodeText(config), patches));
}
