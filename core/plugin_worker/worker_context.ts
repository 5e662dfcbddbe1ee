/** `ctx` as a plugin has it in its Worker. */

import type { Context, PluginHost, Prompt, TalosconfigAccess, Terminal } from "../command.ts";
import { CliError } from "../errors.ts";
import type { Flags } from "../command.ts";
import type { TalosconfigFile } from "../talosconfig/file.ts";
import type { Link } from "./link.ts";
import type { Question, WireContext, WireNote } from "./messages.ts";
import { workerTalos } from "./worker_talos.ts";

/** What `ctx` is made of besides what was sent. */
export interface ContextParts {
  link: Link;
  signal: AbortSignal;
  note(note: WireNote): void;
  /** Called before the user is asked something. */
  beforeAsking(): void;
}

/** The context of one run. */
export function workerContext(wire: WireContext, parts: ContextParts): Context<Flags> {
  const { link, signal, note } = parts;
  const startMs = performance.now();
  let nodes: Promise<readonly string[]> | undefined;
  return {
    flags: wire.flags,
    given: new Set(wire.given),
    args: wire.args,
    calledAs: wire.calledAs,
    nodes: () => nodes ??= link.ask({ ask: "nodes" }) as Promise<readonly string[]>,
    talos: workerTalos(link),
    config: configOf(wire, link),
    signal,
    out: wire.out,
    stdin: link.open({ ask: "stdin" }) as AsyncIterable<Uint8Array>,
    prompt: promptOf(parts),
    progress: { update: (text, state = "running") => note({ text: String(text), state }) },
    terminal: terminalOf(wire),
    note: (line) => note(String(line)),
    env: (name) => Object.hasOwn(wire.env, name) ? wire.env[name] : undefined,
    now: () => new Date(wire.nowMs + (performance.now() - startMs)),
    output: wire.output,
    version: wire.version,
    host: hostOf(link),
  };
}

/** Names, endpoints and nodes: who has the rest can be the user. */
function configOf({ context, endpoints }: WireContext, link: Link): TalosconfigAccess {
  return {
    flags: { talosconfig: "", context, endpoints },
    open: () => link.ask({ ask: "config" }) as Promise<TalosconfigFile>,
    openPath: () => refused("reading another talosconfig"),
    edit: () => refused("changing the talosconfig"),
  };
}

function promptOf({ link, beforeAsking }: ContextParts): Prompt {
  const ask = async (question: Question) => {
    beforeAsking();
    return await link.ask(question);
  };
  return {
    confirm: async (text) => await ask({ ask: "confirm", text }) === true,
    line: async (text) => await ask({ ask: "line", text }) as string | undefined,
    text: async (text) => String(await ask({ ask: "text", text })),
    secret: async (text) => String(await ask({ ask: "secret", text })),
    choose: async (text, choices) =>
      String(await ask({ ask: "choose", text, choices: [...choices] })),
  };
}

function terminalOf({ isInteractive }: WireContext): Terminal {
  return {
    isInteractive,
    runForeground: () => refused("running a program on the terminal"),
    takeOver: () => refused("taking the terminal over"),
  };
}

function hostOf(link: Link): PluginHost {
  return {
    helpOf: async (path) => String(await link.ask({ ask: "help", path: [...path] })),
    commandCalled: () => undefined,
    inspectPlugin: () => refused("inspecting another plugin"),
    provisioners: () => refused("asking for provisioners"),
  };
}

function refused(what: string): Promise<never> {
  return Promise.reject(new CliError(`${what}: not for third-party plugins`));
}
