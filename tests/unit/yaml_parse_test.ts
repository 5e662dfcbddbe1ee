/** Broken and unusual YAML, in the words of Go's library (spec/client.md, 1.3; spec/machine-config.md, 8). */

import assert from "node:assert/strict";
import { CliError } from "../../core/errors.ts";
import { parseFirstDocument } from "../../core/yaml/parse_document.ts";

const documentedErrors = [
  [
    "context: [a\ncontexts: {}",
    "parser (while parsing a flow sequence) at L1.C10-L2.C9: did not find expected ',' or ']'",
  ],
  [
    "context: a\ncontexts:\n\tprod: {}\n",
    "scanner (while scanning for the next token) at L3.C1: found character that cannot start any token",
  ],
  [
    "machine: [\n",
    "parser (while parsing a flow node) at L2.C1: did not find expected node content",
  ],
  ["a: 1\n b: 2\n", "scanner at L2.C3: mapping values are not allowed in this context"],
  [
    "version: v1alpha1\nmachine:\n  type: x\n bad: y\n",
    "parser (while parsing a block mapping) at L1.C1-L4.C2: did not find expected key",
  ],
  ["machine: *foo\n", "composer at L1.C10: unknown anchor 'foo' referenced"],
  [
    "{bad\n",
    "parser (while parsing a flow mapping) at L1.C1-L2.C1: did not find expected ',' or '}'",
  ],
] as const;

for (const [text, problem] of documentedErrors) {
  Deno.test(`broken YAML says where it breaks, as Go's library does: ${JSON.stringify(text)}`, async () => {
    await assert.rejects(parseFirstDocument(text), (error) => {
      assert.ok(error instanceof CliError);
      assert.equal(error.message, `go-yaml load error in ${problem}`);
      return true;
    });
  });
}

Deno.test("an alias to what contains it is refused", async () => {
  await assert.rejects(parseFirstDocument("a: &x [*x]\n"), /anchor 'x' value contains itself$/);
});

Deno.test("aliases cannot blow a small document up", async () => {
  const levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let level = 1; level < 30; level++) {
    levels.push(`a${level}: &a${level} [${`*a${level - 1}, `.repeat(10)}]`);
  }
  await assert.rejects(parseFirstDocument(levels.join("\n")), /excessive aliasing$/);
});

Deno.test("brackets and quotes may go on at any indentation", async () => {
  const root = await parseFirstDocument('a:\n  b: [\n  x,\n\ty\n]\n  c: "one\ntwo"\n');
  assert.deepEqual(plain(root), { a: { b: ["x", "y"], c: "one two" } });
});

Deno.test("only the first document of a stream is read, broken ones after it do no harm", async () => {
  const root = await parseFirstDocument("# first\n---\na: b\n---\n[\n");
  assert.deepEqual(plain(root), { a: "b" });
});

/** The values alone. */
function plain(node: Awaited<ReturnType<typeof parseFirstDocument>>): unknown {
  switch (node?.kind) {
    case "scalar":
      return node.value;
    case "sequence":
      return node.items.map(plain);
    case "mapping":
      return Object.fromEntries(node.pairs.map(({ key, value }) => [plain(key), plain(value)]));
  }
}
