/** What the commands nobody has written yet still owe a user: help for everything, and a clear failure. */

import assert from "node:assert/strict";
import type { Command, Context, Flags } from "../../core/command.ts";
import planned from "../../plugins/planned/plugin.ts";

/** The planned commands, as the frame is handed them. */
function plannedCommands(): Command<object, Flags>[] {
  const commands: Command<object, Flags>[] = [];

  planned.register({
    command: (command) => void commands.push(command),
    completer: () => assert.fail("a planned command needs no completer"),
    provisioner: () => assert.fail("a planned command needs no provisioner"),
    proto: () => assert.fail("a planned command needs no service"),
  });

  return commands;
}

/** All a planned command looks at: whether nodes are named. */
const contextWithNodes = { nodes: () => Promise.resolve(["10.5.0.2"]) } as unknown as Context<
  Flags
>;

/** What `command` fails with when it is run. */
async function failureOf(words: string): Promise<string> {
  const command = plannedCommands().find(({ path }) => path.join(" ") === words);
  const outcome = Promise.resolve(command?.run?.(contextWithNodes));

  return await outcome.then(() => "no failure", (error) => `${error.name}: ${error.message}`);
}

Deno.test("planned commands are counted, so that one sees the list shrink", () => {
  const runnable = plannedCommands().filter((command) => command.run !== undefined);

  // deno-lint-ignore no-console -- the number is what this test is for
  console.log(`planned commands: ${runnable.length}`);

  assert.ok(runnable.length <= 35, "a command can only leave the list");
});

Deno.test("planned commands say what they do in one line", () => {
  const wrong = plannedCommands()
    .filter(({ summary }) => !/^\S.{0,77}[^\s.]$/.test(summary))
    .map(({ path, summary }) => `${path.join(" ")}: ${summary}`);

  assert.deepEqual(wrong, []);
});

Deno.test("planned commands explain each of their flags, and no two alike", () => {
  const wrong = plannedCommands().flatMap(({ path, flags }) => {
    const seen = new Set<string>();
    return Object.entries(flags).filter(([, { help }]) => {
      const isUseless = help.trim() === "" || seen.has(help);
      seen.add(help);
      return isUseless;
    }).map(([name]) => `${path.join(" ")}: ${name}`);
  });

  assert.deepEqual(wrong, []);
});

Deno.test("planned commands fail, and name what was asked for", async () => {
  assert.equal(
    await failureOf("conformance kubernetes"),
    "CliError: not available yet: talosctl conformance kubernetes",
  );
});

Deno.test("planned commands never fail with words that bring the usage", async () => {
  const runnable = plannedCommands().filter((command) => command.run !== undefined);

  const failures = await Promise.all(runnable.map(({ path }) => failureOf(path.join(" "))));

  assert.deepEqual(
    failures.filter((failure) => /no failure|arg\(s\)|flag|command/.test(failure)),
    [],
  );
});

Deno.test("planned commands that are deprecated name what to use instead", async () => {
  assert.equal(
    await failureOf("crashdump"),
    "CliError: `talosctl crashdump` is deprecated, please use `talosctl support` instead",
  );
});
