/** Which command a line of words means, wherever its flags stand, and what is said when it means none. */

import assert from "node:assert/strict";
import { resolve } from "../../cli/resolve.ts";
import { unknownCommandError } from "../../cli/suggest.ts";
import { commandPath } from "../../core/command_index.ts";
import { commandTree, goldenCommands } from "../command_tree.ts";

const index = commandTree();

const lines: [line: string, command: string, words: string][] = [
  ["", "talosctl", ""],
  ["get members", "talosctl get", "members"],
  ["c", "talosctl containers", ""],
  ["m", "talosctl memory", ""],
  ["-n 1.2.3.4 get members", "talosctl get", "-n 1.2.3.4 members"],
  [
    "--nodes 1.2.3.4 --talosconfig=f get members",
    "talosctl get",
    "--nodes 1.2.3.4 --talosconfig=f members",
  ],
  ["--nodes=1.2.3.4", "talosctl", "--nodes=1.2.3.4"],
  ["--insecure get disks", "talosctl disks", "--insecure get"],
  ["--help get", "talosctl", "--help get"],
  ["-h nosuch", "talosctl", "-h nosuch"],
  ["etcd --help members", "talosctl etcd", "--help members"],
  ["etcd -h members", "talosctl etcd", "-h members"],
  ["etcd nosuch words", "talosctl etcd", "nosuch words"],
  ["image --namespace system list", "talosctl image list", "--namespace system"],
  ["image --namespace list", "talosctl image", "--namespace list"],
  ["gen --force ca", "talosctl gen ca", "--force"],
  ["gen -f crt --ca x", "talosctl gen crt", "-f --ca x"],
  ["-- get", "talosctl", "-- get"],
  ["get -- get", "talosctl get", "-- get"],
  ["--x=get get get", "talosctl get", "--x=get get"],
  ["-xy get members", "talosctl get", "-xy members"],
  ["-é get members", "talosctl get", "-é members"],
  ["__completeNoDesc get -n x", "talosctl __complete", "get -n x"],
];

Deno.test("a command is found with its flags before, between and after its words", () => {
  const found = lines.map(([line]) => {
    const { command, words } = resolve(index, line === "" ? [] : line.split(" "));
    return [line, commandPath(command), words.join(" ")];
  });

  assert.deepEqual(found, lines);
});

Deno.test("a command is found by each of its names, which it is told", () => {
  for (const { path, aliases } of goldenCommands.filter(({ path }) => path.length > 0)) {
    for (const name of [...path.slice(-1), ...aliases]) {
      const { command, calledAs } = resolve(index, [...path.slice(0, -1), name]);

      assert.deepEqual([command.path, calledAs], [path, name]);
    }
  }
});

Deno.test("empty words are passed over when a command is looked for", () => {
  assert.deepEqual(resolve(index, [""]).command.path, []);
  assert.deepEqual(resolve(index, ["", "get"]).words, [""]);
});

const unknown: [argv: string[], word: string | undefined][] = [
  [["GET"], "GET"],
  [["nosuch", "get"], "nosuch"],
  [["--help", "get", "members"], "members"],
  [["-n", "a", "b", "get"], "b"],
  [["etcd", "nosuch"], undefined],
  [["--", "nosuch"], undefined],
];

Deno.test("an unknown word is complained about at the root only", () => {
  assert.deepEqual(unknown.map(([argv]) => [argv, resolve(index, argv).unknown]), unknown);
});

const suggestions: [word: string, names: string][] = [
  ["C", "cluster cgroups config conformance containers copy completion"],
  ["u", "usage upgrade-k8s upgrade"],
  ["etc", "etcd get meta"],
  ["verison", "version"],
  ["helpp", ""], // `help` is never suggested
  ["nosuch", ""],
];

Deno.test("an unknown word brings the names that are close to it, in order of registration", () => {
  const texts = suggestions.map(([word]) => unknownCommandError(index, word).message);

  assert.deepEqual(
    texts,
    suggestions.map(([word, names]) => {
      const list = names === "" ? "" : names.split(" ").map((name) => `\t${name}\n`).join("");
      const heading = list === "" ? "" : "\n\nDid you mean this?\n";
      return `unknown command "${word}" for "talosctl"${heading}${list}`;
    }),
  );
});
