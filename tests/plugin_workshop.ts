/** Plugins before they are installed: folders, archives and packages of them, and a home to install them in. */

import { type Outcome, type RunOptions, runProgram } from "./talosctl.ts";

/** Paths and contents of files. */
export type Files = Record<string, string | Uint8Array>;

/** A home folder and the place where authors keep their plugins. */
export interface PluginWorkshop extends AsyncDisposable {
  /** Its name holds blanks, which paths may. */
  path: string;
  /** Where plugins are installed. */
  plugins: string;
  /** Writes the files of a plugin; the folder they are in. */
  write(name: string, files: Files): Promise<string>;
  /** Runs `talosctl plugin …` in this process, as somebody who lives here. */
  plugin(words: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** Runs `talosctl …` in this process. */
  talosctl(words: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** The names of what is installed, leftovers among them. */
  installed(): string[];
}

/** An empty one; it is removed when it is disposed of. */
export async function createWorkshop(): Promise<PluginWorkshop> {
  const path = await Deno.realPath(await Deno.makeTempDir({ prefix: "talosctl workshop ü " }));
  const plugins = `${path}/data/talos/plugins`;
  const talosctl = (words: readonly string[], options: RunOptions = {}) =>
    runProgram(words, {
      now: () => new Date("2026-02-03T04:05:06Z"),
      ...options,
      env: { HOME: path, XDG_DATA_HOME: `${path}/data`, ...options.env },
    });
  return {
    path,
    plugins,
    talosctl,
    plugin: (words, options) => talosctl(["plugin", ...words], options),
    async write(name, files) {
      const folder = `${path}/work/${name}`;
      for (const [file, content] of Object.entries(files)) {
        const place = `${folder}/${file}`;
        await Deno.mkdir(place.slice(0, place.lastIndexOf("/")), { recursive: true });
        await Deno.writeFile(place, bytesOf(content));
      }
      return folder;
    },
    installed: () => namesIn(plugins),
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

function namesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** The two files of a plugin with one command that prints `hello`. */
export function greeter(name: string, manifest: Record<string, unknown> = {}): Files {
  return {
    "plugin.json": JSON.stringify({ name, apiVersion: 1, entry: "plugin.ts", ...manifest }),
    "plugin.ts": `export default {
  name: "${name}",
  apiVersion: 1,
  register(registry) {
    registry.command({
      path: ["${name}"],
      summary: "Greet",
      args: { rule: "none" },
      flags: {},
      targets: "none",
      *run() {
        yield "hello\\n";
      },
    });
  },
};
`,
  };
}

/** Text as UTF-8. */
export function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}
