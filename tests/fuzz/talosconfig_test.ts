/** Mutated talosconfigs: each is read or refused with a text for the user, and what is read survives saving. */

import assert from "node:assert/strict";
import { CliError } from "../../core/errors.ts";
import { parseTalosconfig } from "../../core/talosconfig/load.ts";
import { renderTalosconfig } from "../../core/talosconfig/save.ts";

const seedText = `context: "prod"
contexts:
    prod: &prod
        endpoints: [10.0.0.2, 'fd00::1']
        nodes:
            - 10.0.0.2
        ca: |
            LS0t
            LS0t
        auth: {basic: {username: u, password: "p\\n"}}
    dev:
        <<: *prod
        target: old
        proxy-url: socks5://127.0.0.1:1080 # comment
---
other: document
`;

const pieces = [
  ..."\t\n :-[]{}&*!|>'\"#%@`,?~<\\\0\u0085\uFEFFé🙂".split(""),
  ": ",
  "- ",
  "---\n",
  "...\n",
  "<<: *prod",
  "&a ",
  "*a",
  "!!str ",
  "!<x",
  "null",
  "{}",
  "[[[[",
  "\n\n    ",
  "__proto__: x\n",
];

const rounds = 3000;

Deno.test("a mutated talosconfig is read, or refused with an error for the user", async () => {
  for (let seed = 1; seed <= rounds; seed++) {
    const text = mutate(seedText, seed);
    try {
      const config = await parseTalosconfig(new TextEncoder().encode(text));
      const saved = new TextEncoder().encode(renderTalosconfig(config));
      assert.deepEqual(savedForm(await parseTalosconfig(saved)), savedForm(config));
    } catch (error) {
      assert.ok(error instanceof CliError, `seed ${seed}: ${JSON.stringify(text)}: ${error}`);
    }
  }
});

/** What saving keeps: absent and empty lists are one, and names come in the order of the file. */
function savedForm(config: Awaited<ReturnType<typeof parseTalosconfig>>) {
  const contexts = [...config.contexts].map(([name, context]) => {
    return { name, ...context, endpoints: context.endpoints ?? [], nodes: context.nodes ?? [] };
  });
  return { ...config, contexts: contexts.sort((left, right) => left.name < right.name ? -1 : 1) };
}

/** Inserts, deletes, doubles and replaces pieces of a text; the same for the same seed. */
function mutate(text: string, seed: number): string {
  const random = randomNumbers(seed);
  let mutated = text;
  for (let count = 1 + random(4); count > 0; count--) {
    const at = random(mutated.length + 1);
    const length = random(12);
    const piece = random(3) === 0
      ? mutated.slice(random(mutated.length), random(mutated.length))
      : pieces[random(pieces.length)] ?? "";
    mutated = mutated.slice(0, at) + piece + mutated.slice(random(2) === 0 ? at : at + length);
  }
  return mutated;
}

/** Whole numbers below a limit, from a linear congruential generator. */
function randomNumbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
