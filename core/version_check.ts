/** The check that a command makes before it asks nodes: are they as new as this client? */

import { compareVersions } from "./compare_versions.ts";
import type { CallOptions } from "./client/talos.ts";
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
  options: CallOptions = {},
): Promise<void> {
  const own = parseSemver(version, { alwaysPrefixed: false }).replace(/^v/, "");
  const { versions, failures } = await readServerVersions({ talos }, nodes, options);
  if (failures.length > 0) throw joinFailures(failures);
  const older = versions.filter(({ version }) => compareVersions(version, own) < 0)
    .map(({ node, version }) =>
      `${node}: server version ${version} is older than client version ${own}`
    );
  if (older.length > 0) note(`WARNING: ${older.join(", ")}`);
}

/** What nodes say of their versions, in order of arrival. */
export interface ServerVersions {
  /** Without `v`. */
  versions: readonly { node: string; version: string }[];
  /** Of the nodes that failed or gave no version. */
  failures: readonly CliError[];
}

/** Asks all nodes for their version. */
export async function readServerVersions(
  { talos }: Pick<Context, "talos">,
  nodes: readonly string[],
  options: CallOptions = {},
): Promise<ServerVersions> {
  const versions: { node: string; version: string }[] = [];
  const failures: CliError[] = [];
  const machine = await talos.nodes(nodes).service("machine.MachineService");
  for await (const answer of machine.version({}, options)) {
    const { node } = answer;
    if ("error" in answer) {
      failures.push(failure(`${node}: error getting server version`, answer.error));
      continue;
    }
    for (const message of answer.value.messages) {
      const tag = message.version?.tag ?? "";
      try {
        const version = parseSemver(tag, { alwaysPrefixed: false }).replace(/^v/, "");
        versions.push({ node, version });
      } catch (error) {
        if (!(error instanceof CliError)) throw error;
        failures.push(failure(`${node}: error parsing server version`, error));
      }
    }
  }
  return { versions, failures };
}

function failure(what: string, cause: Error): CliError {
  return new CliError(`${what}: ${cause.message}`, { cause });
}
