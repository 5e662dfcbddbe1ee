/**
 * `deno task pack [FILE]`: the npm package, as a tarball in `build/`. `deno pack` cannot make it: it follows the imports of
 * a library, and knows no programs. The package depends on npm's `deno` and needs Node.js only to start that.
 */
// deno-lint-ignore-file no-console -- a program that prints

import { writeFileAtomic } from "../core/files/atomic.ts";
import { bundleProgram, packageVersion, sources } from "./bundled_program.ts";
import { archive, filesBelow } from "./folder_archive.ts";

/** What npm has to know. */
function manifest(): string {
  const { name, license } = JSON.parse(Deno.readTextFileSync(`${sources}deno.json`));
  return JSON.stringify(
    {
      name,
      version: packageVersion(),
      description: "The command line of Talos Linux, a plugin host and a client library, on Deno",
      license,
      type: "module",
      bin: { talosctl: "bin/talosctl.cjs" },
      exports: { ".": "./program/mod.js" },
      dependencies: { deno: Deno.version.deno },
    },
    undefined,
    2,
  );
}

async function pack(output: string): Promise<void> {
  await using program = await bundleProgram();
  const manifestPath = `${program.folder}/package.json`;
  const bundled = filesBelow(program.folder, "package/program");
  await Deno.writeTextFile(manifestPath, `${manifest()}\n`);
  const files = [
    { name: "package/package.json", path: manifestPath, mode: 0o644 },
    { name: "package/README.md", path: `${sources}README.md`, mode: 0o644 },
    { name: "package/LICENSE", path: `${sources}LICENSE`, mode: 0o644 },
    { name: "package/bin/talosctl.cjs", path: `${sources}cli/npm/talosctl.cjs`, mode: 0o755 },
    ...bundled,
  ];
  await writeFileAtomic(output, await archive(files), { mode: 0o644, createParents: true });
  console.log(output);
}

if (import.meta.main) {
  await pack(Deno.args[0] ?? `${sources}build/talosctl-${packageVersion()}.tgz`);
}
