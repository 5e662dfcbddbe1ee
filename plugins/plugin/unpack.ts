/** From the bytes of an archive to the files of a plugin: what kind it is shows in its first bytes, whatever its name. */

import { concatBytes } from "../../core/bytes.ts";
import { CliError } from "../../core/errors.ts";
import { gunzip } from "../../core/gunzip.ts";
import { gatherFiles, maxPluginBytes, type PluginFiles, tooLarge } from "./gathered_files.ts";
import { unpackTar } from "./unpack_tar.ts";
import { unpackZip } from "./unpack_zip.ts";

/**
 * The files of a tar archive, plain or packed with gzip, or of a zip archive. Where all are in one folder, as npm and
 * forges pack them, paths are relative to that.
 *
 * @throws {CliError} for anything else, and for entries that are links or lead out of the folder
 */
export async function unpack(bytes: Uint8Array): Promise<PluginFiles> {
  const gathered = gatherFiles();
  if (startsWith(bytes, 0, [0x1f, 0x8b])) await unpackTar(await unzipped(bytes), gathered);
  else if (startsWith(bytes, 0, [0x50, 0x4b])) await unpackZip(bytes, gathered);
  else if (startsWith(bytes, 257, [0x75, 0x73, 0x74, 0x61, 0x72])) await unpackTar(bytes, gathered);
  else throw new CliError("it is neither a tar archive (.tar, .tar.gz, .tgz) nor a zip archive");
  return withoutFolder(gathered.files);
}

function startsWith(bytes: Uint8Array, at: number, start: readonly number[]): boolean {
  return start.every((byte, index) => bytes[at + index] === byte);
}

/** Headers and padding of a tar archive take room too. */
const maxUnzippedBytes = maxPluginBytes * 2;

async function unzipped(bytes: Uint8Array): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of gunzip(once(bytes), () => {})) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxUnzippedBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return concatBytes(chunks);
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value;
}

function withoutFolder(files: PluginFiles): PluginFiles {
  const [first = ""] = files.keys();
  const folder = first.slice(0, first.indexOf("/") + 1);
  if (folder === "" || files.has("plugin.json")) return files;
  if (![...files.keys()].every((path) => path.startsWith(folder))) return files;
  return new Map([...files].map(([path, content]) => [path.slice(folder.length), content]));
}
