/** Completion of what has a log: services, containers, and logs that belong to neither (spec/cli.md, 8). */

import { kubernetesContainers, systemContainers } from "../../core/client/container_source.ts";
import type { NodeResult } from "../../core/client/talos.ts";
import type { CompletionResult, Context } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { compareCodePoints } from "../../core/output/code_point_order.ts";
import type { ContainersResponse } from "../../proto/gen/machine/machine.ts";

const noFileCompletion = 4;

/** Names of all nodes together: with `-k` of containers of pods in order of arrival, else of everything, sorted. */
export async function completeLogSource(context: Context): Promise<CompletionResult> {
  const { talos, nodes, flags } = context;
  const machine = await talos.nodes(await nodes()).service("machine.MachineService");
  const names = new Set<string>();
  const errors = new Map<string, CliError>();
  const collect = async <T>(answers: AsyncIterable<NodeResult<T>>, of: (value: T) => string[]) => {
    for await (const answer of answers) {
      if (!("error" in answer)) { for (const name of of(answer.value)) names.add(name); }
      else errors.set(answer.node, nodeError(answer.node, answer.error));
    }
  };
  const isKubernetes = Reflect.get(flags, "kubernetes") === true;
  if (isKubernetes) {
    await collect(
      machine.containers(kubernetesContainers),
      (value) => runningIds(value, ({ id, podId }) => id !== podId),
    );
  } else {
    await Promise.all([
      collect(
        machine.serviceList({}),
        ({ messages }) => messages.flatMap(({ services }) => services.map(({ id }) => id)),
      ),
      collect(machine.containers(systemContainers), (value) => runningIds(value, () => true)),
      collect(machine.logsContainers({}), ({ messages }) => messages.flatMap(({ ids }) => ids)),
    ]);
  }
  const candidates = isKubernetes ? [...names] : [...names].sort(compareCodePoints);
  return { candidates, directive: noFileCompletion, errors: [...errors.values()] };
}

function runningIds(
  { messages }: ContainersResponse,
  isWanted: (container: { id: string; podId: string }) => boolean,
): string[] {
  return messages.flatMap(({ containers }) => containers)
    .filter((container) => container.pid !== 0 && isWanted(container))
    .map(({ id }) => id);
}

function nodeError(node: string, error: Error): CliError {
  return new CliError(`error from node ${node}: ${error.message}`, { cause: error });
}
