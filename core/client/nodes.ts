/** Which nodes a command asks (spec/client.md, 3.2). */

import { CliError } from "../errors.ts";

/** What is known of a command here. */
export interface TargetedCommand {
  path: readonly string[];
  targets: "none" | "one" | "many";
}

/**
 * Checks a node list against what a command needs.
 *
 * @throws {CliError} with the official text where no node is named, or several for a command that takes one
 */
export function checkNodes(command: TargetedCommand, nodes: readonly string[]): void {
  if (command.targets === "none") return;
  if (nodes.length === 0) {
    throw new CliError(
      "nodes are not set for the command: please use `--nodes` flag or configuration file to set the nodes to run the command against",
    );
  }
  if (command.targets === "one" && nodes.length > 1) {
    throw new CliError(
      `command "${command.path.join(" ")}" requires exactly one node (got ${nodes.length})`,
    );
  }
}
