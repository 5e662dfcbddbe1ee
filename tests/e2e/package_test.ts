/** The npm package: made from this tree, installed into an empty folder, and run by Node.js. */

import assert from "node:assert/strict";
import { startSandbox } from "../../mod.ts";

const sources = new URL("../..", import.meta.url).pathname;

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

async function run(
  [program = "", ...args]: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<Outcome> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    cwd,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** A program that uses the package as a library. */
const libraryUse = `
import { connect, main, startSandbox } from "@talos/talosctl";

await main(["version", "--client", "--short"]);
await using sandbox = await startSandbox({ version: "v1.13.1" });
await using talos = await connect({ talosconfig: await sandbox.talosconfig() });
const machine = await talos.node("10.5.0.2").service("machine.MachineService");
const { messages: [answer] } = await machine.version({});
console.log(answer.version.tag);
`;

/** What npm says when the runtime's package is neither cached nor to be had. */
const unreachable = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED/;

Deno.test("the npm package, installed into an empty folder, is run by npx", async (t) => {
  await using sandbox = await startSandbox({ controlPlanes: 1 });
  const folder = await Deno.makeTempDir({ prefix: "talosctl package " });
  await using _ = { [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
  await sandbox.writeTalosconfig(`${folder}/talosconfig`);
  const tarball = `${folder}/talosctl.tgz`;

  const packed = await run(
    [Deno.execPath(), "run", "-A", `${sources}cli/pack.ts`, tarball],
    folder,
  );
  assert.equal(packed.code, 0, packed.stderr);
  await run(["tar", "-xzf", tarball], folder);
  const manifest = JSON.parse(await Deno.readTextFile(`${folder}/package/package.json`));
  assert.deepEqual(manifest.dependencies, { deno: Deno.version.deno });
  for (const path of [manifest.bin.talosctl, manifest.exports["."], "LICENSE", "README.md"]) {
    assert.ok((await Deno.stat(`${folder}/package/${path}`)).isFile, path);
  }

  const home = `${folder}/home`;
  await Deno.mkdir(home);
  const installed = await run(
    ["npm", "install", "--prefer-offline", "--no-audit", "--no-fund", tarball],
    home,
  );

  const isIgnored = installed.code !== 0 && unreachable.test(installed.stderr);
  await t.step({
    name: `npx talosctl answers${
      isIgnored ? " (ignored: the npm registry cannot be reached)" : ""
    }`,
    ignore: isIgnored,
    async fn() {
      assert.equal(installed.code, 0, installed.stderr);
      const npx = ["npx", "--no-install", "--loglevel=error", "talosctl"];

      const client = await run([...npx, "version", "--client", "--short"], home);
      const asked = await run([...npx, "version", "--short", "-n", "10.5.0.2"], home, {
        TALOSCONFIG: `${folder}/talosconfig`,
      });
      const refused = await run([...npx, "version", "extra"], home);

      assert.deepEqual(client, {
        code: 0,
        stdout: "Client:\nTalos v1.14.0-beta.1\n",
        stderr: "",
      });
      assert.deepEqual([asked.code, asked.stderr], [0, ""]);
      assert.match(asked.stdout, /\n\tNODE: +10\.5\.0\.2\n/);
      await Deno.writeTextFile(`${home}/use.ts`, libraryUse);
      const used = await run([Deno.execPath(), "run", "-A", "use.ts"], home);

      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /^unknown command "extra" for "talosctl version"\n/);
      assert.deepEqual(used, {
        code: 0,
        stdout: "Client:\nTalos v1.14.0-beta.1\nv1.13.1\n",
        stderr: "",
      });
    },
  });
});
