/** Snapshots with something wrong in them: figures or an error, soon, and never a crash. */

import assert from "node:assert/strict";
import { inspectSnapshot } from "../../core/etcd_snapshot/inspect.ts";
import { CliError } from "../../core/errors.ts";
import { choose, type Random, randomNumbers } from "./random.ts";

const pageBytes = 1024;
const longestMs = 5_000;
const strange = [0, 1, 2, 0x7f, 0xff, 0xffff, 0x7fffffff, 0xffffffff] as const;

Deno.test("mutated databases are inspected to an end, or refused in words", async () => {
  const path = new URL("../golden/etcd/written_by_bbolt.db.gz", import.meta.url);
  const packed = new Blob([await Deno.readFile(path)]).stream();
  const whole = await new Response(packed.pipeThrough(new DecompressionStream("gzip"))).bytes();
  const file = await Deno.makeTempFile();
  const outcomes = { figures: 0, refused: 0 };
  try {
    for (let seed = 1; seed <= 1500; seed++) {
      await Deno.writeFile(file, mutated(whole, randomNumbers(seed)));
      const start = performance.now();

      const refusal = await inspectSnapshot(file, new AbortController().signal)
        .then(() => undefined, (error: unknown) => error);

      assert.ok(performance.now() - start < longestMs, `seed ${seed} takes its time`);
      if (refusal === undefined) outcomes.figures++;
      else {
        assert.ok(refusal instanceof CliError, `seed ${seed}: ${refusal}`);
        assert.match(refusal.message, /^invalid database$|^snapshot file integrity check failed\./);
        outcomes.refused++;
      }
    }
  } finally {
    await Deno.remove(file);
  }
  assert.ok(outcomes.figures > 50 && outcomes.refused > 500, JSON.stringify(outcomes));
});

/** Numbers of headers and elements changed, bits flipped, pages in each other's place, an end too early. */
function mutated(whole: Uint8Array<ArrayBuffer>, random: Random): Uint8Array<ArrayBuffer> {
  const bytes = whole.slice();
  const view = new DataView(bytes.buffer);
  const pageCount = bytes.length / pageBytes;
  for (let count = 1 + random(3); count > 0; count--) {
    const page = random(pageCount) * pageBytes;
    const kind = random(5);
    if (kind === 0) bytes[random(bytes.length)] = random(256);
    else if (kind === 1) view.setUint32(page + 4 * random(40), choose(random, strange), true);
    else if (kind === 2) view.setUint32(page + 4 * random(10), random(pageCount), true);
    else if (kind === 3) {
      bytes.copyWithin(page, random(pageCount) * pageBytes, bytes.length - pageBytes);
    } else if (random(3) === 0) return bytes.slice(0, random(bytes.length));
  }
  return bytes;
}
