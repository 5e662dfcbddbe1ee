/** What is checked after the flags are read, in this order: arguments, required and exclusive flags. */

import type { CommandSpec } from "../command.ts";
import { type CommandFlag, commandPath } from "../command_index.ts";
import { CliError } from "../errors.ts";
import { goQuote } from "../output/go_quote.ts";

/**
 * Checks the number of positional arguments.
 *
 * @throws {CliError} with the text of spec/cli.md, 5.
 */
export function checkArgs(command: CommandSpec, args: readonly string[]): void {
  const { rule, min = 0, max = Infinity } = command.args;
  const count = args.length;
  switch (rule) {
    case "none":
      if (count === 0) return;
      throw new CliError(
        `unknown command ${goQuote(args[0] ?? "")} for ${goQuote(commandPath(command))}`,
      );
    case "exact":
      if (count === min) return;
      throw new CliError(`accepts ${min} arg(s), received ${count}`);
    case "range":
      if (count >= min && count <= max) return;
      throw new CliError(`accepts between ${min} and ${max} arg(s), received ${count}`);
    case "max":
      if (count <= max) return;
      throw new CliError(`accepts at most ${max} arg(s), received ${count}`);
    case "min":
      if (count >= min) return;
      throw new CliError(`requires at least ${min} arg(s), only received ${count}`);
    case "any":
    case "unchecked":
      return;
  }
}

/**
 * Checks that required flags are given, then that no two exclusive ones are.
 *
 * @param known The command's flags; see `flagsFor`.
 * @param given Long names of the flags on the line.
 * @throws {CliError} with the text of spec/cli.md, 6.2.
 */
export function checkGiven(
  command: CommandSpec,
  known: readonly CommandFlag[],
  given: ReadonlySet<string>,
): void {
  const missing = known.filter(({ flag, name }) => flag.required && !given.has(name))
    .map(({ name }) => `"${name}"`).sort();
  if (missing.length > 0) throw new CliError(`required flag(s) ${missing.join(", ")} not set`);

  const groups = (command.exclusive ?? []).map((names) => ({ names, text: names.join(" ") }));
  groups.sort((a, b) => a.text < b.text ? -1 : 1);
  for (const { names, text } of groups) {
    const set = names.filter((name) => given.has(name)).sort();
    if (set.length < 2) continue;
    throw new CliError(
      `if any flags in the group [${text}] are set none of the others can be; ` +
        `[${set.join(" ")}] were all set`,
    );
  }
}
