/** The quick reader of plain YAML against the YAML library: what it reads, it reads as the library does. */

import assert from "node:assert/strict";
import { writeCommentedConfig } from "../../core/machine_config/commented.ts";
import { generateConfig } from "../../core/machine_config/generate/generate.ts";
import {
  parseAnyDocument,
  parseDocuments,
  streamDocuments,
} from "../../core/yaml/parse_document.ts";
import { parsePlainDocument, parsePlainDocuments } from "../../core/yaml/plain_document.ts";
import { goldenSecrets } from "../generated_configs.ts";
import { randomNumbers } from "./random.ts";

const pieces = [
  ...'context:|contexts: {}|prod:|nodes: []|endpoints:|a: b|- 10.0.0.2|- fd00::1|- "1234"'.split(
    "|",
  ),
  ..."- 'a b'|key: null|x: 1.5|y: 0x1F|k: true|: x|- |-|a:|a: b: c|a:b|a: b:|- a: b|# c|a: \"\""
    .split("|"),
  ..."a: ''|a: 'it''s'|---|...|a: ...|1: 2|null: x|~: x|a: -|- - a|a: 2020-01-01|a: =|a: https://u:p@h:1/?x=%20&y"
    .split("|"),
  ...'- a: b;- a:;a: x y;a: x == "y";a: x : y;a: x # y;a: x#y;a: # y;- x y;- a b: c;a b: c'.split(
    ";",
  ),
  ...'a: |;a: |;- |;- a: |;- a: |-;a: | # b;# c # d;  # e;a: "x # y";- a: b: c;- a: [];b: {};---'
    .split(";"),
  "",
  "a: |\n  b\n\n  c",
  "a: |\n  b\n\n",
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

Deno.test("plain documents of a stream are read by the quick way exactly as by the library", async () => {
  let readCount = 0;
  for (let seed = 1; seed <= 40_000; seed++) {
    const text = someLines(seed) + (seed % 4 === 0 ? "\n---\n" + someLines(seed + 40_000) : "");
    const quick = parsePlainDocuments(text);
    if (quick === undefined) continue;
    readCount++;
    assert.deepEqual({ documents: quick }, await parseDocuments(text), JSON.stringify(text));
  }
  assert.ok(readCount > 1000, `only ${readCount} streams were plain`);
});

Deno.test("a stream that is read in pieces is the same as a whole, wherever the library takes over", async () => {
  const [plain, quoted] = ["a: b\nc:\n  - d\n", 'a: "\\u0041"\nb: >-\n  c\n  d\n'];
  for (const endsWith of ["a: 1\n", "a: 1", 'a: "\\n"', "a: [b\n"]) {
    const others = Array.from({ length: 2000 }, (_, index) => index % 500 === 3 ? quoted : plain);
    for (const start of ["", "---\n", "# what it is\n---\n"]) {
      const text = start + [...others, endsWith].join("---\n");
      const pieces = await Array.fromAsync(streamDocuments(text));
      const documents = pieces.flatMap((piece) => piece.documents);
      const { error } = pieces.at(-1) ?? {};
      assert.deepEqual({ documents, ...(error && { error }) }, await parseDocuments(text));
      assert.ok(pieces.length > 2);
    }
  }
});

Deno.test("brackets on one line are read by the quick way exactly as by the library", async () => {
  let readCount = 0;
  for (let seed = 1; seed <= 40_000; seed++) {
    const text = someBrackets(seed);
    const quick = parsePlainDocuments(text);
    if (quick === undefined) continue;
    readCount++;
    assert.deepEqual({ documents: quick }, await parseDocuments(text), JSON.stringify(text));
  }
  assert.ok(readCount > 1000, `only ${readCount} texts were plain`);
});

Deno.test("the quick way reads a configuration as it is generated, with and without comments", async () => {
  const secrets = await goldenSecrets("gen-config-current");
  const endpoint = "https://10.5.0.2:6443";
  const documents = generateConfig({
    machineType: "controlplane",
    clusterName: "demo",
    endpoint,
    secrets,
  });
  for (const docs of [false, true]) {
    const text = writeCommentedConfig(documents, { docs, examples: docs });
    assert.deepEqual({ documents: parsePlainDocuments(text) }, await parseDocuments(text));
  }
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

const tokens = [..."{}[],:'\"#a1", ", ", ": ", "x.y", '"b"', "'c'", '"d":', "{e: 1}", " #"];

/** Up to eight tokens in brackets, alone or behind a key or the mark of a list item. */
function someBrackets(seed: number): string {
  const random = randomNumbers(seed);
  let text = "";
  for (let count = random(9); count > 0; count--) text += tokens[random(tokens.length)] ?? "";
  const [open = "", close = ""] = random(2) === 0 ? "{}" : "[]";
  return (["", "", "a: ", "- "][random(4)] ?? "") + open + text + close;
}

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
