/** Has nodes run the installer of an image, and reports what it says (spec/machine-ops.md, 9.2). */

import type { Context } from "../../core/command.ts";
import { containerdInstance } from "../../core/containerd_instance.ts";
import { CliError } from "../../core/errors.ts";
import { joinFailures } from "../../core/join_failures.ts";
import { compareCodePoints } from "../../core/output/code_point_order.ts";
import { InstallerOutput } from "./installer_output.ts";

/** What is installed, and where. */
export interface Installation {
  nodes: readonly string[];
  /** As `--namespace` names it. */
  namespace: string;
  /** As the user wrote it, not as the pull named it. */
  image: string;
  /** What an installer has said is shown again where it fails. */
  showsOutput: boolean;
}

const failureClasses: Readonly<Record<number, string>> = {
  2: " (invalid input)",
  3: " (unsupported operation)",
  4: " (environment error)",
  5: " (dependency error)",
  6: " (I/O error)",
  7: " (installation error)",
};

/**
 * Installs on all nodes at once and waits for all of them.
 *
 * @throws {CliError} One line a node that failed, in order of arrival.
 */
export async function installImage(
  { talos, progress }: Pick<Context, "talos" | "progress">,
  { nodes, namespace, image, showsOutput }: Installation,
): Promise<void> {
  const lifecycle = await talos.nodes(nodes).service("machine.LifecycleService");
  const latest = new Map<string, string>();
  const outputs = new Map(nodes.map((node) => [node, new InstallerOutput()]));
  const exitCodes = new Map<string, number>();
  const failures: CliError[] = [];
  const request = { containerd: containerdInstance(namespace), source: { imageName: image } };
  for await (const answer of lifecycle.upgrade(request)) {
    const { node } = answer;
    if ("error" in answer) {
      const { error: cause } = answer;
      failures.push(new CliError(`error from node ${node}: ${cause.message}`, { cause }));
      continue;
    }
    const { message, exitCode } = answer.value.progress ?? {};
    if (message !== undefined) outputs.get(node)?.add(message);
    if (exitCode !== undefined) {
      exitCodes.set(node, exitCode);
      if (exitCode !== 0) failures.push(exitFailure(node, exitCode));
    }
    latest.set(node, exitCode === undefined ? message ?? "" : `Exit code: ${exitCode}`);
    progress.update(sorted(latest).map(([node, text]) => `${node}: ${text}\n`).join(""));
  }
  if (exitCodes.size > 0) {
    const isFailed = [...exitCodes.values()].some((exitCode) => exitCode !== 0);
    const texts = sorted(exitCodes).map(([node, exitCode]) => {
      const output = showsOutput && exitCode !== 0 ? outputs.get(node)?.text ?? "" : "";
      return outputText(node, output) + resultText(node, exitCode);
    });
    progress.update(texts.join("\n"), isFailed ? "error" : "succeeded");
  }
  if (failures.length > 0) throw joinFailures(failures);
}

function exitFailure(node: string, exitCode: number): CliError {
  return new CliError(`node ${node}: upgrade failed with exit code ${exitCode}`);
}

function outputText(node: string, output: string): string {
  return output === "" ? "" : `${node}: installer output:\n${output}\n`;
}

function resultText(node: string, exitCode: number): string {
  if (exitCode === 0) return `${node}: upgrade completed`;
  return `${node}: upgrade failed with exit code ${exitCode}${failureClasses[exitCode] ?? ""}`;
}

function sorted<T>(byNode: ReadonlyMap<string, T>): [string, T][] {
  return [...byNode].sort(([one], [other]) => compareCodePoints(one, other));
}
