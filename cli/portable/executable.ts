/** One executable file that holds the runtime and the program: a shell script with an archive behind it. */

import { writeFileAtomic } from "../../core/files/atomic.ts";
import { archive, type ArchivedFile, filesBelow } from "../folder_archive.ts";

/** What goes into it. */
export interface PortableParts {
  /** The runtime's executable. */
  runtime: string;
  /** The bundled program's folder. */
  program: string;
  version: string;
  /** The system it is for, as `uname -sm` tells it. */
  system: string;
}

/**
 * Gives back to the processes that the program starts what the script has taken for the runtime. It stands at the
 * top of the bundled entry.
 */
const restoreEnvironment = `{const own=Deno.env.get("TALOSCTL_USER_DENO_DIR");` +
  `Deno.env.delete("TALOSCTL_USER_DENO_DIR");` +
  `own===undefined?Deno.env.delete("DENO_DIR"):Deno.env.set("DENO_DIR",own)}\n`;

/** Writes it, atomically. `program` is changed for it. */
export async function writePortable(parts: PortableParts, output: string): Promise<void> {
  const entry = `${parts.program}/cli/main.js`;
  await Deno.writeTextFile(entry, restoreEnvironment + await Deno.readTextFile(entry));
  const program = filesBelow(parts.program, "program");
  const files = [{ name: "deno", path: parts.runtime, mode: 0o755 }, ...program];
  const stub = fill(await Deno.readTextFile(new URL("stub.sh", import.meta.url)), {
    VERSION: parts.version,
    SYSTEM: parts.system,
    KEY: (await hashFiles(files)).slice(0, 32),
    FILES: String(program.length),
  });
  const contents = await archive(files);
  await writeFileAtomic(output, concatenate(stub, contents), { mode: 0o755, createParents: true });
}

/** Fills the script in; its own size, which it names, among it. */
function fill(template: string, values: Record<string, string>): Uint8Array {
  const filled = template.replaceAll(/@([A-Z]+)@/g, (mark, name) => values[name] ?? mark);
  for (let size = 0;;) {
    const bytes = new TextEncoder().encode(filled.replaceAll("@SIZE@", String(size)));
    if (bytes.length === size) return bytes;
    size = bytes.length;
  }
}

async function hashFiles(files: readonly ArchivedFile[]): Promise<string> {
  const { createHash } = await import("node:crypto");
  const hash = createHash("sha256");
  for (const { name, path } of files) {
    const bytes = await Deno.readFile(path);
    hash.update(`${name}\n${bytes.length}\n`).update(bytes);
  }
  return hash.digest("hex");
}

async function* concatenate(
  first: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}
