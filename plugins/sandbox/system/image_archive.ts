/** Reads the tar file of an image as it comes: only the names of its images are kept, whatever its size. */

const blockBytes = 512;
/** Larger indexes are not read. */
const mostIndexBytes = 4 * 1024 * 1024;

/** What is wrong with an archive, in containerd's words. */
export class ArchiveError extends Error {}

/** The names of the images in an archive of Docker's or OCI's layout; empty where there is none. */
export async function readImageArchive(chunks: AsyncIterable<Uint8Array>): Promise<string[]> {
  const names = new Set<string>();
  const bytes = byteReader(chunks);
  while (true) {
    const header = await bytes.read(blockBytes);
    if (header.every((byte) => byte === 0)) break;
    const { path, sizeBytes } = readHeader(header);
    const isIndex = path === "manifest.json" || path === "index.json";
    if (isIndex && sizeBytes <= mostIndexBytes) {
      const text = new TextDecoder().decode(await bytes.read(sizeBytes));
      for (const name of namesIn(text)) names.add(name);
    } else await bytes.skip(sizeBytes);
    await bytes.skip((blockBytes - sizeBytes % blockBytes) % blockBytes);
  }
  await bytes.drain();
  return [...names];
}

function readHeader(header: Uint8Array): { path: string; sizeBytes: number } {
  const text = (from: number, to: number) =>
    new TextDecoder().decode(header.subarray(from, to)).replace(/\0.*$/s, "").trim();
  const [checksumFrom, checksumTo] = [148, 156];
  const sum = header.reduce(
    (sum, byte, at) => sum + (at >= checksumFrom && at < checksumTo ? 0x20 : byte),
    0,
  );
  if (parseInt(text(checksumFrom, checksumTo), 8) !== sum) {
    throw new ArchiveError("archive/tar: invalid tar header");
  }
  return { path: text(0, 100).replace(/^\.\//, ""), sizeBytes: parseInt(text(124, 136), 8) };
}

/** `RepoTags` of Docker's manifest, and the annotation that containerd gives names by. */
function namesIn(text: string): readonly string[] {
  try {
    return collectNames(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) throw new ArchiveError(error.message);
    throw error;
  }
}

function collectNames(value: unknown, key = ""): string[] {
  if (typeof value === "string") {
    return key === "RepoTags" || key === "io.containerd.image.name" ? [value] : [];
  }
  if (Array.isArray(value)) return value.flatMap((item) => collectNames(item, key));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => collectNames(item, key));
}

/** Bytes in lengths of the reader's choice. */
function byteReader(chunks: AsyncIterable<Uint8Array>) {
  const source = chunks[Symbol.asyncIterator]();
  let rest = new Uint8Array(0);
  const take = async (most: number) => {
    while (rest.length === 0) {
      const { value, done } = await source.next();
      if (done) throw new ArchiveError("unexpected EOF");
      rest = new Uint8Array(value);
    }
    const taken = rest.subarray(0, most);
    rest = rest.subarray(taken.length);
    return taken;
  };
  return {
    async read(length: number): Promise<Uint8Array> {
      const whole = new Uint8Array(length);
      for (let at = 0; at < length;) {
        const part = await take(length - at);
        whole.set(part, at);
        at += part.length;
      }
      return whole;
    },
    async skip(length: number): Promise<void> {
      for (let left = length; left > 0;) left -= (await take(left)).length;
    },
    /** Reads what follows, so that the sender can finish. */
    async drain(): Promise<void> {
      while (!(await source.next()).done);
    },
  };
}
