/**
 * Parts of the program that most runs do not need. They are imported by a computed URL: with a literal one the
 * runtime reads all that such a module imports at every start, used or not (measured: 20 to 30 ms).
 */

import type { Host } from "./host.ts";

/** The modules, by their path without the extension. The bundler makes an entry point of each. */
interface LazyModules {
  "cli/completion": typeof import("./completion.ts");
  "cli/completion_scripts/script": typeof import("./completion_scripts/script.ts");
  "cli/error_text": typeof import("./error_text.ts");
  "cli/execute": typeof import("./execute.ts");
  "cli/external": typeof import("./external.ts");
  "cli/help": typeof import("./help.ts");
  "cli/suggest": typeof import("./suggest.ts");
  "cli/terminal_hold": typeof import("./terminal_hold.ts");
  "core/plugin_discovery": typeof import("../core/plugin_discovery.ts");
}

/** Their paths. */
export const lazyModulePaths = [
  "cli/completion",
  "cli/completion_scripts/script",
  "cli/error_text",
  "cli/execute",
  "cli/external",
  "cli/help",
  "cli/suggest",
  "cli/terminal_hold",
  "core/plugin_discovery",
] as const satisfies readonly (keyof LazyModules)[];

/** Imports one of them. */
export function loadModule<P extends keyof LazyModules>(
  { root, extension }: Pick<Host, "root" | "extension">,
  path: P,
): Promise<LazyModules[P]> {
  return import(new URL(path + extension, root).href);
}
