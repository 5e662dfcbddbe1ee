/** A home folder with third-party plugins in it, and the program as a process that finds them there. */

import { editGrants } from "../core/plugin_grants.ts";
import { hashFolder } from "../core/plugin_hash.ts";
import { type PluginRights, readManifest } from "../core/plugin_manifest.ts";
import { processEnvironment } from "./process_environment.ts";

/** The program's entry. */
export const programPath = new URL("../cli/main.ts", import.meta.url).pathname;

/** What a process left behind. */
export interface ProcessOutcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** A folder that is the home of nobody else. */
export interface PluginHome extends AsyncDisposable {
  path: string;
  /** Where plugins are installed. */
  plugins: string;
  cacheFile: string;
  /** All variables of a process that lives here. */
  environment: Record<string, string>;
  /** Writes a plugin, its manifest and `plugin.ts` with this code, and approves what it asks for. */
  install(folder: string, code: string, manifest?: Record<string, unknown>): Promise<void>;
  /** Approves a plugin as it stands; it is given what its manifest asks for, or this. */
  approve(folder: string, rights?: PluginRights): Promise<void>;
  /** Runs the program with these words, in a folder below this one. */
  run(
    words: readonly string[],
    env?: Record<string, string>,
    folder?: string,
  ): Promise<ProcessOutcome>;
}

/** What stands before the words of a command line. */
const fromSource: readonly [string, ...string[]] = [Deno.execPath(), "run", "-A", programPath];

/**
 * Makes the folder; it is removed when it is disposed of.
 *
 * @param command What runs the program; default from its sources.
 */
export async function createPluginHome(
  command: readonly [string, ...string[]] = fromSource,
): Promise<PluginHome> {
  const path = await Deno.makeTempDir({ prefix: "talosctl plugins 100% ü#" });
  const plugins = `${path}/data/talos/plugins`;
  const environment = {
    ...processEnvironment(path),
    XDG_DATA_HOME: `${path}/data`,
    XDG_CACHE_HOME: `${path}/cache`,
  };
  return {
    path,
    plugins,
    environment,
    cacheFile: `${path}/cache/talosctl/plugins.json`,
    async install(folder, code, manifest = {}) {
      const place = `${plugins}/${folder}`;
      await Deno.mkdir(place, { recursive: true });
      const whole = { name: folder, apiVersion: 1, entry: "plugin.ts", ...manifest };
      await Deno.writeTextFile(`${place}/plugin.json`, JSON.stringify(whole));
      await Deno.writeTextFile(`${place}/plugin.ts`, code);
      await approvePlugin(plugins, folder);
    },
    approve: (folder, rights) => approvePlugin(plugins, folder, rights),
    async run(words, env = {}, folder = "") {
      const [program, ...first] = command;
      const { code, stdout, stderr } = await new Deno.Command(program, {
        args: [...first, ...words],
        cwd: `${path}/${folder}`,
        clearEnv: true,
        env: { ...environment, ...env },
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
      }).output();
      const decoder = new TextDecoder();
      return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
    },
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** Approves a plugin of a plugins folder as it stands; it is given what its manifest asks for, or this. */
export async function approvePlugin(
  plugins: string,
  name: string,
  rights?: PluginRights,
): Promise<void> {
  const folder = `${plugins}/${name}`;
  const sha256 = await hashFolder(folder);
  const none: PluginRights = { permissions: {}, rpcs: [] };
  // A manifest that nobody can read asks for nothing.
  const { permissions, rpcs } = rights ?? await readManifest(folder).catch(() => none);
  await editGrants(plugins, (grants) => {
    const approvedAt = "2026-01-01T00:00:00Z";
    grants[name] = { source: folder, sha256, approvedAt, permissions, rpcs };
  });
}

/** The code of a plugin with one command that prints a line. */
export function greeting(name: string, command: string, line = "hello"): string {
  return `export default {
  name: ${JSON.stringify(name)},
  apiVersion: 1,
  register(registry) {
    registry.command({
      path: ${JSON.stringify(command.split(" "))},
      summary: "Greet",
      args: { rule: "none" },
      flags: {},
      targets: "none",
      *run() {
        yield ${JSON.stringify(`${line}\n`)};
      },
    });
  },
};
`;
}
