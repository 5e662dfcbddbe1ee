import assert from "node:assert/strict";
import { decodeGoBase64 } from "../../core/client/go_base64.ts";

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
    assert.throws(() => decodeGoBase64(text), {
      message: `illegal base64 data at input byte ${offset}`,
    });
  });
}

Deno.test("base64 with line breaks is read", () => {
  assert.deepEqual(decodeGoBase64("aGVs\nbG8=\r\n"), new TextEncoder().encode("hello"));
});
