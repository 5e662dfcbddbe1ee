/** The context of the talosconfig that a connection is made with (spec/client.md, 1.4). */

import { CliError } from "../errors.ts";
import type { Talosconfig, TalosconfigContext } from "../talosconfig/talosconfig.ts";

/** A context, its name, and the endpoints in force. */
export interface ResolvedContext {
  name: string;
  context: TalosconfigContext;
  endpoints: readonly string[];
}

/**
 * Chooses the context and the endpoints.
 *
 * @param flags `--context`, or `""`; and `-e`, which replaces the endpoints of the context only.
 * @throws {CliError} with the official text
 */
export function resolveContext(
  config: Talosconfig,
  flags: { context: string; endpoints: readonly string[] },
): ResolvedContext {
  const name = flags.context || config.context;
  const context = config.contexts.get(name);
  const given = flags.endpoints.filter((endpoint) => endpoint !== "");
  const endpoints = given.length > 0 ? given : context?.endpoints ?? [];
  if (endpoints.length === 0) throw new CliError("failed to determine endpoints");
  if (context) return { name, context, endpoints };

  const reason = flags.context !== ""
    ? `context "${flags.context}" not found in config`
    : config.context === "" && config.contexts.size === 0
    ? "talos config file is empty"
    : `default context "${config.context}" not found in config`;
  throw new CliError(
    `failed to create client connection: failed to resolve configuration context: ${reason}`,
  );
}
