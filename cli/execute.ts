/** Runs a plugin's command: imports the plugin, makes `ctx`, renders what comes, and cleans up. */

import type {
  Command,
  Context,
  OutputFormat,
  PluginHost,
  Provisioner,
  Terminal,
} from "../core/command.ts";
import { commandAt, type IndexedCommand } from "../core/command_index.ts";
import { CliError } from "../core/errors.ts";
import type { ParsedLine } from "../core/flags/parse.ts";
import { type LoadedPlugin, loadPlugin } from "../core/plugin_loader.ts";
import type { FoundPlugin } from "../core/plugin_discovery.ts";
import { talosVersion } from "../core/version.ts";
import { pluginWorker } from "./index_file.ts";
import { type Interrupts, listenForInterrupts } from "./interrupts.ts";
import { prompts } from "./prompts.ts";
import { render } from "./render.ts";
import { reporter } from "./reporter.ts";
import { resolve } from "./resolve.ts";
import type { Run } from "./run.ts";
import { openSession, type Session } from "./session.ts";

/** Runs an indexed command with its words read; the exit status. */
export async function execute(
  run: Run,
  indexed: IndexedCommand,
  line: ParsedLine & { calledAs: string },
): Promise<number> {
  const output = outputFormat(indexed, line);
  const plugin = await loadIndexedPlugin(run, indexed.plugin);
  const command = commandOf(plugin, indexed);
  const { follow, watch } = line.flags;
  if (command.tracking === true || follow === true || watch === true) {
    const { runtimeWarning } = await import("./runtime_warning.ts");
    const warning = runtimeWarning(Deno.version.deno);
    if (warning !== undefined) run.stderr.line(warning);
  }
  const interrupts = listenForInterrupts(run.host, run.stderr);
  interrupts.signal.addEventListener("abort", () => {
    run.stdout.hurry();
    run.stderr.hurry();
  });
  const session = openSession(run, line, {
    command: indexed,
    signal: interrupts.signal,
    protoFiles: plugin.protos,
    tracking: command.tracking === true,
  });
  try {
    const context = {
      ...createContext(run, line, session, output),
      calledAs: line.calledAs,
      terminal: terminalOf(run, interrupts),
    };
    await render(command, context, run.stdout);
    return 0;
  } finally {
    interrupts.release();
    await session.close();
  }
}

/** The frame's own `--output`; commands that have or inherit such a flag of their own read it themselves. */
function outputFormat(indexed: IndexedCommand, line: ParsedLine): OutputFormat {
  const text = line.flags["output"];
  const isOwn = indexed.printsData !== true || indexed.flags["output"] !== undefined;
  if (typeof text !== "string" || isOwn) return "table";
  if (text === "table" || text === "json" || text === "yaml" || text === "name") return text;
  if (text.startsWith("jsonpath=")) return text as OutputFormat;
  throw new CliError(`output format "${text}" is not supported`, {
    hint: "it can be table, json, yaml, jsonpath=<template> or name",
  });
}

function commandOf(plugin: LoadedPlugin, indexed: IndexedCommand): Command {
  const name = indexed.path.join(" ");
  const command = plugin.commands.find((candidate) => candidate.path.join(" ") === name);
  if (command === undefined) {
    throw new CliError(`running "${name}": plugin ${plugin.name} does not declare it any more`, {
      hint: "start the program again: what plugins declare is read anew when they change",
    });
  }
  return command;
}

/** A plugin by its id in the index: a folder of `plugins/`, or a third party's, whose code runs elsewhere. */
export async function loadIndexedPlugin(run: Run, id: string): Promise<LoadedPlugin> {
  const thirdParty = run.plugins.get(id);
  if (thirdParty !== undefined) return await loadThirdParty(run, id, thirdParty);
  const { root, extension } = run.host;
  try {
    return await loadPlugin(new URL(`plugins/${id}/plugin${extension}`, root));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw new CliError(`loading plugin ${id}: ${reason}`, { cause });
  }
}

async function loadThirdParty(run: Run, id: string, found: FoundPlugin): Promise<LoadedPlugin> {
  const { confinedPlugin } = await import("../core/plugin_worker/confined_plugin.ts");
  const { commands, completers } = run.index;
  return confinedPlugin(await found.open(), {
    commands: commands.filter(({ plugin }) => plugin === id),
    completers: Object.keys(completers).filter((kind) => completers[kind] === id),
    worker: pluginWorker(run.host),
    async settled() {
      await run.stdout.flush();
      await run.stderr.flush();
    },
  });
}

/** What a command of this run is given. */
export function createContext(
  run: Run,
  line: ParsedLine,
  session: Session,
  output: OutputFormat,
): Context {
  const { host } = run;
  return {
    flags: line.flags,
    given: line.given,
    args: line.args,
    calledAs: "",
    nodes: session.nodes,
    talos: session.talos,
    config: session.config,
    signal: session.signal,
    out: { stdout: host.stdout.info, stderr: host.stderr.info },
    stdin: chunksOf(host.stdin),
    prompt: prompts(host, session.signal),
    progress: reporter(run.stderr, host.stderr.info, line.flags["progress"] === "plain"),
    terminal: terminalOf(run),
    note: (text) => run.stderr.line(text),
    env: (name) => host.env(name),
    now: () => host.now(),
    output,
    version: talosVersion,
    host: pluginHost(run),
  };
}

/** While it is taken over, `interrupts` are for whoever did that. */
function terminalOf({ host }: Run, interrupts?: Interrupts): Terminal {
  return {
    get isInteractive() {
      return host.stdin.isTerminal;
    },
    runForeground: (command) => host.runForeground(command, {}),
    async takeOver() {
      const hold = await host.takeOverTerminal();
      let resume = interrupts?.yieldTo();
      return {
        size: hold.size,
        events: hold.events,
        async [Symbol.asyncDispose]() {
          resume?.();
          resume = undefined;
          await hold[Symbol.asyncDispose]();
        },
      };
    },
  };
}

async function* chunksOf(stdin: Run["host"]["stdin"]): AsyncGenerator<Uint8Array> {
  while (true) {
    const chunk = new Uint8Array(64 * 1024);
    const count = await stdin.read(chunk);
    if (count === null) return;
    yield chunk.subarray(0, count);
  }
}

function pluginHost(run: Run): PluginHost {
  return {
    async helpOf(path) {
      const command = commandAt(run.index, path);
      if (command === undefined) throw new CliError(`help: no command ${path.join(" ")}`);
      const { helpText } = await import("./help.ts");
      return helpText(run.index, command, run.placeholders);
    },

    commandCalled(word) {
      const { command, unknown } = resolve(run.index, [word]);
      return unknown === undefined ? command.path : undefined;
    },

    async inspectPlugin(folder, rights, { replaces } = {}) {
      const { inspectFolder } = await import("../core/plugin_worker/inspect_folder.ts");
      const { commands } = run.index;
      const isOther = ({ plugin }: IndexedCommand) =>
        replaces === undefined || run.plugins.get(plugin)?.folder !== replaces;
      return await inspectFolder(folder, rights, {
        others: commands.filter(isOther),
        folderOf: (id) => run.plugins.get(id)?.folder,
        worker: pluginWorker(run.host),
      });
    },

    async provisioners() {
      const found: Provisioner[] = [];
      for (const id of run.index.provisioners) {
        found.push(...(await loadIndexedPlugin(run, id)).provisioners);
      }
      return found;
    },
  };
}
