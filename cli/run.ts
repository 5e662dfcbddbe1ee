/** From the words of a command line to an exit status: resolve, read flags, check, run, report. */

import {
  commandAt,
  type CommandIndex,
  flagsFor,
  type IndexedCommand,
  rootCommand,
} from "../core/command_index.ts";
import { checkArgs, checkGiven } from "../core/flags/checks.ts";
import { type ParsedLine, parseFlags } from "../core/flags/parse.ts";
import type { Placeholders } from "../core/flags/values.ts";
import type { FoundPlugin } from "../core/plugin_discovery.ts";
import { talosFolder } from "../core/talosconfig/lookup.ts";
import { hostArch, talosVersion } from "../core/version.ts";
import type { Host } from "./host.ts";
import { loadIndex } from "./index_file.ts";
import { OutputWriter } from "./output_writer.ts";
import { type Resolution, resolve } from "./resolve.ts";

/** What all steps of one run share. */
export interface Run {
  host: Host;
  index: CommandIndex;
  /** Third-party plugins by their ids in the index. */
  plugins: ReadonlyMap<string, FoundPlugin>;
  stdout: OutputWriter;
  stderr: OutputWriter;
  placeholders: Placeholders;
}

/**
 * Runs one command line.
 *
 * @param argv The words after `talosctl`.
 * @returns The exit status (spec/cli.md, 1). Nothing is thrown.
 */
export async function run(argv: readonly string[], host: Host): Promise<number> {
  const run: Run = {
    host,
    index: { commands: [], completers: {}, provisioners: [] },
    plugins: new Map(),
    stdout: new OutputWriter(host.stdout),
    stderr: new OutputWriter(host.stderr),
    placeholders: placeholdersOf(host),
  };
  let resolution: Resolution = { command: rootCommand, words: [], calledAs: "" };
  try {
    const { index, plugins, warnings, unapproved, words } = await loadIndex(argv, host);
    run.index = index;
    run.plugins = plugins;
    for (const warning of warnings) await run.stderr.text(`WARNING: ${warning}\n`);
    resolution = resolve(index, words);
    if (resolution.unknown !== undefined) {
      // It may be one of theirs.
      for (const line of unapproved) await run.stderr.text(`WARNING: ${line}\n`);
    }
    const status = await dispatch(run, resolution);
    await run.stdout.flush();
    await run.stderr.flush();
    return status;
  } catch (error) {
    return await report(run, resolution, error);
  }
}

async function dispatch(run: Run, resolution: Resolution): Promise<number> {
  const { command, words, calledAs, unknown } = resolution;
  if (unknown !== undefined) return await runUnknown(run, words, unknown, resolution.unknownAt);
  if (command.path[0] === "__complete") {
    const { answerCompletion } = await import("./completion.ts");
    return await answerCompletion(run, calledAs, words);
  }
  const known = flagsFor(run.index, command);
  const line = parseFlags(words, known, run.placeholders);
  for (const notice of line.notices) await run.stderr.text(`${notice}\n`);
  if (line.flags["help"] === true || command.runnable === false) {
    const { helpText } = await import("./help.ts");
    await run.stdout.text(helpText(run.index, command, run.placeholders, helpWidth(run)));
    return 0;
  }
  checkArgs(command, line.args);
  checkGiven(command, known, line.given);
  if (command.plugin === "") return await runOwn(run, command, line);
  const { execute } = await import("./execute.ts");
  return await execute(run, command, { ...line, calledAs });
}

/** Scripts that look for something in a help text find each flag on one line. */
function helpWidth({ host: { stdout: { info } } }: Run): { width: number | undefined } {
  return { width: info.isTerminal ? info.width : undefined };
}

/** `help` and `completion <shell>`. */
async function runOwn(run: Run, command: IndexedCommand, line: ParsedLine): Promise<number> {
  if (command.path[0] === "help") {
    const { helpTopic } = await import("./help.ts");
    const { stdout, stderr } = helpTopic(run.index, line.args, run.placeholders, helpWidth(run));
    await run.stdout.text(stdout);
    await run.stderr.text(stderr);
    return 0;
  }
  const { completionScript } = await import("./completion_scripts/script.ts");
  const noDescriptions = line.flags["noDescriptions"] === true;
  await run.stdout.text(await completionScript(command.path[1] ?? "", noDescriptions));
  return 0;
}

/** A word no command has: an executable on PATH may have it (`talosctl-NAME`). */
async function runUnknown(
  run: Run,
  words: readonly string[],
  word: string,
  position = 0,
): Promise<number> {
  const { findExternal, runExternal } = await import("./external.ts");
  const path = await findExternal(run.host, word);
  if (path === undefined) {
    const { unknownCommandError } = await import("./suggest.ts");
    throw unknownCommandError(run.index, word);
  }
  return await runExternal(run, path, words.slice(0, position), words.slice(position + 1));
}

async function report(run: Run, resolution: Resolution, error: unknown): Promise<number> {
  const { printError } = await import("./error_text.ts");
  // Output that got lost is the worse news, and may well be what the command failed of.
  const lost = await run.stdout.flush().catch((failure: unknown) => failure);
  return await printError(lost ?? error, {
    stderr: run.stderr,
    isTerminal: run.host.stderr.info.isTerminal,
    isDebug: run.host.env("TALOSCTL_DEBUG") === "1",
    async usage() {
      const { usageBlock } = await import("./help.ts");
      const command = commandAt(run.index, resolution.command.path) ?? rootCommand;
      const withoutFlags = resolution.unknown !== undefined;
      return usageBlock(run.index, command, run.placeholders, { withoutFlags });
    },
  });
}

/** What the names in braces in defaults stand for (spec/cli.md, 10). */
function placeholdersOf(host: Host): Placeholders {
  return (name) => {
    switch (name) {
      case "talosVersion":
        return talosVersion;
      case "talosTag":
        return host.env("TAG") ?? talosVersion;
      case "hostArch":
        return hostArch();
      case "talosDir":
        return talosFolder((name) => host.env(name));
    }
  };
}
