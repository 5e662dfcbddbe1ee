/** What is known of all commands without importing one: the index, and the questions asked of it. */

import type { CommandSpec, Flag, Flags } from "./command.ts";

/** A command, and who implements it. */
export interface IndexedCommand extends CommandSpec {
  /** How the plugin's module is found: a folder of `plugins/`, or a URL; empty for the frame's own. */
  plugin: string;
  /** As `Command.tracking`; only of third parties, whose commands are not at hand. */
  tracking?: boolean;
}

/** The commands, completers and provisioners of all plugins. */
export interface CommandIndex {
  /** Not to be changed once it was asked. In the order of their registration, in which suggestions are made; the root is not among them. */
  commands: IndexedCommand[];
  /** The plugin that completes a kind of word. */
  completers: Record<string, string>;
  /** The plugins that offer provisioners. */
  provisioners: string[];
}

/** A flag as one command knows it. */
export interface CommandFlag {
  /** Its name in `ctx.flags`, such as `certFingerprint`. */
  key: string;
  /** Its name on the command line without the dashes, such as `cert-fingerprint`. */
  name: string;
  flag: Flag;
  /** Declared by a command above; help lists it under `Global Flags:`. */
  isInherited: boolean;
}

/** `talosctl` itself, which only groups the commands. */
export const rootCommand: IndexedCommand = {
  path: [],
  summary: "Manage Talos Linux machines and clusters",
  description:
    `Manage Talos Linux: machines that run Kubernetes and are operated through an API alone.

Commands that talk to machines read endpoints and credentials from a talosconfig file, connect to
one of the endpoints, and ask the machines named with --nodes or by the context in use.`,
  args: { rule: "unchecked" },
  flags: {},
  targets: "none",
  runnable: false,
  plugin: "",
};

/** The flags that every command of group `talos` and those below it have (spec/cli.md, 13). */
export const connectionFlags: Flags = {
  nodes: {
    type: "strings",
    short: "n",
    help: "Nodes to ask, by address or name; without it those of the context",
    persistent: true,
    completion: "node",
  },
  endpoints: {
    type: "strings",
    short: "e",
    help: "Nodes to connect through; without it those of the context",
    persistent: true,
  },
  context: {
    type: "string",
    help: "Context of the talosconfig to use; without it the current one",
    persistent: true,
    completion: "contextName",
  },
  cluster: {
    type: "string",
    short: "c",
    help: "Cluster to reach when the endpoint is a proxy that serves several",
    persistent: true,
  },
  talosconfig: {
    type: "string",
    help: "File with contexts and credentials; without it $TALOSCONFIG, else the default place",
    persistent: true,
  },
  siderov1KeysDir: {
    type: "string",
    help: "Folder of the keys for SideroV1 authentication; $SIDEROV1_KEYS_DIR wins over it",
    persistent: true,
  },
};

const helpFlag: Flag = { type: "bool", short: "h", help: "Describe this command and end" };

/** The frame's own: what commands that print data add to the official ones. */
const outputFlag: Flag = {
  type: "string",
  help: "Print as table, json, yaml, jsonpath=<template> or name",
  default: "table",
  completion: "values",
  completionValues: ["table", "json", "yaml", "jsonpath", "name"],
};

/** How a flag's name in `ctx.flags` is written on the command line. */
export function longName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The words that run a command, `talosctl` first. */
export function commandPath({ path }: CommandSpec): string {
  return ["talosctl", ...path].join(" ");
}

/** The last word of a command's path. */
export function commandName({ path }: CommandSpec): string {
  return path.at(-1) ?? "talosctl";
}

/** The commands of an index by their paths and by the path they stand below, made once for each list. */
interface Tree {
  byPath: Map<string, IndexedCommand>;
  below: Map<string, IndexedCommand[]>;
}

const trees = new WeakMap<readonly IndexedCommand[], Tree>();

function treeOf({ commands }: CommandIndex): Tree {
  const known = trees.get(commands);
  if (known !== undefined) return known;
  const tree: Tree = { byPath: new Map(), below: new Map() };
  for (const command of commands) {
    tree.byPath.set(command.path.join(" "), command);
    const parent = command.path.slice(0, -1).join(" ");
    const siblings = tree.below.get(parent);
    if (siblings === undefined) tree.below.set(parent, [command]);
    else siblings.push(command);
  }
  trees.set(commands, tree);
  return tree;
}

/** The command of exactly this path (no aliases); the root for an empty one. */
export function commandAt(
  index: CommandIndex,
  path: readonly string[],
): IndexedCommand | undefined {
  return path.length === 0 ? rootCommand : treeOf(index).byPath.get(path.join(" "));
}

/** The commands directly below one, in order of registration. */
export function childrenOf(index: CommandIndex, { path }: CommandSpec): IndexedCommand[] {
  return treeOf(index).below.get(path.join(" ")) ?? [];
}

/**
 * Whether help and suggestions name a command: it is not hidden, and can be run or leads to one
 * that can. `help` never counts (spec/cli.md, 7.2).
 */
export function isVisible(index: CommandIndex, command: CommandSpec): boolean {
  if (command.hidden || isHelpCommand(command)) return false;
  return command.runnable !== false ||
    childrenOf(index, command).some((child) => isVisible(index, child));
}

/** Whether it is `talosctl help`, which is listed although it is not visible. */
export function isHelpCommand({ path }: CommandSpec): boolean {
  return path.length === 1 && path[0] === "help";
}

/**
 * All flags a command knows: its own (with the frame's `--help` and `--output`), then those of the
 * commands above it, nearest first. Where two share a name, the first one counts.
 */
export function flagsFor(index: CommandIndex, command: CommandSpec): CommandFlag[] {
  const known = new Map<string, CommandFlag>();
  const add = (flags: Flags, isInherited: boolean) => {
    for (const [key, flag] of Object.entries(flags)) {
      if (known.has(key) || (isInherited && !flag.persistent)) continue;
      known.set(key, { key, name: longName(key), flag, isInherited });
    }
  };

  add(command.flags, false);
  add({ help: helpFlag }, false);
  for (let depth = command.path.length - 1; depth > 0; depth--) {
    add(commandAt(index, command.path.slice(0, depth))?.flags ?? {}, true);
  }
  const top = commandAt(index, command.path.slice(0, 1));
  if (top?.group === "talos") add(connectionFlags, command.path.length > 1);

  if (command.printsData) {
    const isLetterTaken = [...known.values()].some(({ flag }) => flag.short === "o");
    add({ output: isLetterTaken ? outputFlag : { ...outputFlag, short: "o" } }, false);
  }
  return [...known.values()];
}
