/** Sends the tar file of an image to a node, piece by piece, so that its size does not matter. */

import type { Context } from "../../core/command.ts";
import { containerdInstance } from "../../core/containerd_instance.ts";
import { withPrefix } from "../../core/error_prefix.ts";
import { CliError, RpcError } from "../../core/errors.ts";
import { fileError } from "../../core/files/errors.ts";
import { formatIBytes } from "../../core/output/sizes.ts";

const chunkBytes = 32 * 1024;

/** What importing takes of the command's context. */
export type ImportContext =
  & Pick<Context, "talos" | "progress" | "out">
  & { flags: { namespace: string } };

/** Which file goes where. */
export interface ImageImport {
  node: string;
  path: string;
}

/**
 * Imports the image; its name on the node.
 *
 * @throws {CliError} where the file cannot be read or the node does not take it
 */
export async function importImage(
  context: ImportContext,
  { node, path }: ImageImport,
): Promise<string> {
  const { talos, progress } = context;
  const images = await talos.node(node).service("machine.ImageService");
  using file = await withPrefix("failed to open image tarball", openFile(path));
  try {
    const { name } = await images.import(importRequests(context, { file, path, node }));
    progress.update(`${node}: image imported ${name} from ${path}`, "succeeded");
    return name;
  } catch (cause) {
    if (!(cause instanceof RpcError)) throw cause;
    throw new CliError(`error closing send stream: ${cause.message}`, { cause });
  }
}

async function openFile(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path);
  } catch (error) {
    throw fileError("open", path, error);
  }
}

async function* importRequests(
  { flags, progress, out }: ImportContext,
  { file, path, node }: ImageImport & { file: Deno.FsFile },
) {
  yield { containerd: containerdInstance(flags.namespace) };
  let sentBytes = 0;
  let shown = "";
  while (true) {
    const bytes = new Uint8Array(chunkBytes);
    const count = await readFile(file, path, bytes);
    if (count === null) return;
    yield { imageChunk: { bytes: bytes.subarray(0, count) } };
    sentBytes += count;
    const text = `${node}: ${formatIBytes(sentBytes)} imported`;
    // A chunk often changes nothing that is seen.
    if (out.stderr.isTerminal && text !== shown) progress.update(text);
    shown = text;
  }
}

async function readFile(
  file: Deno.FsFile,
  path: string,
  bytes: Uint8Array,
): Promise<number | null> {
  try {
    return await file.read(bytes);
  } catch (error) {
    const cause = fileError("read", path, error);
    throw new CliError(`error reading image tarball: ${cause.message}`, { cause });
  }
}
