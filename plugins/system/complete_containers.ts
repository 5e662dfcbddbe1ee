/** Completion of containers, and of pods that have a network of their own (spec/cli.md, 8). */

import {
  type ContainerSource,
  containerSource,
  kubernetesContainers,
} from "../../core/client/container_source.ts";
import type { CompletionResult, Context } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import type { ContainerInfo } from "../../proto/gen/machine/machine.ts";
import { hasOwnNetwork } from "./pods.ts";

const noFileCompletion = 4;
const noFileCompletionAndError = 5;

/** What `restart` takes: containers that run, those of pods without the pods themselves. */
export async function completeContainer(context: Context): Promise<CompletionResult> {
  const kubernetes = Reflect.get(context.flags, "kubernetes") === true;
  const { found, errors } = await listContainers(context, containerSource({ kubernetes }));
  const running = found.filter(({ id, podId, pid }) => pid !== 0 && !(kubernetes && id === podId));
  return { candidates: idsOf(running), directive: noFileCompletion, errors };
}

/** What `netstat` takes. */
export async function completePod(context: Context): Promise<CompletionResult> {
  const { found, errors } = await listContainers(context, kubernetesContainers);
  const directive = errors.length > 0 ? noFileCompletionAndError : noFileCompletion;
  return { candidates: idsOf(found.filter(hasOwnNetwork)), directive, errors };
}

async function listContainers({ talos, nodes }: Context, source: ContainerSource) {
  const machine = await talos.nodes(await nodes()).service("machine.MachineService");
  const found: ContainerInfo[] = [];
  const errors: CliError[] = [];
  for await (const answer of machine.containers(source)) {
    if ("error" in answer) {
      errors.push(new CliError(`error from node ${answer.node}: ${answer.error.message}`));
    } else {
      found.push(...answer.value.messages.flatMap(({ containers }) => containers));
    }
  }
  return { found, errors };
}

/** In order of arrival, each once. */
function idsOf(containers: readonly ContainerInfo[]): string[] {
  return [...new Set(containers.map(({ id }) => id))];
}
