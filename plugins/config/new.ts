/** `talosctl config new`: a talosconfig for somebody else, made by a control plane node. */

import type { Command, Flags, TalosconfigAccess } from "../../core/command.ts";
import { withPrefix } from "../../core/error_prefix.ts";
import { CliError } from "../../core/errors.ts";
import { fileError } from "../../core/files/errors.ts";
import { goQuote } from "../../core/output/go_quote.ts";
import { writeTalosconfig } from "../../core/talosconfig/file.ts";
import { parseTalosconfig } from "../../core/talosconfig/load.ts";
import { openConfig } from "./chosen_context.ts";
import { knownRoles, roleSet } from "../../core/roles.ts";
import { protobufDuration } from "../../core/protobuf_duration.ts";

const flags = {
  crtTtl: { type: "duration", help: "Validity of the new certificate", default: "8760h0m0s" },
  roles: { type: "strings", help: "Roles of its holder", default: ["os:admin"] },
} as const satisfies Flags;

export const newConfig: Command<object, typeof flags> = {
  path: ["config", "new"],
  usage: "[<path>]",
  summary: "Have a node make a talosconfig for someone else",
  description: `Asks a control plane node for a new client certificate and writes a talosconfig
with it, at "talosconfig" in the working directory unless a path is given.
Admins only.`,
  example: `  talosctl config new -n 10.5.0.2 --roles os:reader reader.yaml
  talosctl config new -n 10.5.0.2 --roles os:operator --crt-ttl 24h`,
  args: { rule: "range", min: 0, max: 1 },
  flags,
  targets: "one",

  async run({ args: [path = "talosconfig"], flags, config, nodes, talos, signal }) {
    const [node = ""] = await nodes();
    const machine = await talos.node(node).service("machine.MachineService");
    const unknown = flags.roles.map((role) => role.trim())
      .filter((role) => role !== "" && !knownRoles.includes(role));
    if (unknown.length > 0) throw new CliError(`unknown roles: ${unknown.join(", ")}`);
    if (await exists(path)) {
      throw new CliError(`talosconfig file already exists: ${goQuote(path)}`);
    }

    const request = { roles: roleSet(flags.roles), crtTtl: protobufDuration(flags.crtTtl) };
    const { messages: [made] } = await machine.generateClientConfiguration(request, { signal });
    if (made === undefined) throw new CliError(`node ${node} sent no configuration`);

    const reading = parseTalosconfig(made.talosconfig);
    const talosconfig = await withPrefix(`reading the configuration from node ${node}`, reading);
    const context = talosconfig.contexts.get(talosconfig.context);
    if (context === undefined) {
      throw new CliError(`the configuration from node ${node} has no current context`);
    }
    context.endpoints = [...await endpointsInUse(config)];
    await writeTalosconfig(path, talosconfig);
  },
};

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw fileError("stat", path, error);
  }
}

/** What this command itself connects to: its reader reaches the cluster in the same way. */
async function endpointsInUse(access: TalosconfigAccess): Promise<readonly string[]> {
  const { endpoints, context } = access.flags;
  if (endpoints.length > 0) return endpoints;
  const { config } = await openConfig(access);
  return config.contexts.get(context || config.context)?.endpoints ?? [];
}
