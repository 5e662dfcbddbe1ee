/** The hash of a plugin's folder: approval is for exactly this content. */

import { CliError } from "./errors.ts";
import { fileError } from "./files/errors.ts";
import { readBounded } from "./files/read_bounded.ts";
import { compareCodePoints } from "./output/code_point_order.ts";
import { hasOwnImportsOnly, packageImportIn } from "./plugin_imports.ts";

/** More than plugins need, and little enough to be read whenever one of them runs. */
const limits = { files: 1000, folders: 200, depth: 16, bytes: 32 * 1024 * 1024 } as const;

/**
 * SHA-256 in hex over the paths and contents of all files below a folder: of the lines `HASH  PATH`, sorted, so that
 * `sha256sum` can tell the same.
 *
 * @throws {CliError} For symbolic links and whatever else is neither file nor folder, for names with control
 * characters, for code that imports packages, and where there is more than a plugin may have (1,000 files, 32 MiB).
 */
export async function hashFolder(folder: string): Promise<string> {
  return (await readPluginFolder(folder)).sha256;
}

/** What one look at a plugin's files tells. */
export interface PluginContent {
  /** As {@linkcode hashFolder} gives it. */
  sha256: string;
  /** Its code may import what is not in its folder, so that each import has to be watched. */
  mayImportOthers: boolean;
}

/** As {@linkcode hashFolder}, and whether imports have to be watched. */
export async function readPluginFolder(folder: string): Promise<PluginContent> {
  const { files } = listFiles(folder, "", { files: [], folders: 0 });
  let bytesLeft = limits.bytes;
  let mayImportOthers = false;
  const lines: string[] = [];
  for (const path of files.toSorted(compareCodePoints)) {
    const bytes = await readBounded(`${folder}/${path}`, bytesLeft);
    bytesLeft -= bytes.length;
    lines.push(`${await sha256(bytes)}  ${path}\n`);
    const hidden = isCode(path) ? packageImportIn(bytes) : undefined;
    if (hidden !== undefined) throw importsPackage(folder, path, hidden);
    mayImportOthers ||= !hasOwnImportsOnly(path, bytes);
  }
  return { sha256: await sha256(new TextEncoder().encode(lines.join(""))), mayImportOthers };
}

/** Texts and data are not read as code, even when they are imported. */
function isCode(path: string): boolean {
  return !/\.(?:md|txt|json|proto|wasm|css|html|svg|png)$/.test(path);
}

function importsPackage(folder: string, path: string, found: string): CliError {
  return new CliError(`reading ${folder}: "${path}" holds ${JSON.stringify(found)}`, {
    hint: "a plugin imports only files of its own folder, by plain paths; packages are bundled " +
      "into its code before",
  });
}

/** What was found so far: relative paths of files, and how many folders. */
interface Found {
  files: string[];
  folders: number;
}

function listFiles(root: string, below: string, found: Found): Found {
  for (const entry of readFolder(below === "" ? root : `${root}/${below}`)) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (/[\p{Cc}\\]/u.test(entry.name)) {
      throw new CliError(`reading ${root}: the name ${JSON.stringify(path)} is not allowed`);
    }
    if (entry.isFile) found.files.push(path);
    else if (entry.isDirectory) found.folders++;
    else {
      const kind = entry.isSymlink ? "a symbolic link" : "no regular file";
      throw new CliError(`reading ${root}: "${path}" is ${kind}`, {
        hint: "a plugin's folder holds files and folders only, so that nothing leads out of it",
      });
    }
    const isTooMuch = found.files.length > limits.files || found.folders > limits.folders ||
      path.split("/").length > limits.depth;
    if (isTooMuch) {
      throw new CliError(
        `reading ${root}: more than ${limits.files} files or ${limits.folders} folders, or a path ` +
          `of more than ${limits.depth} names`,
      );
    }
    if (entry.isDirectory) listFiles(root, path, found);
  }
  return found;
}

function readFolder(path: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(path)];
  } catch (error) {
    throw fileError("open", path, error);
  }
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes.slice());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
