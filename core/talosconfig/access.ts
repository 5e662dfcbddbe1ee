/** What commands get as `ctx.config`: the user's talosconfig and the connection flags that concern it. */

import type { TalosconfigAccess } from "../command.ts";
import { withPrefix } from "../error_prefix.ts";
import { editTalosconfig, openTalosconfig } from "./file.ts";
import { findTalosconfig } from "./lookup.ts";

/** The command line and the process, as far as the talosconfig depends on them. */
export interface TalosconfigAccessOptions {
  /** The value of `--talosconfig`; `""` when it was not given. */
  talosconfig: string;
  /** The value of `--context`. */
  context: string;
  /** The values of `--endpoints`. */
  endpoints: readonly string[];
  env(name: string): string | undefined;
  /** Ends waiting for others who edit the file. */
  signal?: AbortSignal;
}

/** The access of one run. Nothing is read before a command asks. */
export function talosconfigAccess(options: TalosconfigAccessOptions): TalosconfigAccess {
  const edit = options.signal === undefined ? {} : { signal: options.signal };
  const find = () => findTalosconfig({ flag: options.talosconfig, env: options.env });
  return {
    flags: {
      talosconfig: options.talosconfig,
      context: options.context,
      endpoints: options.endpoints,
    },
    open: async () => await openTalosconfig(await find(), edit),
    openPath: (path) => openTalosconfig({ path, canWrite: true }, edit),
    edit: async (change) =>
      await editTalosconfig(await withPrefix("error reading config", find()), change, edit),
  };
}
