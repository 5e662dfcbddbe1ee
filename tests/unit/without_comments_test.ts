/** Comments of a configuration: what `patch` and `edit` do not take for a change. */

import assert from "node:assert/strict";
import { withoutComments } from "../../plugins/machine_changes/without_comments.ts";

/** A text, and what is left of it. */
const texts: [string, string][] = [
  ["# all of it\na: 1\n", "a: 1\n"],
  ["a: 1 # why\nb: 2\n", "a: 1\nb: 2\n"],
  ["a:\n    # inside\n    b: 2\n", "a:\n    b: 2\n"],
  ['a: "x # y" # z\n', 'a: "x # y"\n'],
  ["a: 'it''s # y' # z\n", "a: 'it''s # y'\n"],
  ['a: "\\" # y" # z\n', 'a: "\\" # y"\n'],
  ["a: it's # y\n", "a: it's\n"],
  ["a: x#y\n", "a: x#y\n"],
  ["a: '' # z\n", "a: ''\n"],
  ["- |\n  # text\n- 1 # one\n", "- |\n  # text\n- 1\n"],
  [
    "a: |\n    #!/bin/sh\n\n    true # not one\nb: 1 # one\n",
    "a: |\n    #!/bin/sh\n\n    true # not one\nb: 1\n",
  ],
  ["- a: >-\n    # text\n  b: 1 # one\n", "- a: >-\n    # text\n  b: 1\n"],
  ["a: | # one\n    # text\nb: 1\n", "a: |\n    # text\nb: 1\n"],
];

for (const [text, rest] of texts) {
  Deno.test(`${JSON.stringify(text)} without comments is ${JSON.stringify(rest)}`, () => {
    assert.equal(withoutComments(text), rest);
  });
}
