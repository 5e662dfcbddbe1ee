/** Making files below a folder from names and modes that nobody has checked: nothing outside is ever touched. */

import { concatBytes } from "../../core/bytes.ts";
import { withPrefix } from "../../core/error_prefix.ts";
import { CliError } from "../../core/errors.ts";
import { fileError } from "../../core/files/errors.ts";
import { formatFileMode } from "../../core/output/file_mode.ts";
import { goQuote } from "../../core/output/go_quote.ts";

/** A folder that is being filled; paths come from `place`. Errors are the official ones. */
export interface UnpackedTree {
  /**
   * The path an entry gets; `..` at its beginning leads nowhere.
   *
   * @throws {CliError} for an empty name, and for one below a symbolic link.
   */
  place(name: string): Promise<string>;
  makeFolder(path: string, mode: number): Promise<void>;
  /** Makes a link as it was on the node; nothing is ever written through it. */
  makeLink(path: string, target: string): Promise<void>;
  makeFile(path: string, mode: number, content: AsyncIterable<Uint8Array>): Promise<void>;
}

/** Permissions and the sticky bit: programs of a node are not to run with the rights of who copied them. */
const keptModeBits = 0o1777;
const ownerOnly = 0o700;
const goFolderBit = 2 ** 31;
const goStickyBit = 1 << 20;

/** Fills an existing folder. */
export function createUnpackedTree(folder: string): UnpackedTree {
  /** Folders known to be real ones. */
  const safeFolders = new Set([folder]);
  return {
    async place(name) {
      const parts = lexicalParts(name);
      if (parts.length === 0) throw new CliError("empty tar header path");
      let path = folder;
      for (const part of parts) {
        if (!safeFolders.has(path) && await isFolder(path, name)) safeFolders.add(path);
        path = path === "/" ? `/${part}` : `${path}/${part}`;
      }
      return path;
    },

    async makeFolder(path, entryMode) {
      const mode = entryMode & keptModeBits | ownerOnly;
      const text = formatFileMode(goFolderBit + goMode(mode));
      await run(`error creating directory ${goQuote(path)} mode ${text}`, "mkdir", path, () => {
        return Deno.mkdir(path, { mode });
      });
      await setMode(path, mode, text);
    },

    async makeLink(path, target) {
      const what = `error creating symlink ${goQuote(path)} -> ${goQuote(target)}`;
      await run(what, "symlink", `${target} ${path}`, () => Deno.symlink(target, path));
    },

    async makeFile(path, entryMode, content) {
      const mode = entryMode & keptModeBits;
      const text = formatFileMode(goMode(mode));
      const what = `error creating file ${goQuote(path)} mode ${text}`;
      const options = { write: true, createNew: true, mode };
      using file = await run(what, "open", path, () => Deno.open(path, options));
      await fill(file, path, content);
      await setMode(path, mode, text);
    },
  };
}

function goMode(mode: number): number {
  return (mode & 0o777) | (mode & 0o1000 ? goStickyBit : 0);
}

/** The parts of a name with `.` and `..` resolved, none above the top. */
function lexicalParts(name: string): string[] {
  const parts: string[] = [];
  // What separates or names drives on the system that is written to does so here too.
  for (const part of name.split(Deno.build.os === "windows" ? /[\\/:]/ : "/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts;
}

/** Whether a real folder is there; a link is refused. */
async function isFolder(path: string, name: string): Promise<boolean> {
  const info = await Deno.lstat(path).catch((error: unknown) => {
    // Making the entry will say what is wrong.
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return;
    throw fileError("lstat", path, error);
  });
  if (info?.isSymlink) {
    throw new CliError(
      `refusing to write ${goQuote(name)}: ${goQuote(path)} is a symbolic link, and may lead out ` +
        "of the folder",
    );
  }
  return info?.isDirectory === true;
}

/** Content comes in pieces of a few KiB; writing each by itself costs more than all else. */
const writeBytes = 256 * 1024;

async function fill(
  file: Deno.FsFile,
  path: string,
  content: AsyncIterable<Uint8Array>,
): Promise<void> {
  const what = `error copying data to ${goQuote(path)}`;
  let gathered: Uint8Array[] = [];
  let gatheredBytes = 0;
  const write = async () => {
    const bytes = gathered.length === 1 ? gathered[0] : concatBytes(gathered);
    gathered = [];
    gatheredBytes = 0;
    for (let at = 0; bytes !== undefined && at < bytes.length;) {
      at += await run(what, "write", path, () => file.write(bytes.subarray(at)));
    }
  };
  const chunks = content[Symbol.asyncIterator]();
  for (;;) {
    const next = await withPrefix(what, chunks.next()).catch(async (error: unknown) => {
      await write(); // what came is kept
      throw error;
    });
    if (next.done) return await write();
    gathered.push(next.value);
    gatheredBytes += next.value.length;
    if (gatheredBytes >= writeBytes) await write();
  }
}

async function setMode(path: string, mode: number, text: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  const what = `error updating mode ${text} for ${goQuote(path)}`;
  await run(what, "chmod", path, () => Deno.chmod(path, mode));
}

async function run<T>(
  what: string,
  operation: string,
  path: string,
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw new CliError(`${what}: ${fileError(operation, path, cause).message}`, { cause });
  }
}
