/** What the documents name has to be there: commands, files and links. */

import assert from "node:assert/strict";
import { commandAt, flagsFor } from "../../core/command_index.ts";
import { parseIndex } from "../../core/stored_index.ts";
import { resolve } from "../../cli/resolve.ts";

const root = new URL("../..", import.meta.url);
const documents = ["README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/differences.md"];
/** Those besides that lead elsewhere. */
const guides = [
  "docs/library.md",
  "docs/plugins.md",
  "docs/examples/echo-service/README.md",
  "docs/examples/rolling-restart/README.md",
  "docs/examples/talosctl-hello/README.md",
];
const index = parseIndex(read("cli/index.jsonl"));

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, root));
}

function exists(url: URL): boolean {
  try {
    return Deno.statSync(url) !== undefined;
  } catch {
    return false;
  }
}

/** The words of a line that a reader can type: up to a comment, a pipe or an ellipsis. */
function typedWords(line: string): string[] {
  const words = line.split(/\s+(?:#|\||…|>)/)[0]?.split(/\s+/) ?? [];
  return words.slice(1).filter((word) => word !== "" && !/^[A-Z]+$/.test(word));
}

/** What is wrong with a command line that a document shows. */
function problemOf(line: string): string | undefined {
  const { command, words, unknown } = resolve(index, typedWords(line));
  if (unknown !== undefined) return `${line}: no command "${unknown}"`;
  const stray = command.runnable === false && words.find((word) => !word.startsWith("-"));
  if (stray) return `${line}: no command "${stray}" in this group`;
  const known = flagsFor(index, command);
  const wrong = words.map((word) => word.split("=")[0] ?? "").find((word) =>
    /^--?[a-z]/.test(word) &&
    !known.some(({ name, flag }) => `--${name}` === word || `-${flag.short}` === word)
  );
  return wrong === undefined ? undefined : `${line}: no flag "${wrong}"`;
}

Deno.test("every command that the documents show is there, with its flags", () => {
  const lines = documents.flatMap((path) => read(path).split("\n"))
    .filter((line) => /^talosctl [a-z-]/.test(line));

  const wrong = lines.flatMap((line) => problemOf(line) ?? []);

  assert.ok(lines.length >= 6, "the lines were found");
  assert.deepEqual(wrong, []);
});

Deno.test("every command that the list of differences names is there", () => {
  const rows = read("docs/differences.md").split("\n## Commands")[1]?.split("\n## ")[0] ?? "";
  const named = [...rows.matchAll(/^\| `([a-z][^`]*)`/gm)].map(([, line = ""]) => line);

  const wrong = named.flatMap((line) => problemOf(`talosctl ${line}`) ?? []);

  assert.ok(named.length >= 2, "the rows were found");
  assert.deepEqual(wrong, []);
  assert.ok(commandAt(index, ["cluster", "create", "sandbox"]) !== undefined);
});

Deno.test("links between documents lead to files", () => {
  const links = [...documents, ...guides].flatMap((path) =>
    [...read(path).matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, target = ""]) => ({ path, target }))
  ).filter(({ target }) => !/^[a-z]+:/.test(target));

  const broken = links.filter(({ path, target }) => !exists(new URL(target, new URL(path, root))));

  assert.ok(links.length > 0, "links were found");
  assert.deepEqual(broken, []);
});

Deno.test("paths that the documents name are there", () => {
  const folders = "cli|core|plugins|proto|tests|docs|\\.ci";
  const named = [...documents, ...guides].flatMap((path) =>
    [...read(path).matchAll(new RegExp("`((?:" + folders + ")/[^`\\s]*)`", "g"))]
      .map(([, target = ""]) => ({ path, target }))
  ).filter(({ target }) => !/[A-Z*…]/.test(target));

  const missing = named.filter(({ target }) => !exists(new URL(target, root)));

  assert.ok(named.length > 20, "paths were found");
  assert.deepEqual(missing, []);
});

Deno.test("tasks that the documents tell to run are there", () => {
  const { tasks }: { tasks: Record<string, string> } = JSON.parse(read("deno.json"));
  const named = documents.flatMap((path) =>
    [...read(path).matchAll(/deno(?:@[\d.]+)? task ([a-z]+)/g)].map(([, task = ""]) => task)
  );

  const missing = named.filter((task) => tasks[task] === undefined);

  assert.ok(named.length > 5, "tasks were found");
  assert.deepEqual(missing, []);
});
