/** Commands of the official client that nobody has written yet: they parse, complete and show help, then fail. */

import type { CommandSpec, Context } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import type { Plugin } from "../../core/plugin.ts";
import specs from "./commands.json" with { type: "json" };

const plannedSpecs = specs as readonly CommandSpec[];

export default {
  name: "planned",
  apiVersion: 1,

  register(registry) {
    for (const { runnable = true, ...spec } of plannedSpecs) {
      registry.command(runnable ? { ...spec, run: (context) => fail(spec, context) } : spec);
    }
  },
} satisfies Plugin;

/** The words `flag`, `command` and `arg(s)` stay out of the text: they would bring the usage (spec/cli.md, 2). */
async function fail(spec: CommandSpec, { nodes }: Context): Promise<never> {
  if (spec.deprecatedError !== undefined) throw new CliError(spec.deprecatedError);
  if (spec.targets !== "none") await nodes();
  throw new CliError(`not available yet: talosctl ${spec.path.join(" ")}`);
}
