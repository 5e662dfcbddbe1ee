/** The recorded cases of `get` (resources/cases.json) against a sandbox that holds the sample resources. */

import assert from "node:assert/strict";
import { readGetCases, startSeededSandbox } from "../resources_seeds.ts";
import { talosctl } from "../talosctl.ts";

/** Maintenance listeners are on free ports here, and what changes under a watch is in e2e/get_watch_test.ts. */
const needsMore =
  /^(insecure|insecure sensitive|watch kind table|watch one table|watch kind jsonpath)$/;

Deno.test("get prints what the official client printed", async (test) => {
  await using sandbox = await startSeededSandbox();
  const folder = await Deno.makeTempDir();
  try {
    for (const golden of await readGetCases()) {
      if (needsMore.test(golden.name)) continue;
      await test.step(golden.name, async () => {
        const role = golden.role ?? "os:admin";
        const talosconfigPath = `${folder}/${role.replace(":", "-")}`;
        await sandbox.writeTalosconfig(talosconfigPath, role);
        const tag = golden.name === "older server" ? "v1.13.2" : "v1.14.0-beta.1";
        for (const node of sandbox.nodes) node.version = { ...node.version, tag };

        const { code, stdout, stderr } = await talosctl(
          { talosconfigPath, clock: sandbox.clock },
          golden.args,
        );

        const shown = golden.usageFollows ? stderr.slice(0, golden.stderr.length) : stderr;
        assert.deepEqual({ code, stdout, stderr: shown }, {
          code: golden.exitCode,
          stdout: golden.stdout,
          stderr: golden.stderr,
        });
      });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
