/** Several streams as one: order of arrival, back-pressure, errors, leaving early. */

import assert from "node:assert/strict";
import { mergeArrivals } from "../../core/merge_arrivals.ts";

Deno.test("merged streams come in order of arrival, and the merge ends with the last one", async () => {
  const gate = Promise.withResolvers<void>();
  async function* late() {
    await gate.promise;
    yield "late";
  }
  async function* early() {
    yield "early";
    gate.resolve();
  }

  const merged = await Array.fromAsync(mergeArrivals([late(), early()]));

  assert.deepEqual(merged, ["early", "late"]);
});

Deno.test("a merged stream is not read ahead of who takes from it", async () => {
  let made = 0;
  async function* numbers() {
    for (;;) yield ++made;
  }

  for await (const number of mergeArrivals([numbers()])) {
    assert(made <= number + 1);
    if (number === 3) break;
  }
});

Deno.test("an error of one merged stream reaches the reader, after what came before it", async () => {
  async function* broken() {
    yield 1;
    throw new Error("lost");
  }
  const seen: number[] = [];

  await assert.rejects(async () => {
    for await (const item of mergeArrivals([broken()])) seen.push(item);
  }, /^Error: lost$/);

  assert.deepEqual(seen, [1]);
});

Deno.test("leaving a merge closes its streams", async () => {
  const closed = Promise.withResolvers<void>();
  async function* endless() {
    try {
      for (;;) yield 1;
    } finally {
      closed.resolve();
    }
  }

  for await (const _ of mergeArrivals([endless()])) break;

  await closed.promise;
});
