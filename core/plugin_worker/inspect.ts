/** What a third-party plugin declares: its `register` runs in a Worker that can be ended. */

import type { CommandIndex } from "../command_index.ts";
import { connectionFlags } from "../command_index.ts";
import { CliError } from "../errors.ts";
import { isCommandSpec } from "../plugin_index.ts";
import { type ConfinedPlugin, startConfined } from "./confined.ts";
import { errorOfWire } from "./wire_error.ts";

/** A plugin whose import does not end must not hold up every other command. */
const importTimeoutMs = 5000;

/** An import that did not end in time. */
export class ImportTimeoutError extends CliError {}

/**
 * Loads a plugin and asks what it declares.
 *
 * @param worker Where `worker.ts` is, in the sources or in a bundle.
 * @throws {CliError} With what is wrong with it, in one line.
 */
export async function inspectPlugin(plugin: ConfinedPlugin, worker: URL): Promise<CommandIndex> {
  const { promise, resolve, reject } = Promise.withResolvers<{ name: unknown; index: unknown }>();
  const timer = setTimeout(
    () => reject(new ImportTimeoutError(`no answer within ${importTimeoutMs / 1000} s`)),
    importTimeoutMs,
  );
  const confined = startConfined(plugin, {
    worker,
    onMessage(message) {
      if (message.kind === "loaded") resolve(message);
      else if (message.kind === "failed") reject(firstLine(errorOfWire(message.error)));
    },
    onFailure: (error) => reject(firstLine(error)),
  });
  confined.load();
  try {
    const { name, index } = await promise;
    if (name !== plugin.name) {
      throw new CliError(`its name is "${name}", plugin.json says "${plugin.name}"`);
    }
    return checkIndex(index, plugin);
  } finally {
    clearTimeout(timer);
    confined.terminate();
  }
}

function firstLine(error: CliError): CliError {
  const [line = ""] = error.message.split("\n");
  return new CliError(line, { ...(error.hint === undefined ? {} : { hint: error.hint }) });
}

/** Only what an index may hold of this plugin is taken over from what it says. */
function checkIndex(text: unknown, { entry }: ConfinedPlugin): CommandIndex {
  const { commands, completers } = Object(JSON.parse(String(text)));
  if (!Array.isArray(commands) || !commands.every(isCommandSpec)) {
    throw new CliError("a command it declares is malformed");
  }
  for (const { path, flags } of commands) {
    const taken = Object.keys(flags).find((key) =>
      key in connectionFlags || (key === "insecure" && flags[key]?.default !== undefined)
    );
    if (taken === undefined) continue;
    throw new CliError(
      `its "${path.join(" ")}" declares the flag "${taken}", which decides whom the program ` +
        `connects to`,
    );
  }
  return {
    commands: commands.map((command) => ({ ...command, plugin: entry.href })),
    completers: Object.fromEntries(
      Object.keys(Object(completers)).map((kind) => [
        kind,
        entry.href,
      ]),
    ),
    provisioners: [],
  };
}
