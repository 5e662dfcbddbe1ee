/** One run's dealings with the outside: its talosconfig, its nodes, and a client that connects when it is used. */

import type { Context, TalosconfigAccess } from "../core/command.ts";
import type { CommandSpec } from "../core/command.ts";
import type { ParsedLine } from "../core/flags/parse.ts";
import { talosconfigAccess } from "../core/talosconfig/access.ts";
import type { CreatedTalos } from "../core/client/create_talos.ts";
import type { Run } from "./run.ts";

/** What `ctx` takes from it. */
export interface Session extends Pick<Context, "nodes" | "talos" | "signal"> {
  config: TalosconfigAccess;
  /** Ends the connections, if there are any. */
  close(): Promise<void>;
}

/** What a session is opened for. */
export interface SessionOptions {
  command: CommandSpec;
  signal: AbortSignal;
}

/** Opens nothing yet: each part does when it is first used. */
export function openSession(run: Run, line: ParsedLine, options: SessionOptions): Session {
  return null as never;
}
