/** Base64 with the offsets of Go's errors. */

import assert from "node:assert/strict";
import { decodeBase64 } from "../../core/base64.ts";

/** Where Go's decoder says that its input is wrong; taken from Go itself. */
const wrong: [string, number][] = [
  ["$$$", 0],
  ["x", 0],
  ["abc", 0],
  ["abcde", 4],
  ["ab$d", 2],
  ["ab=d", 2],
  ["a===", 1],
  ["ab==c", 4],
  ["ab=", 3],
  ["abc=abcd", 4],
  ["ab\ncde", 5],
];

for (const [text, offset] of wrong) {
  Deno.test(`base64 ${JSON.stringify(text)} is wrong at byte ${offset}`, () => {
    assert.throws(() => decodeBase64(text), {
      message: `illegal base64 data at input byte ${offset}`,
    });
  });
}

Deno.test("base64 with line breaks is read", () => {
  assert.deepEqual(decodeBase64("aGVs\nbG8=\r\n"), new TextEncoder().encode("hello"));
});
