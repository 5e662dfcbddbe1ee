/** Completion of what nodes know: resource types, ids, and the nodes themselves. */

import assert from "node:assert/strict";
import { startSeededSandbox } from "../resources_seeds.ts";
import { type Outcome, talosctl } from "../talosctl.ts";

Deno.test("completion offers what the nodes know", async (test) => {
  // spec/resources.md 5.6; spec/cli.md 8
  await using sandbox = await startSeededSandbox();
  const folder = await Deno.makeTempDir();
  try {
    const talosconfigPath = `${folder}/talosconfig`;
    await sandbox.writeTalosconfig(talosconfigPath);
    const complete = (...words: string[]) =>
      talosctl({ talosconfigPath, clock: sandbox.clock }, ["__complete", ...words]);
    const node = ["-n", "172.20.0.2"];

    await test.step("ids of all types where nothing is typed", async () => {
      const lines = linesOf(await complete("get", ...node, ""));

      assert.deepEqual(lines.slice(0, 2), [
        "acquireconfigspecs.v1alpha1.talos.dev",
        "acquireconfigstatuses.v1alpha1.talos.dev",
      ]);
      assert.equal(lines.length, 199 + 1);
      assert.equal(lines.at(-1), ":4");
    });

    await test.step("aliases before each id once something is typed, unfiltered", async () => {
      const lines = linesOf(await complete("get", ...node, "mem"));

      assert.deepEqual(lines.slice(0, 5), [
        "acquireconfigspec",
        "acs",
        "acquireconfigspecs.v1alpha1.talos.dev",
        "acquireconfigstatus",
        "acs",
      ]);
    });

    const answers: [words: string[], expected: string[]][] = [
      [["get", ...node, "hostname", ""], ["hostname", ":4"]],
      [["get", ...node, "addresses", "--namespace", "cluster", ""], ["service", ":4"]],
      [["get", ...node, "nope", ""], [":1"]],
      [["get", ...node, "ms", ""], [":1"]],
      [["get", ...node, "members", "a", ""], [":5"]],
      [["get", ...node, "-o", ""], ["json", "table", "yaml", "jsonpath", ":4"]],
      [["get", "--nodes", ""], [
        "talos-default-controlplane-1",
        "172.20.0.2",
        "talos-default-controlplane-2",
        "172.20.0.3",
        "talos-default-worker-1",
        "172.20.0.5",
        "fd83:b1f7:fcb5:2802:986b:7eff:fec5:889d",
        ":4",
      ]],
    ];
    for (const [words, expected] of answers) {
      await test.step(words.join(" "), async () => {
        assert.deepEqual(linesOf(await complete(...words)), expected);
      });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

function linesOf({ stdout }: Outcome): string[] {
  return stdout.trimEnd().split("\n");
}
