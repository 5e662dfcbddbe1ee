/** The files of a plugin to start from: those of `template/` under its name, and what says how to use them. */

import plugin from "./template/plugin.ts" with { type: "text" };
import test from "./template/plugin_test.ts" with { type: "text" };
import readme from "./template/README.md" with { type: "text" };
import types from "./template/talosctl.d.ts" with { type: "text" };

/** What stands for the plugin's name in the template. */
const placeholder = "plugin-name";

/** What the library is called in the plugin's test. */
const libraryName = "@talos/talosctl";

/**
 * Texts by their file names.
 *
 * @param library What its test imports: a specifier, or the URL of a `mod.ts` or `mod.js`.
 */
export function pluginFiles(name: string, library: string | URL): Record<string, string> {
  return {
    "plugin.json": json(manifest(name)),
    "plugin.ts": plugin.replaceAll(placeholder, name),
    "plugin_test.ts": test.replaceAll(placeholder, name),
    "talosctl.d.ts": types,
    "deno.json": json(denoConfiguration(library)),
    "README.md": readme.replaceAll(placeholder, name),
  };
}

function manifest(name: string) {
  return {
    name,
    apiVersion: 1,
    entry: "plugin.ts",
    version: "0.1.0",
    description: "Shows which Talos each node runs",
    permissions: {},
    rpcs: ["machine.MachineService/Version"],
  };
}

/** For the test and for editors; the program reads none of it. */
function denoConfiguration(library: string | URL) {
  return {
    ...libraryBinding(library),
    // Plugins run in Workers that have fewer permissions than the program.
    unstable: ["worker-options"],
    nodeModulesDir: "none",
    lock: false,
    // Checked beforehand: a Worker that is checked while it starts takes longer than a plugin is given.
    tasks: { test: "deno check && deno test -A --no-check" },
    fmt: { lineWidth: 100 },
    // Those of the library, whose sources are checked along with the test.
    compilerOptions: {
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      noImplicitOverride: true,
      noFallthroughCasesInSwitch: true,
    },
  };
}

/** From its sources the library is taken together with its own configuration, which says where its packages are. */
function libraryBinding(library: string | URL): Record<string, unknown> {
  if (library instanceof URL && library.pathname.endsWith(".ts")) {
    const folder = decodeURIComponent(new URL(".", library).pathname);
    return { links: [folder], imports: { [libraryName]: `jsr:${libraryName}` } };
  }
  return { imports: { [libraryName]: String(library) } };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
