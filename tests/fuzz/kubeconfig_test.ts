/** Mutated kubeconfigs: each is read or refused with a text for the user, and what is read survives a merge. */

import assert from "node:assert/strict";
import { CliError } from "../../core/errors.ts";
import { mergeKubeconfigs } from "../../plugins/kubeconfig/merge.ts";
import { readKubeconfig } from "../../plugins/kubeconfig/read.ts";
import { kubeconfigText } from "../../plugins/kubeconfig/write.ts";
import { mutate } from "./random.ts";

const seedText = `apiVersion: v1
kind: Config
current-context: dev
clusters:
- name: dev
  cluster: &c {server: "https://dev:443", certificate-authority-data: Y2E=}
- name: c1
  cluster:
    <<: *c
    insecure-skip-tls-verify: true
    extensions: [{name: e, extension: {a: [1, 0x10, 1.5, yes, ~, 2026-11-21, 1_0]}}]
contexts:
- {name: dev, context: {cluster: dev, user: me, namespace: "12:30"}}
users:
- name: me
  user:
    exec: {command: aws, args: [a, 'b: c'], env: [{name: A, value: "on"}]}
    token: |
      first

      second
other: "<<"
`;

const pieces: [string, ...string[]] = [
  ": ",
  ..."\t\n :-[]{}&*!|>'\"#%@`,?~<\\\0\u0085\uFEFFé🙂".split(""),
  "- ",
  "---\n",
  "<<: *c",
  "*c",
  "!!str ",
  "y",
  "null",
  "0o7",
  "-.5e3",
  "{}",
  "\n\n    ",
  "__proto__: x\n",
];

const rounds = 3000;

Deno.test("a mutated kubeconfig is read and written so that it reads the same, or refused with an error for the user", async () => {
  const fresh = await readKubeconfig(new TextEncoder().encode("clusters: [{name: c1}]"));
  let readCount = 0;
  for (let seed = 1; seed <= rounds; seed++) {
    const text = mutate(seedText, seed, pieces);
    try {
      const config = await readKubeconfig(new TextEncoder().encode(text));
      readCount++;
      const written = kubeconfigText(config);
      const again = await readKubeconfig(new TextEncoder().encode(written));
      assert.equal(kubeconfigText(again), written, `seed ${seed}: ${JSON.stringify(text)}`);
      await mergeKubeconfigs(config, fresh, {
        forceContextName: "",
        decide: () => Promise.resolve("rename"),
      });
    } catch (error) {
      assert.ok(error instanceof CliError, `seed ${seed}: ${JSON.stringify(text)}: ${error}`);
    }
  }
  assert.ok(readCount > rounds / 10, `only ${readCount} could be read`);
});
