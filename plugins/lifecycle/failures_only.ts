/** What is left of the answers of commands that print nothing where all goes well. */

import type { NodeResult } from "../../core/client/talos.ts";
import type { NodeError } from "../../core/command.ts";

/** The nodes that failed, in order of arrival. */
export async function* failuresOnly(
  answers: AsyncIterable<NodeResult<unknown>>,
): AsyncGenerator<NodeError> {
  for await (const answer of answers) {
    if ("error" in answer) yield answer;
  }
}
