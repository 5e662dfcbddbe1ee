/** A plugin's life, from its arrival to its removal, in each of the ways in which people run the program. */

import assert from "node:assert/strict";
import { gzip, tarOf } from "../archives.ts";
import { type Launcher, makeLaunchers } from "../launchers.ts";
import { createWorkshop, greeter, type PluginWorkshop } from "../plugin_workshop.ts";
import { processEnvironment } from "../process_environment.ts";

/** Runs the program in a workshop; its exit status and output. */
async function start({ command }: Launcher, workshop: PluginWorkshop, words: readonly string[]) {
  const [program, ...before] = command;
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...before, ...words],
    cwd: workshop.path,
    clearEnv: true,
    env: {
      ...processEnvironment(workshop.path),
      PATH: "/usr/bin:/bin",
      XDG_DATA_HOME: `${workshop.path}/data`,
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

Deno.test("a plugin is added, run, changed, refused, repaired and removed", async () => {
  await using launchers = await makeLaunchers();
  for (const launcher of launchers.all) {
    await using workshop = await createWorkshop();
    const { name } = launcher;
    const run = (line: string) => start(launcher, workshop, line.split(" "));
    const archive = await gzip(await tarOf(greeter("greet", { version: "1.0.0" })));
    await workshop.write("..", { "greet.tgz": archive });

    const unheard = await run("plugin add greet.tgz");
    const added = await run("plugin add greet.tgz --yes");
    assert.match(unheard.stderr, /^adding greet: nobody is at a terminal to agree to it$/m, name);
    assert.equal(added.stdout, "added greet 1.0.0\n  talosctl greet\n", name + added.stderr);
    const first = await run("greet");
    await Deno.writeTextFile(`${workshop.plugins}/greet/more.ts`, "");
    const refused = await run("greet");
    const ill = await run("plugin doctor");
    const repaired = await run("plugin update -o jsonpath={.status}");
    const second = await run("greet");
    const healthy = await run("plugin doctor");
    const removed = await run("plugin remove greet --yes");
    const gone = await run("greet");

    assert.deepEqual(first, { code: 0, stdout: "hello\n", stderr: "" }, name);
    assert.deepEqual([refused.code, refused.stdout], [1, ""], name);
    assert.match(refused.stderr, /has changed since it was approved/, name);
    assert.match(ill.stdout, /^greet +its files have changed since it was approved/m, name);
    assert.equal(ill.code, 1, name);
    assert.deepEqual(repaired, { code: 0, stdout: "updated\n", stderr: "" }, name);
    assert.equal(second.stdout, "hello\n", name);
    assert.deepEqual(healthy, { code: 0, stdout: "", stderr: "doctor: no problems\n" }, name);
    assert.equal(removed.code, 0, name);
    assert.match(gone.stderr, /^unknown command "greet" for "talosctl"/m, name);
  }
});
