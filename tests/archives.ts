/** Archives as programs make them, and as nobody should: entries of any name and kind. */

import { concatBytes } from "../core/bytes.ts";
import { bytesOf, type Files } from "./plugin_workshop.ts";

/** A tar archive; entries without content are what their `type` says. */
export async function tarOf(
  files: Files,
  links: readonly { name: string; type: "symlink" | "link" | "fifo"; linkname?: string }[] = [],
): Promise<Uint8Array> {
  const { default: tar } = await import("tar-stream");
  const pack = tar.pack();
  for (const [name, content] of Object.entries(files)) {
    pack.entry({ name }, new TextDecoder().decode(bytesOf(content)));
  }
  for (const link of links) pack.entry(link).end(undefined);
  pack.finalize();
  const chunks: Uint8Array[] = [];
  // The library writes bytes, and its types do not say so.
  for await (const chunk of pack as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return concatBytes(chunks);
}

/** Packs bytes. */
export async function gzip(bytes: Uint8Array): Promise<Uint8Array> {
  return await through(bytes, new CompressionStream("gzip"));
}

/** A zip archive with deflated entries made on a POSIX system. */
export async function zipOf(files: Files, mode = 0o100644): Promise<Uint8Array> {
  const { crc32 } = await import("node:zlib");
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  for (const [name, content] of Object.entries(files)) {
    const [path, bytes] = [bytesOf(name), bytesOf(content)];
    const packed = await through(bytes, new CompressionStream("deflate-raw"));
    const at = concatBytes(parts).length;
    // What the local header and the central directory both say: version 2.0, UTF-8 names, deflated.
    const shared = [
      ...[u16(20), u16(0x800), u16(8), u16(0), u16(0x21), u32(crc32(bytes))],
      ...[u32(packed.length), u32(bytes.length), u16(path.length), u16(0)],
    ];
    parts.push(u32(0x04034b50), ...shared, path, packed);
    directory.push(u32(0x02014b50), u16(0x0314), ...shared, u16(0), u16(0), u16(0));
    directory.push(u32(mode * 0x10000), u32(at), path);
  }
  const [start, size] = [concatBytes(parts).length, concatBytes(directory).length];
  const count = Object.keys(files).length;
  return concatBytes([
    ...[...parts, ...directory, u32(0x06054b50), u16(0), u16(0), u16(count), u16(count)],
    ...[u32(size), u32(start), u16(0)],
  ]);
}

async function through(
  bytes: Uint8Array,
  transform: TransformStream<BufferSource, Uint8Array>,
): Promise<Uint8Array> {
  const stream = new Blob([bytes.slice()]).stream().pipeThrough(transform);
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function u16(value: number): Uint8Array {
  return new Uint8Array([value & 0xff, value >>> 8]);
}

function u32(value: number): Uint8Array {
  return concatBytes([u16(value & 0xffff), u16(Math.floor(value / 0x10000))]);
}
