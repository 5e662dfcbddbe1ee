/** JSON patches that do not apply, in the words of the official client (spec/machine-config.md, 9.4). */

import assert from "node:assert/strict";
import { applyJsonPatch } from "../../core/machine_config/json_patch.ts";
import { jsonProblem } from "../../core/machine_config/json_text.ts";

const failures = [
  [{ op: "test", path: "/a", value: 2 }, "testing value /a failed: test failed"],
  [
    { op: "replace", path: "/x/y", value: 1 },
    "replace operation does not apply: doc is missing path: /x/y: missing value",
  ],
  [
    { op: "replace", path: "/x", value: 1 },
    "replace operation does not apply: doc is missing key: /x: missing value",
  ],
  [
    { op: "add", path: "/x/y", value: 1 },
    'add operation does not apply: doc is missing path: "/x/y": missing value',
  ],
  [
    { op: "remove", path: "/x/y" },
    'remove operation does not apply: doc is missing path: "/x/y": missing value',
  ],
  [
    { op: "remove", path: "/x" },
    "error in remove for path: '/x': Unable to remove nonexistent key: x: missing value",
  ],
  [
    { op: "add", path: "/list/9", value: 1 },
    "error in add for path: '/list/9': Unable to access invalid index: 9: invalid index referenced",
  ],
  [{ op: "add", value: 1 }, "add operation failed to decode path: missing value"],
  [{ op: "frob", path: "/a" }, "Unexpected kind: frob"],
  [{ path: "/a" }, "Unexpected kind: unknown"],
] as const;

for (const [operation, message] of failures) {
  Deno.test(`a JSON patch says why it does not apply: ${JSON.stringify(operation)}`, () => {
    assert.throws(() => applyJsonPatch({ a: 1, list: [1] }, [operation]), { message });
  });
}

Deno.test("a JSON patch adds, moves and copies, with escapes in its paths", () => {
  const patched = applyJsonPatch({ "x/y": { "~": [1] } }, [
    { op: "add", path: "/x~1y/~0/0", value: 0 },
    { op: "add", path: "/x~1y/~0/-", value: 2 },
    { op: "copy", from: "/x~1y/~0", path: "/copy" },
    { op: "move", from: "/x~1y", path: "/moved" },
    { op: "remove", path: "/copy/0" },
  ]);

  assert.deepEqual(patched, { moved: { "~": [0, 1, 2] }, copy: [1, 2] });
});

Deno.test("broken JSON is explained as Go explains it", () => {
  const problems = ["[{]", "[1", '{"a" 1}', "[1 2]", "[] x", "nul", "[]"].map(jsonProblem);

  assert.deepEqual(problems, [
    "invalid character ']' looking for beginning of object key string",
    "unexpected end of JSON input",
    "invalid character '1' after object key",
    "invalid character '2' after array element",
    "invalid character 'x' after top-level value",
    "unexpected end of JSON input",
    undefined,
  ]);
});
