/** Mutated talosconfigs: each is read or refused with a text for the user, and what is read survives saving. */

import assert from "node:assert/strict";
import { CliError } from "../../core/errors.ts";
import { parseTalosconfig } from "../../core/talosconfig/load.ts";
import { renderTalosconfig } from "../../core/talosconfig/save.ts";
import { runProgram } from "../talosctl.ts";
import { mutate } from "./random.ts";

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

const pieces: [string, ...string[]] = [
  ": ",
  ..."\t\n :-[]{}&*!|>'\"#%@`,?~<\\\0\u0085\uFEFFé🙂".split(""),
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
    const text = mutate(seedText, seed, pieces);
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

Deno.test("a mutated talosconfig makes commands succeed, or fail with a text for the user", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/talosconfig`;
  try {
    for (let seed = 1; seed <= 300; seed++) {
      const text = mutate(seedText, seed, pieces).toWellFormed();
      await Deno.writeTextFile(path, text);
      for (const args of [["config", "contexts"], ["config", "node", "10.0.0.9"]]) {
        const { code, stderr } = await runProgram(args, { env: { TALOSCONFIG: path } });
        assert.ok(code === 0 || code === 1, `seed ${seed}: status ${code}`);
        assert.equal(code === 1, stderr !== "", `seed ${seed}: ${stderr}`);
        assert.doesNotMatch(stderr, /internal error|^ +at /m, `seed ${seed}`);
        if (code === 1) assert.equal(await Deno.readTextFile(path), text, `seed ${seed}`);
      }
      assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["talosconfig"]);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
