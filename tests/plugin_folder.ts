/** A home folder with third-party plugins in it, and the program as a process that finds them there. */

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
  /** Writes a plugin: its manifest, and `plugin.ts` with this code. */
  install(folder: string, code: string, manifest?: Record<string, unknown>): Promise<void>;
  /** Runs the program with these words, in a folder below this one. */
  run(
    words: readonly string[],
    env?: Record<string, string>,
    folder?: string,
  ): Promise<ProcessOutcome>;
}

/** Makes the folder; it is removed when it is disposed of. */
export async function createPluginHome(): Promise<PluginHome> {
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
    },
    async run(words, env = {}, folder = "") {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", programPath, ...words],
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
