/** The layout of help: every command of the official tree, compared line by line with what the tree's data says. */

import assert from "node:assert/strict";
import { frameCommands } from "../../cli/frame_commands.ts";
import { helpText, helpTopic, usageBlock } from "../../cli/help.ts";
import { runProgram } from "../talosctl.ts";
import {
  commandAt,
  type CommandIndex,
  connectionFlags,
  flagsFor,
  type IndexedCommand,
  rootCommand,
} from "../../core/command_index.ts";
import {
  commandTree,
  type GoldenCommand,
  goldenCommands,
  goldenConnectionFlags,
  type GoldenFlag,
  testPlaceholders,
} from "../command_tree.ts";

const index = commandTree();

/** The command of this path in the tree. */
function command(path: readonly string[]): IndexedCommand {
  return commandAt(index, path) ?? assert.fail(path.join(" "));
}

/** The lines below `heading` in a usage block. */
function section(usage: string, heading: string): string[] {
  const part = usage.split("\n\n").find((part) => part.startsWith(`${heading}\n`));
  return part?.trimEnd().split("\n").slice(1) ?? [];
}

/** The left side and the default that the data gives a flag in a list. */
function expectedFlag(flag: GoldenFlag): { left: string; note: string } {
  const names = flag.short === null ? `      --${flag.name}` : `  -${flag.short}, --${flag.name}`;
  const left = flag.typeName === null ? names : `${names} ${flag.typeName}`;
  const text = (flag.defaultText ?? String(flag.default))
    .replaceAll("{talosDir}", "/home/u/.talos").replaceAll("{hostArch}", "amd64")
    .replace(/\{talos(Version|Tag)\}/g, "v1.14.0-beta.1");
  const isZero = ["false", "0", "0s", "", "[]"].includes(text);
  return { left, note: isZero ? "" : ` (default ${flag.defaultQuoted ? `"${text}"` : text})` };
}

/** The lines of a list of these flags; help texts are `about <name>` but for shared flags. */
function expectedFlagLines(flags: readonly GoldenFlag[]): string[] {
  const visible = flags.filter((flag) => !flag.hidden)
    .toSorted((a, b) => a.name < b.name ? -1 : 1);
  const width = Math.max(...visible.map((flag) => expectedFlag(flag).left.length)) + 3;
  return visible.map((flag) =>
    expectedFlag(flag).left.padEnd(width) + `${flag.name}?` + expectedFlag(flag).note
  );
}

/** Flag lines with each help text replaced by the flag's name and a question mark. */
function withoutTexts(lines: readonly string[], path: readonly string[]): string[] {
  const texts = new Map(flagsFor(index, command(path)).map(({ name, flag }) => [name, flag.help]));
  return lines.map((line) => {
    const name = /--(\S+)/.exec(line)?.[1] ?? "";
    return line.replace(texts.get(name) ?? "", `${name}?`);
  });
}

/** The flags that commands above this one share with it. */
function inheritedFlags({ path, inheritedFlags }: GoldenCommand): GoldenFlag[] {
  const names = new Set(inheritedFlags.map((flag) => typeof flag === "string" ? flag : flag.name));
  return goldenCommands.filter((above) =>
    above.path.length > 0 && above.path.length < path.length &&
    above.path.every((word, depth) => word === path[depth])
  ).flatMap(({ flags }) => flags.filter(({ name, persistent }) => persistent && names.has(name)));
}

const parsing = goldenCommands.filter(({ path }) => path[0] !== "__complete");

Deno.test("help shows the usage line of every command", () => {
  const shown = parsing.filter(({ runnable }) => runnable)
    .map(({ path }) => usageBlock(index, command(path), testPlaceholders).split("\n")[1]);

  assert.deepEqual(
    shown,
    parsing.filter(({ runnable }) => runnable).map(({ usageLine }) => `  ${usageLine}`),
  );
});

Deno.test("help lists every command's own flags, connection flags with those of top-level commands", () => {
  for (const { path, flags, connectionFlags } of parsing) {
    const isTopLevel = path.length === 1 && connectionFlags.length > 0;
    const own = isTopLevel ? [...flags, ...goldenConnectionFlags] : flags;

    const shown = section(usageBlock(index, command(path), testPlaceholders), "Flags:");

    assert.deepEqual(withoutTexts(shown, path), expectedFlagLines(own), path.join(" "));
  }
});

Deno.test("help lists what every command inherits under a heading of its own", () => {
  for (const golden of parsing.filter(({ path }) => path.length > 1)) {
    const { path } = golden;
    const connection = golden.connectionFlags.length > 0 ? goldenConnectionFlags : [];

    const shown = section(usageBlock(index, command(path), testPlaceholders), "Global Flags:");

    assert.deepEqual(
      withoutTexts(shown, path),
      expectedFlagLines([...inheritedFlags(golden), ...connection]),
      path.join(" "),
    );
  }
});

Deno.test("the six connection flags are those of the official client", () => {
  assert.deepEqual(
    flagsFor(index, command(["get"])).filter(({ key }) => key in connectionFlags)
      .map(({ name, flag: { short = null, type, persistent } }) => ({
        name,
        short,
        type,
        persistent,
      })),
    goldenConnectionFlags.map(({ name, short, type, persistent }) => ({
      name,
      short,
      type,
      persistent,
    })),
  );
});

Deno.test("help of a group is its description, its usage and its visible children", () => {
  assert.equal(
    helpText(index, command(["cluster"]), testPlaceholders),
    `\
about cluster

Usage:
  talosctl cluster [command]

Available Commands:
  create      about cluster create
  destroy     about cluster destroy
  logs        about cluster logs
  reboot      about cluster reboot
  show        about cluster show
  sync        about cluster sync

Flags:
  -h, --help                     Describe this command and end
      --name string              about name (default "talos-default")
      --remote-endpoint string   about remote-endpoint
      --state string             about state (default "/home/u/.talos/clusters")

Use "talosctl cluster [command] --help" for more information about a command.
`,
  );
});

Deno.test("help of a command shows aliases and examples between usage and flags", () => {
  const shown = {
    ...command(["cluster", "show"]),
    aliases: ["s", "list"],
    example: "  one\n  two",
  };

  assert.equal(
    helpText(index, { ...shown, description: "Long text.\n\n" }, testPlaceholders),
    `\
Long text.

Usage:
  talosctl cluster show [flags]

Aliases:
  show, s, list

Examples:
  one
  two

Flags:
  -h, --help                 Describe this command and end
      --provisioner string   about provisioner (default "docker")

Global Flags:
      --name string              about name (default "talos-default")
      --remote-endpoint string   about remote-endpoint
      --state string             about state (default "/home/u/.talos/clusters")
`,
  );
});

Deno.test("root help lists all visible commands in sections, sorted, with names in 23 columns", () => {
  const usage = usageBlock(index, rootCommand, testPlaceholders);
  const parts = usage.split("\n\n");
  const listed = goldenCommands.filter(({ path, hidden }) => path.length === 1 && !hidden);
  const lines = (group: string | null) =>
    listed.filter((command) => command.group === group).map(({ path: [name = ""] }) => name).sort()
      .map((name) => `  ${name.padEnd(23)} about ${name}`);

  assert.deepEqual(parts.map((part) => part.split("\n").slice(1)), [
    ["  talosctl [command]"],
    lines("talos"),
    lines("mgmt"),
    lines("cluster"),
    lines(null),
    ["  -h, --help   Describe this command and end"],
    [""],
  ]);
  assert.match(usage, /\n\nAdditional Commands:\n {2}completion {14}about completion\n {2}help /);
  assert.match(
    usage,
    /\n\nUse "talosctl \[command\] --help" for more information about a command\.\n$/,
  );
});

Deno.test("the usage that follows an unknown command has no flags", () => {
  const whole = usageBlock(index, rootCommand, testPlaceholders);
  const flags = "\n\nFlags:\n  -h, --help   Describe this command and end";

  assert.equal(
    usageBlock(index, rootCommand, testPlaceholders, { withoutFlags: true }),
    whole.replace(flags, ""),
  );
  assert.ok(whole.includes(flags));
});

Deno.test("help about a topic is the help of the deepest command the words name", () => {
  const topics: [words: string[], path: string[]][] = [
    [[], []],
    [["etcd"], ["etcd"]],
    [["etcd", "member"], ["etcd"]],
    [["etcd", "members", "x"], ["etcd", "members"]],
    [["c"], ["containers"]],
  ];

  for (const [words, path] of topics) {
    assert.deepEqual(helpTopic(index, words, testPlaceholders), {
      stdout: helpText(index, command(path), testPlaceholders),
      stderr: "",
    });
  }
});

Deno.test("help about an unknown topic names it in backquotes where these can hold it", () => {
  const { stdout, stderr } = helpTopic(index, ["nosuch", "a`b", "c\td", "e\nf"], testPlaceholders);

  const usage = usageBlock(index, rootCommand, testPlaceholders, { withoutFlags: true });
  assert.equal(stdout, "");
  assert.equal(stderr, 'Unknown help topic [`nosuch` "a`b" `c\td` "e\\nf"]\n' + usage);
});

Deno.test("commands that print data have an output flag, with a letter where one is free", () => {
  const base = { ...command(["etcd", "members"]), printsData: true };
  const path = ["made", "up"];
  const taken = {
    ...base,
    path,
    flags: { other: { type: "string", short: "o", help: "" } },
  } as const;
  const official = {
    ...base,
    path,
    flags: { output: { type: "string", help: "theirs" } },
  } as const;

  const outputs = [base, taken, official].map((command) =>
    flagsFor(index, command).filter(({ name }) => name === "output")
      .map(({ flag: { short, default: value } }) => ({ short, value }))
  );

  assert.deepEqual(outputs, [
    [{ short: "o", value: "table" }],
    [{ short: undefined, value: "table" }],
    [{ short: undefined, value: undefined }],
  ]);
});

Deno.test("the frame's own commands are those of the official client", () => {
  const own: CommandIndex = {
    commands: frameCommands.map((command) => ({ ...command, plugin: "" })),
    completers: {},
    provisioners: [],
  };
  const names = frameCommands.map(({ path }) => path.join(" "));
  const golden = goldenCommands.filter(({ path }) => names.includes(path.join(" ")));

  assert.equal(golden.length, frameCommands.length);
  for (const { path, usageLine, aliases, hidden, args, argCompletion, flags } of golden) {
    const command = commandAt(own, path) ?? assert.fail(path.join(" "));
    const [, line] = usageBlock(own, command, testPlaceholders).split("\n");
    if (command.runnable !== false) assert.equal(line, `  ${usageLine}`);
    assert.deepEqual([command.aliases ?? [], command.hidden ?? false], [aliases, hidden]);
    assert.equal(command.args.rule, args.rule);
    if (path[0] !== "__complete") {
      assert.deepEqual(command.args.completion, argCompletion);
      assert.deepEqual(
        flagsFor(own, command).map(({ name }) => name).sort(),
        flags.map(({ name }) => name).sort(),
      );
    }
  }
});

Deno.test("on a terminal what flags are for is wrapped, in a pipe each flag is one line", async () => {
  const words = ["config", "remove", "--help"];

  const piped = await runProgram(words);
  const onTerminal = await runProgram(words, { isTerminal: true });

  const unwrapped = onTerminal.stdout.replace(/\n {20,}(?=\S)/g, " ");
  assert.equal(unwrapped, piped.stdout);
  assert.ok(onTerminal.stdout.split("\n").every((line) => line.length <= 80), onTerminal.stdout);
  assert.notEqual(onTerminal.stdout, piped.stdout);
});
