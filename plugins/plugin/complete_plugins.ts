/** Completion of the names of installed plugins. */

import type { CompletionResult, Context } from "../../core/command.ts";
import { readInstallation } from "./installed.ts";

const noFileCompletion = 4;

/** Each with its state. */
export async function completePlugins({ env }: Pick<Context, "env">): Promise<CompletionResult> {
  const { plugins, grantErrors } = await readInstallation(env);
  return {
    candidates: plugins.map(({ name, state }) => `${name}\t${state}`),
    directive: noFileCompletion,
    errors: grantErrors,
  };
}
