/** The program in each of the ways in which people run it: from its sources, from the bundle, as one executable file. */

import { bundleProgram, packageVersion } from "../cli/bundled_program.ts";
import { writePortable } from "../cli/portable/executable.ts";
import { programPath } from "./plugin_folder.ts";

/** One way. */
export interface Launcher {
  name: "source" | "bundle" | "portable";
  /** What stands before the words of a command line. */
  command: readonly [string, ...string[]];
}

/** All ways that this system has; disposing of it removes what was made for them. */
export interface Launchers extends AsyncDisposable {
  all: readonly Launcher[];
  /** What is unpacked for one run serves the next. */
  environment: Record<string, string>;
}

/** Makes them: some seconds, so once a test file. */
export async function makeLaunchers(): Promise<Launchers> {
  const run = [Deno.execPath(), "run", "-A"] as const;
  const folder = await Deno.makeTempDir({ prefix: "talosctl launchers ü " });
  const program = await bundleProgram();
  const bundle = `${folder}/bundle`;
  await copyFolder(program.folder, bundle);
  const all: Launcher[] = [
    { name: "source", command: [...run, programPath] },
    { name: "bundle", command: [...run, `${bundle}/cli/main.js`] },
  ];
  const system = systemName();
  if (system !== undefined) {
    const portable = `${folder}/talosctl`;
    const parts = { runtime: Deno.execPath(), program: program.folder, system };
    await writePortable({ ...parts, version: packageVersion() }, portable);
    all.push({ name: "portable", command: [portable] });
  }
  await program[Symbol.asyncDispose]();
  const environment = { XDG_CACHE_HOME: `${folder}/cache` };
  return {
    all,
    environment,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

function systemName(): string | undefined {
  return Deno.build.os === "linux" ? `Linux ${Deno.build.arch}` : undefined;
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to);
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}
