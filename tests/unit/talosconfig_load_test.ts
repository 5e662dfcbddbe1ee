/** What a talosconfig may hold and how wrong ones are refused (spec/client.md, 1.3). */

import assert from "node:assert/strict";
import { CliError } from "../../core/errors.ts";
import { parseTalosconfig } from "../../core/talosconfig/load.ts";

const parse = (text: string) => parseTalosconfig(new TextEncoder().encode(text));

const refused = [
  ["", "EOF"],
  ["# nothing\n\n", "EOF"],
  [
    "contexts: []",
    "yaml: construct errors: line 1: cannot construct !!seq into map[string]*config.Context",
  ],
  [
    "contexts:\n  a:\n    nodes: x\n",
    "yaml: construct errors: line 3: cannot construct !!str `x` into []string",
  ],
  ["hello", "yaml: construct errors: line 1: cannot construct !!str `hello` into config.Config"],
  [
    "context: a\ncontext: b\n",
    'yaml: construct errors: line 2: mapping key "context" already defined at line 1',
  ],
  [
    "context: [a]\ncontexts: {a: {nodes: 5}}\n",
    "yaml: construct errors: line 1: cannot construct !!seq into string; " +
    "line 2: cannot construct !!int `5` into []string",
  ],
  ["contexts:\n  a:\n", 'line 2: context "a" has no value'],
] as const;

for (const [text, message] of refused) {
  Deno.test(`a talosconfig of ${JSON.stringify(text)} is refused`, async () => {
    await assert.rejects(parse(text), (error) => {
      assert.ok(error instanceof CliError);
      assert.equal(error.message, message);
      return true;
    });
  });
}

for (const text of ["{}", "null", "---\n"]) {
  Deno.test(`a talosconfig of ${JSON.stringify(text)} holds no context`, async () => {
    assert.deepEqual(await parse(text), { context: "", contexts: new Map() });
  });
}

Deno.test("a talosconfig keeps scalars of any type as the text they are written as", async () => {
  const config = await parse("context: 5\ncontexts: {x: {nodes: [true, 0x10, null, ~, 1.50]}}");
  const nodes = config.contexts.get("x")?.nodes;
  assert.deepEqual([config.context, nodes], ["5", ["true", "0x10", "", "", "1.50"]]);
});

Deno.test("a talosconfig's legacy target becomes the last endpoint", async () => {
  const { contexts } = await parse("contexts: {x: {target: t, endpoints: [e]}, y: {target: t}}");
  assert.deepEqual([contexts.get("x")?.endpoints, contexts.get("y")?.endpoints], [["e", "t"], [
    "t",
  ]]);
});

Deno.test("a talosconfig's certificates are not looked into when it is read", async () => {
  const { contexts } = await parse("contexts: {x: {ca: '%%%', crt: no, key: no}}");
  assert.equal(contexts.get("x")?.ca, "%%%");
});

Deno.test("a talosconfig tells an absent list from an empty one", async () => {
  const { contexts } = await parse("contexts: {x: {nodes: []}}");
  assert.deepEqual([contexts.get("x")?.nodes, contexts.get("x")?.endpoints], [[], undefined]);
});

Deno.test("a talosconfig may share values by anchors and merge keys", async () => {
  const { contexts } = await parse(
    "a: &a {endpoints: [e]}\ncontexts: {x: {<<: *a, nodes: [n]}, y: {endpoints: [own], <<: *a}}",
  );
  assert.deepEqual([contexts.get("x")?.endpoints, contexts.get("x")?.nodes], [["e"], ["n"]]);
  assert.deepEqual(contexts.get("y")?.endpoints, ["own"]);
});

Deno.test("a talosconfig that is not UTF-8 is refused with a reason", async () => {
  await assert.rejects(parseTalosconfig(new Uint8Array([0x61, 0xff])), /invalid UTF-8$/);
});
