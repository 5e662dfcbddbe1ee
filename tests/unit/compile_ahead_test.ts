/** What the bundle's functions become so that they are compiled ahead. */

import assert from "node:assert/strict";
import { compileAhead } from "../../cli/compile_ahead.ts";

Deno.test("functions become variables that are there from the start, and work as before", async () => {
  const code = 'import { basename as base } from "node:path";\nexport const early = twice(4);\n' +
    "export { twice as double, later };\n" +
    "export default class { static of() { return { ...words() }; } }\n" +
    "function twice(n) { return n * 2; }\nasync function later() { return base(await name()); }\n" +
    "function* words() { yield twice(1); }\nasync function name() { return 'a/b'; }\n";

  const ahead = compileAhead(code);

  assert.match(
    ahead,
    /^var twice=\(function\(n\) \{ return n \* 2; \}\),later=\(async function\(\)/,
  );
  assert.doesNotMatch(ahead, /function\*? *\w/);
  const module = await import(`data:text/javascript,${encodeURIComponent(ahead)}`);
  assert.equal(module.early, 8);
  assert.equal(module.double(2), 4);
  assert.equal(module.double.name, "twice");
  assert.equal(await module.later(), "b");
});

Deno.test("a module without functions at its top stays as it is", () => {
  const code = "export const a = { b() {} };\n";

  assert.equal(compileAhead(code), code);
});
