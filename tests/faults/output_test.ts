/** Output that nobody takes: a closed pipe, a full device, closed streams. */

import assert from "node:assert/strict";
import { startSandbox } from "../../mod.ts";
import { openHome } from "./program.ts";

const node = "10.5.0.2";

Deno.test("a reader that has had enough ends the command in silence with the status of SIGPIPE", async () => {
  await using sandbox = await startSandbox();
  await using home = await openHome(sandbox);

  const { stdout, stderr } = await home.run(["get", "rd", "-n", node, "-o", "yaml"], {
    shell: '{ "$@"; echo "status $?" >&2; } | head -n 1',
  });

  assert.deepEqual({ stdout, stderr }, { stdout: `node: ${node}\n`, stderr: "status 141\n" });
});

const full = {
  name: "output to a full device",
  ignore: Deno.build.os !== "linux", // the others have no /dev/full
};

for (
  const args of [["service", "-n", node], ["--help"], ["config", "contexts"], [
    "version",
    "--client",
  ]]
) {
  Deno.test({ ...full, name: `${full.name} is an error: ${args.join(" ")}` }, async () => {
    await using sandbox = await startSandbox();
    await using home = await openHome(sandbox);

    const { code, stderr } = await home.run(args, { shell: '"$@" >/dev/full' });

    assert.deepEqual({ code, stderr }, {
      code: 1,
      stderr: "write /dev/stdout: no space left on device\n",
    });
  });
}

Deno.test(
  { ...full, name: "errors to a full device change neither output nor status" },
  async () => {
    await using sandbox = await startSandbox();
    await using home = await openHome(sandbox);
    const shell = '"$@" 2>/dev/full';

    const good = await home.run(["config", "contexts"], { shell });
    const bad = await home.run(["service", "-n", "10.5.0.99", "kubelet", "stop"], { shell });

    assert.deepEqual([good.code, bad.code], [0, 1]);
    assert.match(good.stdout, /^CURRENT +NAME +ENDPOINTS +NODES\n\* /);
    assert.deepEqual([good.stderr, bad.stderr], ["", ""]);
  },
);

Deno.test("closed streams change no status", async () => {
  await using home = await openHome();
  const shell = '"$@" >&- 2>&- <&-';

  const good = await home.run(["config", "add", "one"], { shell });
  const bad = await home.run(["config", "context", "two"], { shell });

  assert.deepEqual([good.code, bad.code], [0, 1]);
  assert.match(await Deno.readTextFile(home.talosconfig), /^ {4}one:$/m);
});
