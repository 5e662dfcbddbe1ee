/** What makes text safe to show: terminal escapes and Go's quoting. */

import assert from "node:assert/strict";
import { escapeControls } from "../../core/output/escape.ts";
import { goQuote } from "../../core/output/go_quote.ts";

Deno.test("a node cannot steer the terminal: controls, turned text and half characters are shown", () => {
  const hostile =
    "\x1b[31mred\x07\r\x7f\x9b2J\u202etxt\u2066\ud800 ok\tkept\nline é 日本 \u{1f600}";

  const shown = escapeControls(hostile);

  assert.equal(
    shown,
    "\\x1b[31mred\\x07\\x0d\\x7f\\u009b2J\\u202etxt\\u2066\\ud800 ok\tkept\nline é 日本 \u{1f600}",
  );
});

Deno.test("quoted values escape quotes, backslashes and what cannot be printed", () => {
  // spec/cli.md 3.1
  const text = 'a"b\\c\x07\b\f\n\r\t\v\x7f\u00ad\u{e0001} é日';

  assert.equal(goQuote(text), '"a\\"b\\\\c\\a\\b\\f\\n\\r\\t\\v\\x7f\\u00ad\\U000e0001 é日"');
});
