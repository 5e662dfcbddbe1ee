/** Merging talosconfigs: names that are taken, and the current context (spec/client.md, 2.4). */

import assert from "node:assert/strict";
import { parseTalosconfig } from "../../core/talosconfig/load.ts";
import { mergeTalosconfig } from "../../core/talosconfig/merge.ts";

const parse = (text: string) => parseTalosconfig(new TextEncoder().encode(text));
const prod = "{context: prod, contexts: {prod: {endpoints: [new]}}}";

Deno.test("merging the same file again and again counts its context's name up", async () => {
  const target = await parse("{}");

  const conflicts = [1, 2, 3].map(async () => mergeTalosconfig(target, await parse(prod)));

  assert.deepEqual(await Promise.all(conflicts), [
    [],
    [{ from: "prod", to: "prod-1" }],
    [{ from: "prod", to: "prod-2" }],
  ]);
  assert.deepEqual([...target.contexts.keys()], ["prod", "prod-1", "prod-2"]);
  assert.equal(target.context, "prod-2");
});

Deno.test("merging with overwrite replaces the context of the same name", async () => {
  const target = await parse("{context: other, contexts: {prod: {endpoints: [old]}}}");

  const conflicts = mergeTalosconfig(target, await parse(prod), { overwrite: true });

  assert.deepEqual(conflicts, [{ from: "prod", to: "prod" }]);
  assert.deepEqual(target.contexts.get("prod")?.endpoints, ["new"]);
  assert.equal(target.context, "prod");
});

Deno.test("merging keeps the current context when the source has none", async () => {
  const target = await parse("{context: prod, contexts: {prod: {}}}");
  mergeTalosconfig(target, await parse("{contexts: {lab: {}}}"));
  assert.equal(target.context, "prod");
});

Deno.test("merging a source whose current context is not defined leaves none current", async () => {
  const target = await parse("{context: prod, contexts: {prod: {}}}");
  mergeTalosconfig(target, await parse("{context: gone, contexts: {lab: {}}}"));
  assert.equal(target.context, "");
});
