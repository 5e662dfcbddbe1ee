/** A folder to run command lines in, as a user would: the program as a process, `talosctl` on PATH, nothing else there. */

import { environment, shell } from "./golden/case.ts";
import type { Outcome } from "./talosctl.ts";

/** A temporary folder, removed when it goes out of scope. */
export interface CommandFolder extends AsyncDisposable {
  path: string;
  /** Runs a line of shell in it. */
  run(line: string): Promise<Outcome>;
  /** What a file in it holds. */
  read(name: string): string;
  /** Puts a file into it. */
  write(name: string, content: string): void;
  /** The names of all files and folders in it, in order. */
  names(): string[];
}

/** Makes an empty one. */
export async function commandFolder(): Promise<CommandFolder> {
  const path = await Deno.makeTempDir({ prefix: "work-" });
  return {
    path,
    run: (line) => shell(line, { cwd: path, env: environment(path), stdin: "" }),
    read: (name) => Deno.readTextFileSync(`${path}/${name}`),
    write: (name, content) => Deno.writeTextFileSync(`${path}/${name}`, content),
    names: () => [...Deno.readDirSync(path)].map(({ name }) => name).sort(),
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** Whether the program that certificates are checked with is installed. */
export function hasOpenssl(): boolean {
  try {
    return new Deno.Command("openssl", { args: ["version"], stdout: "null" }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
