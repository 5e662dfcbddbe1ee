/** Imports one plugin and collects what it registers. */

import type { Command, Completer, Provisioner } from "./command.ts";
import type { Plugin, Registry } from "./plugin.ts";

/** What one plugin offers. */
export interface LoadedPlugin {
  name: string;
  // deno-lint-ignore no-explicit-any -- records and flags of commands differ; the frame treats them as data
  commands: Command<any, any, any>[];
  completers: Map<string, Completer>;
  provisioners: Provisioner[];
  protos: URL[];
}

/** The highest contract version this program understands. */
const apiVersion = 1;

/**
 * Imports a plugin's entry module and runs its `register`.
 *
 * @throws {Error} When the module has no plugin as default export, or `register` fails.
 */
export async function loadPlugin(entry: URL): Promise<LoadedPlugin> {
  const module: { default?: unknown } = await import(entry.href);
  const plugin = module.default;
  if (!isPlugin(plugin)) {
    throw new Error(
      `${entry.pathname}: the default export is no plugin of apiVersion ${apiVersion}`,
    );
  }
  const loaded: LoadedPlugin = {
    name: plugin.name,
    commands: [],
    completers: new Map(),
    provisioners: [],
    protos: [],
  };
  const registry: Registry = {
    command: (command) => void loaded.commands.push(command),
    completer: (kind, complete) => void loaded.completers.set(kind, complete),
    provisioner: (provisioner) => void loaded.provisioners.push(provisioner),
    proto: (file) => void loaded.protos.push(file),
  };
  plugin.register(registry);
  return loaded;
}

function isPlugin(value: unknown): value is Plugin {
  return typeof value === "object" && value !== null &&
    "apiVersion" in value && value.apiVersion === apiVersion &&
    "name" in value && typeof value.name === "string" &&
    "register" in value && typeof value.register === "function";
}
