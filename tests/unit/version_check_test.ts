/** The version check before a command: what it says of old, broken and absent nodes. */

import assert from "node:assert/strict";
import { startSandbox } from "../../mod.ts";
import { talosctl } from "../talosctl.ts";

Deno.test("get warns of older nodes on one line, and stops at nodes it cannot check", async (test) => {
  // spec/client.md 3.11
  await using sandbox = await startSandbox({ workers: 1, seed: 1 });
  const [controlPlane, worker] = sandbox.nodes;
  assert(controlPlane !== undefined && worker !== undefined);
  const folder = await Deno.makeTempDir();
  try {
    const talosconfigPath = `${folder}/talosconfig`;
    await sandbox.writeTalosconfig(talosconfigPath);
    const get = (nodes: string, tags: readonly string[]) => {
      controlPlane.version = { ...controlPlane.version, tag: tags[0] ?? "" };
      worker.version = { ...worker.version, tag: tags[1] ?? "" };
      const target = { talosconfigPath, clock: sandbox.clock };
      return talosctl(target, `get swapstatuses -n ${nodes} -o yaml`);
    };

    await test.step("as new or newer: nothing to say", async () => {
      const outcome = await get("10.5.0.2,10.5.0.3", ["v1.14.0-beta.1", "v1.15.0"]);

      assert.deepEqual(outcome, { code: 0, stdout: "", stderr: "" });
    });

    await test.step("older: a warning, and the work goes on", async () => {
      const outcome = await get("10.5.0.2,10.5.0.3", ["v1.14.0-beta.0", "v1.13.2"]);

      const older = "is older than client version 1.14.0-beta.1";
      const warnings = [
        `10.5.0.2: server version 1.14.0-beta.0 ${older}`,
        `10.5.0.3: server version 1.13.2 ${older}`,
      ];
      // In order of arrival.
      const lines = [warnings, warnings.toReversed()].map((order) =>
        `WARNING: ${order.join(", ")}\n`
      );
      assert.deepEqual({ ...outcome, stderr: lines.includes(outcome.stderr) }, {
        code: 0,
        stdout: "",
        stderr: true,
      });
    });

    await test.step("a tag that is no version: an error", async () => {
      const { code, stdout, stderr } = await get("10.5.0.2", ["vX.1.0"]);

      assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
      assert.match(stderr, /^10\.5\.0\.2: error parsing server version: .+\n$/);
    });

    await test.step("a node that is down: an error", async () => {
      await sandbox.fault("10.5.0.3", "down");

      const { code, stdout, stderr } = await get("10.5.0.3", []);

      assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
      assert.match(
        stderr,
        /^10\.5\.0\.3: error getting server version: rpc error: code = Unavailable desc = .+\n$/,
      );
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
