/** Kubeconfigs that the official client merged, merged again from what a simulated node hands out. */

import assert from "node:assert/strict";
import { startSandbox } from "../../mod.ts";
import { talosctl } from "../talosctl.ts";

const cases = new URL("kubeconfig/", import.meta.url).pathname;

Deno.test("a kubeconfig is merged into a file as the official client does it", async (test) => {
  await using sandbox = await startSandbox();
  const [node] = sandbox.nodes;
  assert.ok(node);
  const folder = await Deno.makeTempDir();
  const target = { talosconfigPath: `${folder}/talosconfig`, clock: sandbox.clock };
  await sandbox.writeTalosconfig(target.talosconfigPath);

  const names = [...Deno.readDirSync(cases)].map(({ name }) => name).sort();
  assert.equal(names.length, 14);
  for (const name of names) {
    await test.step(name, async () => {
      const read = (file: string) => Deno.readTextFileSync(`${cases}${name}/${file}`);
      const path = `${folder}/${name}.yaml`;
      await Deno.writeTextFile(path, read("in.yaml"));
      node.kubeconfig = read("new.yaml");
      const flags = read("args.txt").split("\n").filter((word) => word !== "");

      const outcome = await talosctl(target, ["kubeconfig", path, ...flags, "-n", "10.5.0.2"]);

      assert.deepEqual(outcome, { code: 0, stdout: read("stdout.txt"), stderr: "" });
      assert.equal(await Deno.readTextFile(path), read("out.yaml"));
    });
  }
  await Deno.remove(folder, { recursive: true });
});
