/** Which context of the file a command is about, and how opening the file fails (spec/client.md, 2.3). */

import type { TalosconfigAccess } from "../../core/command.ts";
import { withPrefix } from "../../core/error_prefix.ts";
import { CliError } from "../../core/errors.ts";
import { goQuote } from "../../core/output/go_quote.ts";
import type { TalosconfigFile } from "../../core/talosconfig/file.ts";
import type { Talosconfig, TalosconfigContext } from "../../core/talosconfig/talosconfig.ts";

/** Opens the user's talosconfig. */
export function openConfig(config: TalosconfigAccess): Promise<TalosconfigFile> {
  return withPrefix("error reading config", config.open());
}

/**
 * The context that `--context` names, else the current one. The current one must be defined in
 * either case, as the official client has it.
 */
export function chosenContext(config: Talosconfig, flag: string): TalosconfigContext {
  if (config.context === "") throw new CliError("no context is set");
  const current = definedContext(config, config.context);
  return flag === "" ? current : definedContext(config, flag);
}

/** The context of a name. */
export function definedContext(config: Talosconfig, name: string): TalosconfigContext {
  const context = config.contexts.get(name);
  if (context === undefined) throw new CliError(`context ${goQuote(name)} is not defined`);
  return context;
}
