/**
 * Joins files of the bundle that are always loaded together. The bundler makes a file of all that the same entries share, fifty
 * for the frame alone; each takes the runtime about a tenth of a millisecond at every start.
 */

// The bundler cannot be told which modules belong together. In WebAssembly: its native builds do not load everywhere.
import { type GetModuleInfo, rollup } from "@rollup/wasm-node";
import { dirname, resolve } from "@std/path";

/** Larger files that import nothing are libraries, which stay as they are: to read them takes seconds. */
const maxParsedBytes = 20_000;

/**
 * Joins what `cli/main.js` needs to start, and what it needs beyond that to run a command.
 *
 * @param entries The modules that are asked for by name, without `.js`: they stay files of their own.
 */
export async function mergeChunks(folder: string, entries: readonly string[]): Promise<void> {
  const names = entries.map((entry) => entry.replace(/\.ts$/, ""));
  const start = `${folder}/cli/main.js`;
  const isRun = (id: string) => /\/execute-\w+\.js$/.test(id);
  const bundle = await rollup({
    input: Object.fromEntries(names.map((name) => [name, `${folder}/${name}.js`])),
    plugins: [{ name: "files", resolveId: resolveFile }],
    // Entries hold their own code: some look for files beside themselves.
    preserveEntrySignatures: "allow-extension",
    treeshake: false,
    onLog(level, log) {
      if (level === "warn" && log.code !== "CIRCULAR_DEPENDENCY") throw new Error(log.message);
    },
  });
  const { output } = await bundle.generate({
    dir: folder,
    compact: true,
    chunkFileNames: "[name].js",
    hoistTransitiveImports: false,
    manualChunks(id, { getModuleInfo }) {
      const atStart = staticImports(getModuleInfo, start);
      if (id === start || isRun(id)) return undefined;
      if (atStart.has(id)) return "start";
      const run = [...atStart].flatMap((each) => dynamicImports(getModuleInfo, each)).find(isRun);
      if (run === undefined) throw new Error("the bundle has no file that runs commands");
      return staticImports(getModuleInfo, run).has(id) ? "run" : undefined;
    },
  });
  for (const id of bundle.watchFiles) Deno.removeSync(id);
  for (const file of output) {
    if (file.type === "chunk") Deno.writeTextFileSync(`${folder}/${file.fileName}`, file.code);
  }
}

/** Imports name files as they are; Rollup's own way looks into folders for each. */
function resolveFile(id: string, importer: string | undefined) {
  if (importer === undefined) return id;
  const isFile = id.startsWith(".");
  const path = isFile ? resolve(dirname(importer), id) : id;
  return isFile && !isLibrary(path) ? path : { id, external: true };
}

function isLibrary(path: string): boolean {
  const code = Deno.readTextFileSync(path);
  return code.length > maxParsedBytes && !/\bfrom"\.|\bimport"\.|\bimport\("\./.test(code);
}

function staticImports(info: GetModuleInfo, id: string, found = new Set<string>()): Set<string> {
  if (found.has(id)) return found;
  found.add(id);
  for (const imported of info(id)?.importedIds ?? []) staticImports(info, imported, found);
  return found;
}

function dynamicImports(info: GetModuleInfo, id: string): readonly string[] {
  return info(id)?.dynamicallyImportedIds ?? [];
}
