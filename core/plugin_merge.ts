/** The commands of third-party plugins beside the built-in ones, and who yields where two want the same. */

import type { CommandSpec } from "./command.ts";
import type { CommandIndex, IndexedCommand } from "./command_index.ts";

/** What one plugin declares, or why it is left out. */
export type Inspected = { index: CommandIndex } | { problem: string };

/** What third-party plugins add. */
export interface Discovery {
  index: CommandIndex;
  /** One line for each plugin, command or alias that is left out, with its reason. */
  warnings: string[];
}

/** Who has a command, and whether others may put theirs below it. */
interface Holder {
  folder: string;
  isGroup: boolean;
}

const builtInFolder = "";

/**
 * Gathers what plugins declare. Built-in commands and aliases always stand, then the first plugin that wants one has
 * it. Anybody can add to a group; below a command that runs only its own plugin can, or an argument would be taken for
 * a command.
 *
 * @param plugins By their folders, in order of precedence.
 */
export function mergePlugins(
  plugins: ReadonlyMap<string, Inspected>,
  builtIn: Pick<CommandIndex, "commands">,
): Discovery {
  const index: CommandIndex = { commands: [], completers: {}, provisioners: [] };
  const warnings: string[] = [];
  const holders = new Map<string, Holder>();
  for (const command of builtIn.commands) hold(holders, command, builtInFolder);

  for (const [folder, plugin] of plugins) {
    if ("problem" in plugin) {
      warnings.push(`plugin ${folder} is left out: ${plugin.problem}`);
      continue;
    }
    // Groups before what is in them, whatever the order of their registration.
    const commands = plugin.index.commands.toSorted((a, b) => a.path.length - b.path.length);
    for (const command of commands) {
      const problem = clashOf(holders, command, folder);
      if (problem !== undefined) {
        warnings.push(`plugin ${folder}: its "${command.path.join(" ")}" is left out, ${problem}`);
        continue;
      }
      const accepted = withFreeAliases(holders, command);
      hold(holders, accepted, folder);
      index.commands.push(accepted);
      for (const alias of command.aliases ?? []) {
        if (accepted.aliases?.includes(alias)) continue;
        warnings.push(
          `plugin ${folder}: its alias "${alias}" is left out, it clashes with another command`,
        );
      }
    }
    index.completers = { ...plugin.index.completers, ...index.completers };
    index.provisioners.push(...plugin.index.provisioners);
  }
  return { index, warnings };
}

function hold(holders: Map<string, Holder>, command: CommandSpec, folder: string): void {
  holders.set(command.path.join(" "), { folder, isGroup: command.runnable === false });
  for (const name of aliasPaths(command)) holders.set(name, { folder, isGroup: false });
}

/** The words that an alias makes of a command's path. */
function aliasPaths({ path, aliases = [] }: CommandSpec): string[] {
  return aliases.map((alias) => [...path.slice(0, -1), alias].join(" "));
}

function clashOf(
  holders: ReadonlyMap<string, Holder>,
  { path }: CommandSpec,
  folder: string,
): string | undefined {
  const holder = holders.get(path.join(" "));
  if (holder !== undefined) {
    return `it clashes with ${
      holder.folder === builtInFolder ? "a built-in one" : `that of ${holder.folder}`
    }`;
  }
  if (path.length === 1) return undefined;
  const group = path.slice(0, -1).join(" ");
  const parent = holders.get(group);
  if (parent === undefined) return `there is no command "${group}"`;
  return parent.isGroup || parent.folder === folder
    ? undefined
    : `"${group}" of ${parent.folder || "this program"} takes no commands below it`;
}

function withFreeAliases(
  holders: ReadonlyMap<string, Holder>,
  command: IndexedCommand,
): IndexedCommand {
  if (command.aliases === undefined) return command;
  const paths = aliasPaths(command);
  const aliases = command.aliases.filter((_, position) => !holders.has(paths[position] ?? ""));
  return { ...command, aliases };
}
