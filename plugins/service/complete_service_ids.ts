/** Completion of service names: what the chosen nodes say they run. */

import type { CompletionResult, Context } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";

const noFileCompletion = 4;

/** Ids in order of arrival, each once; a node that fails is reported and skipped (spec/cli.md, 8). */
export async function completeServiceIds({ talos, nodes }: Context): Promise<CompletionResult> {
  const machine = await talos.nodes(await nodes()).service("machine.MachineService");
  const ids = new Set<string>();
  const errors: CliError[] = [];
  for await (const answer of machine.serviceList({})) {
    if ("error" in answer) {
      errors.push(new CliError(`error from node ${answer.node}: ${answer.error.message}`));
    } else {
      for (const { services } of answer.value.messages) {
        for (const { id } of services) ids.add(id);
      }
    }
  }
  return { candidates: [...ids], directive: noFileCompletion, errors };
}
