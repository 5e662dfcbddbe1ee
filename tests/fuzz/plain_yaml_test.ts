/** The quick reader of plain YAML against the YAML library: what it reads, it reads as the library does. */

import assert from "node:assert/strict";
import { parseAnyDocument } from "../../core/yaml/parse_document.ts";
import { parsePlainDocument } from "../../core/yaml/plain_document.ts";
import { randomNumbers } from "./random.ts";

const pieces = [
  ...'context:|contexts: {}|prod:|nodes: []|endpoints:|a: b|- 10.0.0.2|- fd00::1|- "1234"'.split(
    "|",
  ),
  ..."- 'a b'|key: null|x: 1.5|y: 0x1F|k: true|: x|- |-|a:|a: b: c|a:b|a: b:|- a: b|# c|a: \"\""
    .split("|"),
  ..."a: ''|a: 'it''s'|---|...|a: ...|1: 2|null: x|~: x|a: -|- - a|a: 2020-01-01|a: =|a: https://u:p@h:1/?x=%20&y"
    .split("|"),
  "",
  "a: b ",
  "a:\tb",
  "\ta: b",
  "a: <<",
  "<<: x",
  "a: *b",
];

Deno.test("plain YAML is read by the quick way exactly as by the library", async () => {
  let readCount = 0;
  for (let seed = 1; seed <= 20_000; seed++) {
    const text = someLines(seed);
    const quick = parsePlainDocument(text);
    if (quick === undefined) continue;
    readCount++;
    const full = await parseAnyDocument(text).catch((error: Error) => error.message);
    assert.deepEqual(quick, full, JSON.stringify(text));
  }
  assert.ok(readCount > 500, `only ${readCount} documents were plain`);
});

Deno.test("the quick way reads a talosconfig as the official client writes it", async () => {
  const golden = new URL("../golden/config/", import.meta.url);
  for (const name of ["info-json", "add-with-certs", "save-key-order", "proxy-url-set"]) {
    const text = await Deno.readTextFile(new URL(`${name}/out/talosconfig`, golden));
    const isPlain = parsePlainDocument(text) !== undefined;
    // The key "7" has quotes: such names are left to the library.
    assert.equal(isPlain, name !== "save-key-order", name);
  }
});

/** Up to eight lines at indentations that mostly fit. */
function someLines(seed: number): string {
  const random = randomNumbers(seed);
  let text = "";
  let indentation = 0;
  for (let count = 1 + random(8); count > 0; count--) {
    text += " ".repeat(indentation) + (pieces[random(pieces.length)] ?? "");
    if (count > 1 || random(4) > 0) text += "\n";
    indentation =
      [indentation, indentation, indentation + 2, Math.max(0, indentation - 2)][random(4)] ?? 0;
  }
  return text;
}
