/** The client library as a command has it, for tests: a context in memory in the place of a talosconfig on disk. */

import { type ClosableTalos, createTalos, type TalosOptions } from "../core/client/create_talos.ts";
import {
  emptyTalosconfig,
  emptyTalosconfigContext,
  type Talosconfig,
  type TalosconfigContext,
} from "../core/talosconfig/talosconfig.ts";

/** What differs from a plain run. */
export interface TestClientOptions extends Partial<Omit<TalosOptions, "config" | "env">> {
  /** The whole talosconfig; default: one context, `test`, as below. */
  config?: Talosconfig;
  /** Changes of the context in use. */
  context?: Partial<TalosconfigContext>;
  /** The value of `--context`. */
  contextFlag?: string;
  /** The values of `--endpoints`. */
  endpoints?: readonly string[];
  env?: Record<string, string>;
}

/** A client of the context in `config`, changed as asked. */
export function testClient(options: TestClientOptions = {}): ClosableTalos {
  const { config: given, context, contextFlag = "", endpoints = [], env = {}, ...rest } = options;
  const config = given ?? withContext("test", emptyTalosconfigContext());
  const current = config.contexts.get(config.context);
  const changed = current && context
    ? withContext(config.context, { ...current, ...context })
    : config;
  return createTalos({
    nodes: [],
    cluster: "",
    siderov1KeysDir: "",
    note: () => {},
    signal: new AbortController().signal,
    ...rest,
    env: (name) => env[name],
    config: {
      flags: { talosconfig: "", context: contextFlag, endpoints },
      open: () => Promise.resolve({ path: "talosconfig", config: changed }),
      openPath: () => Promise.reject(new Error("no other talosconfig here")),
      edit: () => Promise.reject(new Error("nothing to edit here")),
    },
  });
}

/** A talosconfig with one context, which is current. */
export function withContext(name: string, context: TalosconfigContext): Talosconfig {
  return { ...emptyTalosconfig(), context: name, contexts: new Map([[name, context]]) };
}

/** Asks for the version; `ok`, or the text of the error. */
export async function versionOf(talos: ClosableTalos, node: string): Promise<string> {
  const machine = await talos.node(node).service("machine.MachineService");
  return await machine.version({}).then(() => "ok", (error: Error) => error.message);
}
