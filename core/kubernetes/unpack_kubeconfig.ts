/** The archive in which a node sends a kubeconfig (spec/kubeconfig.md, 4): read in memory, and nothing of it reaches the disk. */

import { concatBytes } from "../bytes.ts";
import { withPrefix } from "../error_prefix.ts";
import { CliError, UnopenedCallError } from "../errors.ts";
import { gunzip } from "../gunzip.ts";
import { takeFirst } from "../take_first.ts";

/** A kubeconfig has some kilobytes; what a node sends is not trusted to end. */
const maxArchiveBytes = 16 * 1024 * 1024;

/**
 * The kubeconfig in a gzip'ed tar archive.
 *
 * @throws {CliError} in the official words for what is no such archive
 */
export async function unpackKubeconfig(
  chunks: AsyncGenerator<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>> {
  // The archive says itself whether it is whole, so a failure behind its end changes nothing.
  const begun = await takeFirst(gunzip(chunks, () => {}));
  if (begun.error !== undefined) {
    const isUnopened = begun.error instanceof CliError &&
      begun.error.cause instanceof UnopenedCallError;
    if (isUnopened) throw begun.error;
    await withPrefix("error initializing gzip", Promise.reject(begun.error));
  }
  const archive = await withPrefix("error reading tar header", readAll(begun.all()));
  return findEntry(archive);
}

async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const part of chunks) {
    parts.push(part);
    sizeBytes += part.length;
    if (sizeBytes > maxArchiveBytes) {
      throw new CliError(`the node's archive is larger than ${maxArchiveBytes} bytes`);
    }
  }
  return concatBytes(parts);
}

const fileName = "kubeconfig";
const blockBytes = 512;

/** An archive may end right behind the data: nodes leave out what should follow. */
function findEntry(archive: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  for (let at = 0; at < archive.length;) {
    const header = readHeader(archive.subarray(at, at + blockBytes));
    if (header === undefined) break;
    const data = archive.subarray(at + blockBytes, at + blockBytes + header.sizeBytes);
    if (header.name === "") throw new CliError("empty tar header path");
    if (isKubeconfig(header.name)) {
      if (!header.isFile) throw new CliError(`${fileName} is not a file`);
      if (data.length < header.sizeBytes) throw new CliError("unexpected EOF");
      return data;
    }
    at += blockBytes + Math.ceil(header.sizeBytes / blockBytes) * blockBytes;
  }
  throw new CliError(`couldn't find file ${fileName} in the archive`);
}

function isKubeconfig(name: string): boolean {
  const parts: string[] = [];
  for (const part of name.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.length === 1 && parts[0] === fileName;
}

interface TarHeader {
  name: string;
  sizeBytes: number;
  isFile: boolean;
}

/** What the fields of a header are, by offset and length; nothing for the zeros at an archive's end. */
function readHeader(block: Uint8Array): TarHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  if (block.length < blockBytes) throw new CliError("error reading tar header: unexpected EOF");
  const checksumAt = 148;
  const checksum = block.reduce((sum, byte, index) => {
    const isInField = index >= checksumAt && index < checksumAt + 8;
    return sum + (isInField ? 0x20 : byte);
  }, 0);
  const sizeBytes = octal(block.subarray(124, 136));
  if (octal(block.subarray(checksumAt, checksumAt + 8)) !== checksum || sizeBytes === undefined) {
    throw new CliError("error reading tar header: archive/tar: invalid tar header");
  }
  const type = String.fromCharCode(block[156] ?? 0);
  const name = textOf(block.subarray(0, 100));
  return { name, sizeBytes, isFile: type === "0" || type === "\0" || type === "7" };
}

/** Numbers are octal digits; a file too large for them is none of ours. */
function octal(field: Uint8Array): number | undefined {
  const digits = textOf(field).trim();
  return /^[0-7]+$/.test(digits) ? parseInt(digits, 8) : undefined;
}

function textOf(field: Uint8Array): string {
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}
