/** The reader of etcd snapshots, held against files of the real bbolt and figures of etcdutl 3.6.4. */

import assert from "node:assert/strict";
import { crc32c } from "../../core/etcd_snapshot/crc32c.ts";
import { inspectSnapshot } from "../../core/etcd_snapshot/inspect.ts";
import { KeyCount } from "../../core/etcd_snapshot/key_count.ts";

const never = new AbortController().signal;
const pageBytes = 1024;

Deno.test("a database that bbolt wrote has the figures that etcdutl tells of it", async () => {
  const found = await inspectBytes(await writtenByBbolt());

  // etcdutl snapshot status -w json: {"hash":418531126,"revision":321,"totalKey":69,"totalSize":88064,"version":""}
  const hash = (418531126).toString(16);
  assert.deepEqual(found, { hash, revision: "321", totalKeys: 69, totalSize: 88064 });
});

Deno.test("the checksum behind a snapshot is no part of what is inspected", async () => {
  const bytes = await writtenByBbolt();

  const found = await inspectBytes(new Uint8Array([...bytes, ...new Uint8Array(32)]));

  assert.equal(found.totalSize, bytes.length);
});

Deno.test("CRC-32C gives the check value of its catalogue entry, however the bytes are cut", () => {
  const digits = new TextEncoder().encode("123456789");

  assert.equal(crc32c(0, digits), 0xe3069283);
  assert.equal(crc32c(crc32c(0, digits.subarray(0, 4)), digits.subarray(4)), 0xe3069283);
});

Deno.test("keys are counted once, whatever comes and goes in between", () => {
  const keys = new KeyCount();
  const key = (index: number) => new TextEncoder().encode(`/registry/pods/${index}`);

  for (let index = 0; index < 5000; index++) keys.add(key(index));
  for (let index = 0; index < 5000; index++) keys.add(key(index));
  for (let index = 0; index < 5000; index += 2) keys.delete(key(index));
  for (let index = 0; index < 5000; index += 4) keys.add(key(index));
  keys.delete(key(9999));

  assert.equal(keys.size, 3750);
});

Deno.test("files that hold no database are told so", async () => {
  const whole = await writtenByBbolt();
  const files: Record<string, Uint8Array> = {
    "an empty file": new Uint8Array(0),
    "a text": new TextEncoder().encode("apiVersion: v1\n".repeat(400)),
    "zeros": new Uint8Array(8192),
    "the first half of a meta page": whole.slice(0, 40),
  };
  for (const [name, bytes] of Object.entries(files)) {
    await assert.rejects(inspectBytes(bytes), { message: "invalid database" }, name);
  }
  await assert.rejects(inspectSnapshot("/nowhere/db", never), {
    message: "stat /nowhere/db: no such file or directory",
  });
  await assert.rejects(inspectSnapshot("/dev/zero", never), { message: "invalid database" });
});

Deno.test("of two meta pages a damaged one is passed over", async () => {
  const bytes = await writtenByBbolt();
  bytes[pageBytes + 20] = 0xff;

  const { totalSize } = await inspectBytes(bytes);

  assert.equal(totalSize, 88064);
});

Deno.test("damage is listed page by page below the sentence of the official client", async () => {
  const bytes = await writtenByBbolt();
  // Below the root of the bucket "key": a branch, and the first of its leaves.
  const [branch, leaf] = [72, 26];
  const rows: [name: string, damage: (view: DataView) => void, text: string][] = [
    [
      "a page of no kind",
      (view) => view.setUint16(leaf * pageBytes + 8, 0x40, true),
      `page ${leaf}: of the unknown kind 0x40`,
    ],
    [
      "more elements than there is room for",
      (view) => view.setUint16(leaf * pageBytes + 10, 0xffff, true),
      `page ${leaf}: element `,
    ],
    [
      "a page that goes on beyond the file",
      (view) => view.setUint32(leaf * pageBytes + 12, 0x7fffffff, true),
      `page ${leaf}: its 2147483647 further pages end beyond the file`,
    ],
    [
      "a branch that leads to itself",
      (view) => view.setBigUint64(branch * pageBytes + 24, BigInt(branch), true),
      `page ${branch}: in use twice`,
    ],
    [
      "a page that nothing leads to any more",
      (view) => view.setBigUint64(branch * pageBytes + 24, BigInt(branch), true),
      `page ${leaf}: neither in use nor free`,
    ],
    [
      "a branch out of the file",
      (view) => view.setBigUint64(branch * pageBytes + 24, 0xffff_ffff_ffffn, true),
      "page 281474976710655: beyond the end",
    ],
  ];
  for (const [name, damage, text] of rows) {
    const damaged = bytes.slice();
    damage(new DataView(damaged.buffer));
    const error = await inspectBytes(damaged).then(() => new Error("no error"), (error) => error);
    const [first, ...lines] = String(error.message).split("\n");
    assert.match(first ?? "", /^snapshot file integrity check failed\. \d+ errors found\.$/, name);
    assert.equal(first?.match(/\d+/)?.[0], String(lines.length), name);
    assert.ok(lines.some((line) => line.startsWith(text)), `${name}: ${lines.join("\n")}`);
  }
});

Deno.test("a database that was cut off fails its check", async () => {
  const bytes = await writtenByBbolt();

  await assert.rejects(
    inspectBytes(bytes.slice(0, 40 * pageBytes)),
    /^CliError: snapshot file integrity check failed\. \d+ errors found\.\nthe database has 86 pages, and its file only 40\n/,
  );
});

async function writtenByBbolt(): Promise<Uint8Array<ArrayBuffer>> {
  const path = new URL("../golden/etcd/written_by_bbolt.db.gz", import.meta.url);
  const packed = new Blob([await Deno.readFile(path)]).stream();
  return await new Response(packed.pipeThrough(new DecompressionStream("gzip"))).bytes();
}

async function inspectBytes(bytes: Uint8Array) {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeFile(path, bytes);
    return await inspectSnapshot(path, never);
  } finally {
    await Deno.remove(path);
  }
}
