/** The place on a terminal that is redrawn: what is erased before something new is written. */

import assert from "node:assert/strict";
import { reporter } from "../../cli/reporter.ts";

/** Gives updates to a terminal of 10 columns; what was written. */
function written(...texts: string[]): string {
  let all = "";
  const now = (bytes: Uint8Array) => void (all += new TextDecoder().decode(bytes));
  const info = { isTerminal: true, width: 10, color: false };
  const progress = reporter({ now }, info);
  for (const text of texts) progress.update(text);
  return all;
}

const erase = "\x1b[A\x1b[K";

Deno.test("every row that the last picture took is erased: long lines by their rows, empty lines by one", () => {
  assert.equal(written("a", "b"), `◰ a\n${erase}◳ b\n`);
  assert.equal(written("123456789", "b"), `◰ 123456789\n${erase.repeat(2)}◳ b\n`);
  assert.equal(written("one\n\ntwo\n", "b"), `◰ one\n\ntwo\n${erase.repeat(3)}◳ b\n`);
});

Deno.test("a picture that is the same but for what is around it is not drawn again, its spinner turns", () => {
  assert.equal(written("a", " a\t"), `◰ a\n${erase}◳ a\n`);
});
