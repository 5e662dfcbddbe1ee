/** `talosctl apply-config`: a whole configuration for nodes, from a file. */

import type { Command, Context, Flags } from "../../core/command.ts";
import { withPrefix } from "../../core/error_prefix.ts";
import { CliError } from "../../core/errors.ts";
import { readBounded } from "../../core/files/read_bounded.ts";
import { guardFlags } from "../../core/guard_rail.ts";
import { insecureFlags } from "../../core/insecure_flags.ts";
import { goQuote } from "../../core/output/go_quote.ts";
import { type ApplicationRecord, applyRequest, recordOf, tell } from "./application.ts";
import { modeFlags } from "./mode_flags.ts";
import { askBeforeMistake } from "./mistaken_config.ts";

const flags = {
  ...modeFlags,
  ...insecureFlags,
  ...guardFlags,
  configPatch: {
    type: "stringArray",
    short: "p",
    help: "Patch to apply to the file before it is sent, inline or as @file; can be repeated",
  },
  file: { type: "string", short: "f", help: "Machine configuration to send; required" },
} as const satisfies Flags;

/** Larger files are no configurations. */
const maxConfigBytes = 64 * 1024 * 1024;

export const applyConfig: Command<ApplicationRecord, typeof flags> = {
  path: ["apply-config"],
  aliases: ["apply"],
  summary: "Send a machine configuration to nodes",
  description: `Replaces the whole configuration of the nodes by the file, after patches from
--config-patch. A machine fresh from its boot medium waits for this in
maintenance mode: reach it with --insecure.

On a terminal it asks before it makes a worker of a control plane node, or a
control plane node of a worker, and before a node gets the configuration of
another cluster.

To change a few settings of a running node, use "patch" or "edit".`,
  example: `  talosctl apply-config --insecure -n 10.5.0.2 -f controlplane.yaml
  talosctl apply-config -n 10.5.0.3 -f worker.yaml -p @hostname.yaml --dry-run
  talosctl apply-config -n 10.5.0.3 -f worker.yaml --mode=try --timeout 5m`,
  group: "talos",
  args: { rule: "max", max: 1 },
  flags,
  targets: "many",
  // The official text goes to stderr; see `tell`.
  text: () => "",
  nodeError: (node, { message }) => `${node}: error applying configuration: ${message}`,

  async *run(ctx) {
    const mistake = mistakeInArgs(ctx);
    if (mistake !== undefined) {
      yield await ctx.host.helpOf(["apply-config"]);
      throw mistake;
    }
    const data = await readConfig(ctx.flags);
    const nodes = await ctx.nodes();
    if (!ctx.flags.insecure && !ctx.flags.dryRun) await askBeforeMistake(ctx, nodes, data);
    const machine = await ctx.talos.nodes(nodes).service("machine.MachineService");
    for await (const answer of machine.applyConfiguration(applyRequest(data, ctx.flags))) {
      if ("error" in answer) {
        yield answer;
        continue;
      }
      const record = recordOf(answer.node, answer.value);
      tell(ctx, record);
      yield record;
    }
  },
};

/** `apply machineconfig` is an older way to say `apply-config`. */
function mistakeInArgs({ args: [word], calledAs }: Pick<Context, "args" | "calledAs">) {
  if (word === undefined) return undefined;
  if (word !== "config" && word.toLowerCase() !== "machineconfig") {
    return new CliError(`unknown positional argument ${word}`);
  }
  if (calledAs === "apply") return undefined;
  return new CliError("expected no positional arguments");
}

async function readConfig(
  { file, configPatch }: { file: string; configPatch: readonly string[] },
): Promise<Uint8Array> {
  if (file === "") throw new CliError("no filename supplied for configuration");
  const data = await withPrefix(
    `failed to read configuration from ${goQuote(file)}`,
    readBounded(file, maxConfigBytes),
  );
  if (data.length === 0) throw new CliError("no configuration data read");
  if (configPatch.length === 0) return data;

  const { loadPatches } = await import("../../core/machine_config/load_patch.ts");
  const { applyPatches } = await import("../../core/machine_config/apply_patches.ts");
  const { decodeText } = await import("../../core/yaml/decode_text.ts");
  const patches = await loadPatches(configPatch);
  return new TextEncoder().encode(await applyPatches(decodeText(data), patches));
}
