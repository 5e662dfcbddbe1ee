/** docs/plugins.md, followed by somebody who types what stands there and sees what stands there. */

import assert from "node:assert/strict";
import { bundleProgram } from "../../cli/bundled_program.ts";
import { shell } from "../golden/case.ts";
import { processEnvironment } from "../process_environment.ts";

const guide = new URL("../../docs/plugins.md", import.meta.url);

/** One fenced block: what is typed, what is seen then, or a file. */
interface Block {
  language: string;
  /** Of a file, its path. */
  path: string;
  text: string;
}

function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(\w+)(?: (\S+))?\n([^]*?)^```$/gm)]
    .map(([, language = "", path = "", text = ""]) => ({ language, path, text }));
}

Deno.test("the plugin guide can be followed word by word", async () => {
  const blocks = blocksOf(await Deno.readTextFile(guide));
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "guide-" }));
  const [home, work, bin] = [`${folder}/home`, `${folder}/work`, `${folder}/bin`];
  for (const place of [home, work, bin]) await Deno.mkdir(place);
  // The bundle, for the sources of the library would be checked each time.
  await using program = await bundleProgram();
  const entry = `${program.folder}/cli/main.js`;
  const script = `#!/bin/sh\nexec '${Deno.execPath()}' run -A '${entry}' "$@"\n`;
  await Deno.writeTextFile(`${bin}/talosctl`, script, { mode: 0o755 });
  await Deno.symlink(Deno.execPath(), `${bin}/deno`);
  const env = processEnvironment(home);
  const run = (script: string) =>
    shell(`exec 2>&1\nset -e\n${script}`, {
      cwd: work,
      env: { ...env, PATH: `${bin}:${env["PATH"]}`, NO_COLOR: "1" },
      stdin: "",
    });
  let typedCount = 0;

  try {
    for (const [position, { language, path, text }] of blocks.entries()) {
      if (path !== "") await Deno.writeTextFile(`${work}/${path}`, text);
      if (language !== "sh") continue;
      typedCount++;
      const { code, stdout } = await run(text);
      const next = blocks[position + 1];
      if (next?.language === "text") {
        assert.equal(stdout.replaceAll(work, ".").replaceAll(home, "~"), next.text, text);
      } else assert.equal(code, 0, `${text}${stdout}`);
    }
    const checked = await run("cd unwell && deno check && deno fmt --check && deno lint");
    assert.equal(checked.code, 0, checked.stdout);
  } finally {
    await run("talosctl cluster destroy");
    await Deno.remove(folder, { recursive: true });
  }
  assert.ok(typedCount > 12, "the blocks were found");
});
