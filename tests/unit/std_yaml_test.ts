/** The stand-in for `@std/yaml`. */

import assert from "node:assert/strict";
import { parse, stringify } from "@std/yaml";

Deno.test("parse reads one document, and null where there is none", () => {
  assert.deepEqual(parse("a: [1, yes]\n"), { a: [1, "yes"] });
  assert.equal(parse("# nothing\n"), null);
  assert.throws(() => parse("a: 1\n---\nb: 2\n"), SyntaxError);
});

Deno.test("stringify writes what parse reads", () => {
  assert.equal(stringify({ a: { b: "1" } }, { indent: 4 }), "a:\n    b: '1'\n");
});
