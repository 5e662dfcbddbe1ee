/** The error for a word that is no command, with the names that come close to it (spec/cli.md, 3). */

import {
  childrenOf,
  type CommandIndex,
  commandName,
  isVisible,
  rootCommand,
} from "../core/command_index.ts";
import { CliError } from "../core/errors.ts";
import { goQuote } from "../core/output/go_quote.ts";

/** How many letters a suggested name may differ in. */
const greatestDistance = 2;

/** The error for an unknown word at the root. */
export function unknownCommandError(index: CommandIndex, word: string): CliError {
  const names = suggestionsFor(index, word).map((name) => `\t${name}\n`);
  const suggestions = names.length === 0 ? "" : `\n\nDid you mean this?\n${names.join("")}`;
  return new CliError(`unknown command ${goQuote(word)} for "talosctl"${suggestions}`);
}

/** Visible root commands whose name is close to `word` or begins with it, in order of registration. */
function suggestionsFor(index: CommandIndex, word: string): string[] {
  const typed = word.toLowerCase();
  return childrenOf(index, rootCommand)
    .filter((command) => isVisible(index, command))
    .map(commandName)
    .filter((name) => {
      const folded = name.toLowerCase();
      return folded.startsWith(typed) || distance(typed, folded) <= greatestDistance;
    });
}

/** How many bytes must be changed, added or taken away to make one word of the other (Levenshtein). */
function distance(from: string, to: string): number {
  const [source, target] = [from, to].map((word) => new TextEncoder().encode(word));
  let row = Array.from({ length: (target?.length ?? 0) + 1 }, (_, column) => column);
  source?.forEach((sourceByte, line) => {
    const next = [line + 1];
    target?.forEach((targetByte, column) => {
      const change = (row[column] ?? 0) + (sourceByte === targetByte ? 0 : 1);
      next.push(Math.min(change, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    });
    row = next;
  });
  return row.at(-1) ?? 0;
}
