/**
 * `deno task bundle [FOLDER]`: makes `dist/`, the program as minified files, with the same layout as the sources, so that
 * everything found by a computed URL is found there too.
 */

import { compileAhead } from "./compile_ahead.ts";
import { mergeChunks } from "./merge_chunks.ts";

const root = new URL("..", import.meta.url).pathname;
const dist = Deno.args[0] ?? `${root}dist`;

/** Modules imported by a computed URL keep their own file; the bundler cannot see those imports. */
function entryPoints(): string[] {
  const plugins = [...Deno.readDirSync(`${root}plugins`)].filter((entry) => entry.isDirectory)
    .map((entry) => `plugins/${entry.name}/plugin.ts`).sort();
  return ["cli/main.ts", "mod.ts", "core/plugin_worker/worker.ts", ...plugins];
}

/** Data that is read from disk beside the code. */
const dataFiles = ["cli/index.jsonl"];

/**
 * With a CommonJS package in the graph the bundler adds this import to a chunk that all others share: 20 ms on every
 * start. What takes its place loads the module when a CommonJS package is really loaded.
 */
const slowRequire = /import\s*\{\s*createRequire(?:\s+as\s+(\w+))?\s*\}\s*from\s*"node:module";/;

async function bundle(): Promise<void> {
  await Deno.remove(dist, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "bundle",
      "--minify",
      "--code-splitting",
      "--platform=deno",
      `--outdir=${dist}`,
      ...entryPoints(),
    ],
    cwd: root,
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("deno bundle failed");
  replaceSlowRequire();
  await mergeChunks(Deno.realPathSync(dist), entryPoints());
  for (const file of filesBelow(dist)) {
    Deno.writeTextFileSync(file, compileAhead(Deno.readTextFileSync(file)));
  }
  for (const file of dataFiles) Deno.copyFileSync(root + file, `${dist}/${file}`);
  // Without a configuration of its own, the one of a folder above would be read at every start.
  const { unstable } = JSON.parse(Deno.readTextFileSync(`${root}deno.json`));
  Deno.writeTextFileSync(`${dist}/deno.json`, JSON.stringify({ unstable }) + "\n");
}

function replaceSlowRequire(): void {
  let count = 0;
  for (const file of filesBelow(dist)) {
    const code = Deno.readTextFileSync(file);
    const replaced = code.replace(slowRequire, (_, name = "createRequire") => {
      count++;
      return `const ${name}=(u)=>{let r;return(n)=>(r??=process.getBuiltinModule("node:module")` +
        `.createRequire(u))(n)};`;
    });
    if (replaced !== code) Deno.writeTextFileSync(file, replaced);
  }
  if (count === 0) {
    throw new Error(
      "the bundle holds no createRequire import: look at how CommonJS is bundled now",
    );
  }
}

function filesBelow(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap((entry) =>
    entry.isDirectory
      ? filesBelow(`${folder}/${entry.name}`)
      : entry.name.endsWith(".js")
      ? [`${folder}/${entry.name}`]
      : []
  );
}

if (import.meta.main) await bundle();
