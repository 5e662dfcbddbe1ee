/** Writing a kubeconfig when something goes wrong: whatever happens, nobody's clusters are lost. */

import assert from "node:assert/strict";
import { startSandbox } from "../../mod.ts";
import { openHome } from "./program.ts";

const node = "10.5.0.2";

Deno.test("kubeconfigs of several clusters that are merged at the same time all survive", async () => {
  const names = ["a", "b", "c", "d"];
  await using clusters = new AsyncDisposableStack();
  await using home = await openHome();
  for (const name of names) {
    const sandbox = clusters.use(await startSandbox({ name }));
    await sandbox.writeTalosconfig(`${home.folder}/${name}.yaml`);
  }

  // The file is not there yet: whoever comes second merges.
  const ended = await Promise.all(
    names.map((name) =>
      home.run(["kubeconfig", "-n", node, "--talosconfig", `${home.folder}/${name}.yaml`])
    ),
  );

  for (const { code, stdout, stderr } of ended) {
    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: "", stderr: "" });
  }
  const text = await Deno.readTextFile(`${home.folder}/.kube/config`);
  assert.deepEqual(
    Array.from(text.matchAll(/^- name: (.*)$/gm), ([, user]) => user),
    names.map((name) => `admin@${name}`),
  );
  assert.deepEqual([...Deno.readDirSync(`${home.folder}/.kube`)].map(({ name }) => name), [
    "config",
  ]);
});

Deno.test({
  name: "a full disk leaves the old kubeconfig, for its owner alone, and says so",
  ignore: !canMount(),
}, async () => {
  await using sandbox = await startSandbox();
  await using home = await openHome(sandbox);
  const disk = `${home.folder}/disk`;
  await Deno.mkdir(disk);
  command("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk);
  try {
    const path = `${disk}/config`;
    const old = `kind: Config\nusers:\n- name: me\n  user:\n    token: ${"x".repeat(40_000)}\n`;
    await Deno.writeTextFile(path, old, { mode: 0o600 });

    const merged = await home.run(["kubeconfig", "-n", node, path]);
    const mode = (await Deno.stat(path)).mode ?? 0;

    assert.deepEqual([merged.code, merged.stdout], [1, ""]);
    assert.equal(merged.stderr, `write ${path}: no space left on device\n`);
    assert.equal(await Deno.readTextFile(path), old);
    assert.equal(mode & 0o777, 0o600);
    assert.deepEqual([...Deno.readDirSync(disk)].map(({ name }) => name), ["config"]);
  } finally {
    command("umount", disk);
  }
});

Deno.test("without merging, the kubeconfig goes into the working directory", async () => {
  await using sandbox = await startSandbox();
  await using home = await openHome(sandbox);
  const shell = 'cd "$HOME" && mkdir -- work - && cd work && "$@"';

  const { code, stdout, stderr } = await home.run(["kubeconfig", "-n", node, "-m=false"], {
    shell,
  });

  assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: "", stderr: "" });
  assert.match(await Deno.readTextFile(`${home.folder}/work/kubeconfig`), /^apiVersion: v1\n/);
});

Deno.test("- is a file or a folder where there is one of that name", async () => {
  await using sandbox = await startSandbox();
  await using home = await openHome(sandbox);
  const inFolder = (setup: string) => `cd "$HOME" && mkdir x && cd x && ${setup} && "$@"`;
  const words = ["kubeconfig", "-n", node];

  const folder = await home.run([...words, "-"], { shell: inFolder("mkdir ./-") });
  const kept = await Deno.readTextFile(`${home.folder}/x/-/kubeconfig`);
  await Deno.remove(`${home.folder}/x`, { recursive: true });
  const merged = await home.run([...words, "-"], { shell: inFolder("touch ./-") });
  const file = await Deno.readTextFile(`${home.folder}/x/-`);
  const shell = 'cd "$HOME"/x && "$@"';
  const refused = await home.run([...words, "-m=false", "-"], { shell });
  const printed = await home.run([...words, "-m=false", "-f", "-"], { shell });

  assert.deepEqual([folder.stdout, folder.stderr, merged.stdout], ["", "", ""]);
  assert.match(kept, /^apiVersion: v1\n/);
  assert.match(file, /^current-context: admin@talos-default$/m);
  assert.deepEqual([refused.code, refused.stderr], [
    1,
    'kubeconfig file already exists, use --force to overwrite: "-"\n',
  ]);
  assert.deepEqual([printed.code, printed.stderr], [0, ""]);
  assert.match(printed.stdout, /^apiVersion: v1\n/);
});

Deno.test({
  name: "a device or a pipe is written to, never merged into",
  ignore: Deno.build.os === "windows",
}, async () => {
  await using sandbox = await startSandbox();
  await using home = await openHome(sandbox);

  const { code, stdout, stderr } = await home.run(["kubeconfig", "-n", node, "/dev/stdout"]);

  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  assert.match(stdout, /^apiVersion: v1\n[^]*\n {4}client-key-data: \S+\n$/);
});

function canMount(): boolean {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  const folder = Deno.makeTempDirSync();
  try {
    return command("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder) &&
      command("umount", folder);
  } finally {
    Deno.removeSync(folder);
  }
}

function command(name: string, ...args: string[]): boolean {
  return new Deno.Command(name, { args, stdout: "null", stderr: "null" }).outputSync().success;
}
