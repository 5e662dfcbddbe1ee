/** The environment of the program as a process of its own: an empty home, and the runtime's module cache. */

let knownCacheFolder: string | undefined;

/** Where the runtime keeps modules: by default below the home folder, so an empty home needs it named. */
function cacheFolder(): string {
  if (knownCacheFolder === undefined) {
    const { stdout } = new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).outputSync();
    const info: { denoDir: string } = JSON.parse(new TextDecoder().decode(stdout));
    knownCacheFolder = info.denoDir;
  }
  return knownCacheFolder;
}

/** Variables for a process that must see nothing of the user's; to be used with `clearEnv`. */
export function processEnvironment(home: string): Record<string, string> {
  return { HOME: home, TZ: "UTC", PATH: Deno.env.get("PATH") ?? "", DENO_DIR: cacheFolder() };
}
