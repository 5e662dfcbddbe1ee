/** The precedence of versions, by the examples of semver.org, item 11. */

import assert from "node:assert/strict";
import { compareVersions } from "../../core/compare_versions.ts";

const oldestFirst = [
  "0.9.9",
  "1.0.0-alpha",
  "1.0.0-alpha.1",
  "1.0.0-alpha.beta",
  "1.0.0-beta",
  "1.0.0-beta.2",
  "1.0.0-beta.11",
  "1.0.0-rc.1",
  "1.0.0",
  "1.2.0",
  "1.10.0",
];

Deno.test("versions sort by precedence and not as texts", () => {
  const sorted = oldestFirst.toReversed().sort(compareVersions);

  assert.deepEqual(sorted, oldestFirst);
});

Deno.test("the build part of a version does not make it newer", () => {
  assert.equal(compareVersions("1.2.3+abc", "1.2.3"), 0);
});
