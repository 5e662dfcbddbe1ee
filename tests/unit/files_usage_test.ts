/** `usage`: what it asks, and its table. */

import assert from "node:assert/strict";
import { startSandbox } from "../../mod.ts";
import { startFakeNodes } from "../fake_nodes.ts";
import { talosctl } from "../talosctl.ts";

const diskUsage = "machine.MachineService/DiskUsage";

Deno.test("usage prints size and name for one node", async () => {
  await using nodes = await startFakeNodes({
    [diskUsage]: () => [
      { name: "/etc/cni", relativeName: "cni", size: "100" },
      { name: "/etc", relativeName: ".", size: "223715" },
    ],
  });

  const outcome = await talosctl(nodes, "usage -n 10.0.0.1 -d 1 /etc");

  const table = "SIZE     NAME\n100      cni\n223715   .\n";
  assert.deepEqual(outcome, { code: 0, stdout: table, stderr: "" });
});

Deno.test("usage --humanize of several nodes prints the official table", async () => {
  await using nodes = await startFakeNodes({
    [diskUsage]: (_request, node) =>
      node === "10.0.0.2" ? [{ error: "lstat /nosuch: no such file or directory" }] : [
        { relativeName: "a", size: "1234567" },
        { relativeName: ".", size: "9" },
      ],
  });

  const outcome = await talosctl(nodes, "du -n 10.0.0.1,10.0.0.2 -H");

  assert.deepEqual(outcome, {
    code: 1,
    stdout: "NODE       SIZE     NAME\n10.0.0.1   1.2 MB   a\n10.0.0.1   9 B      .\n",
    stderr: "error from node 10.0.0.2: lstat /nosuch: no such file or directory\n",
  });
});

Deno.test("usage asks for what its flags say", async (test) => {
  await using nodes = await startFakeNodes({ [diskUsage]: () => [] });
  const plain = { recursionDepth: 1, all: false, threshold: "0", paths: ["/"] };
  const rows: [string, Partial<typeof plain>][] = [
    ["usage", {}],
    ["usage /a /b", { paths: ["/a", "/b"] }],
    ["usage -d 2", { recursionDepth: 3 }],
    ["usage -d 2147483647", { recursionDepth: -2147483648 }],
    ["usage -a -t -1000", { all: true, threshold: "-1000" }],
    ["usage --threshold 9007199254740991", { threshold: "9007199254740991" }],
  ];
  for (const [line, expected] of rows) {
    await test.step(line, async () => {
      nodes.requests.length = 0;

      const outcome = await talosctl(nodes, `${line} -n a`);

      assert.deepEqual(nodes.requests.map(({ request }) => request), [{ ...plain, ...expected }]);
      assert.deepEqual(outcome, { code: 0, stdout: "", stderr: "" });
    });
  }
});

Deno.test("usage of a sandbox's nodes adds up to the same on each", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 2, seed: 1 });
  const folder = await Deno.makeTempDir();
  const target = { talosconfigPath: `${folder}/talosconfig`, clock: sandbox.clock };
  await sandbox.writeTalosconfig(target.talosconfigPath);

  const missing = await talosctl(target, "usage -n 10.5.0.2 /nosuch");
  const { stdout } = await talosctl(target, "usage -n 10.5.0.2,10.5.0.3 /etc/ssl -o json");

  assert.deepEqual(missing, {
    code: 1,
    stdout: "",
    stderr: "error from node 10.5.0.2: lstat /nosuch: no such file or directory\n",
  });
  assert.equal(stdout.match(/"relativeName": "\."/g)?.length, 2);
  await Deno.remove(folder, { recursive: true });
});
