/** The check that a command makes before it asks nodes: are they as new as this client? */

import { compareVersions } from "./compare_versions.ts";
import type { Context } from "./command.ts";
import { CliError } from "./errors.ts";
import { joinFailures } from "./join_failures.ts";
import { parseSemver } from "./flags/semver.ts";

/**
 * Asks all nodes for their version, and notes on one line those that are older than the client
 * (spec/client.md, 3.11).
 *
 * @throws {CliError} One line a node that failed or gave no version, in order of arrival.
 */
export async function checkServerVersions(
  { talos, note, version }: Pick<Context, "talos" | "note" | "version">,
  nodes: readonly string[],
): Promise<void> {
  const own = parseSemver(version, { alwaysPrefixed: false }).replace(/^v/, "");
  const older: string[] = [];
  const failures: CliError[] = [];
  const machine = await talos.nodes(nodes).service("machine.MachineService");
  for await (const answer of machine.version({})) {
    const { node } = answer;
    if ("error" in answer) {
      failures.push(failure(`${node}: error getting server version`, answer.error));
      continue;
    }
    for (const message of answer.value.messages) {
      const tag = message.version?.tag ?? "";
      try {
        const server = parseSemver(tag, { alwaysPrefixed: false }).replace(/^v/, "");
        if (compareVersions(server, own) >= 0) continue;
        older.push(`${node}: server version ${server} is older than client version ${own}`);
      } catch (error) {
        if (!(error instanceof CliError)) throw error;
        failures.push(failure(`${node}: error parsing server version`, error));
      }
    }
  }
  if (failures.length > 0) throw joinFailures(failures);
  if (older.length > 0) note(`WARNING: ${older.join(", ")}`);
}

function failure(what: string, cause: Error): CliError {
  return new CliError(`${what}: ${cause.message}`, { cause });
}
