/** The completion scripts in the shells they are for, with a program in the place of talosctl that notes what it is asked. */

import assert from "node:assert/strict";
import { completionScript } from "../../cli/completion_scripts/script.ts";

/** What a shell printed, and each question it asked as a list of words. */
interface Session {
  lines: string[];
  questions: string[][];
}

/** A script that asks with descriptions. */
async function scriptFor(shell: string): Promise<string> {
  return await completionScript(shell, false);
}

/** Runs `program` in a shell that finds a `talosctl` which gives `answer` to everything. */
async function runShell(shell: string[], program: string, answer: string): Promise<Session> {
  const folder = await Deno.makeTempDir();
  try {
    const talosctl =
      '#!/bin/sh\nprintf "%s\\0" "$@" >> "$HOME/asked"\nprintf "\\n" >> "$HOME/asked"\n' +
      'cat "$HOME/answer"\necho noise >&2\n';
    await Deno.writeTextFile(`${folder}/talosctl`, talosctl, { mode: 0o755 });
    await Deno.writeTextFile(`${folder}/answer`, answer);
    await Deno.writeTextFile(`${folder}/file.txt`, "");
    await Deno.writeTextFile(`${folder}/program`, program);
    const [command = "", ...args] = shell;
    const { stdout, stderr } = await new Deno.Command(command, {
      args: [...args, `${folder}/program`],
      cwd: folder,
      env: { HOME: folder, PATH: `${folder}:${Deno.env.get("PATH")}`, TERM: "dumb" },
    }).output();
    assert.equal(new TextDecoder().decode(stderr), "");
    const asked = (await Deno.readTextFile(`${folder}/asked`)).replaceAll(folder, "HOME");
    return {
      lines: new TextDecoder().decode(stdout).split("\n").slice(0, -1),
      questions: asked.split("\n").slice(0, -1).map((line) => line.split("\0").slice(0, -1)),
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function isInstalled(shell: string): boolean {
  try {
    return new Deno.Command(shell, { args: ["-c", "exit 0"] }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** A test for one shell; where the shell is absent its name says so. */
function testIn(shell: string, name: string, fn: () => Promise<void>): void {
  const isAbsent = !isInstalled(shell);
  Deno.test({
    name: isAbsent ? `${name} (skipped: no ${shell} here)` : name,
    ignore: isAbsent,
    fn,
  });
}

/** Completes in bash as readline does; `words` as bash splits them. */
async function completeInBash(line: string, words: string[], answer: string) {
  const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  const program = `${await scriptFor("bash")}
compopt() { echo "compopt $*"; }
COLUMNS=40 COMP_TYPE=9 COMP_LINE='${line.replaceAll("'", `'\\''`)}'
COMP_WORDS=(${quoted}) COMP_CWORD=${words.length - 1} COMP_POINT=\${#COMP_LINE}
HOME_NAME=value
__start_talosctl
printf '%s\\n' "\${COMPREPLY[@]}"`;
  return await runShell(["bash", "--norc"], program, answer);
}

interface BashCase {
  words: string[];
  /** Where it is not the words with blanks between. */
  line?: string;
  answer: string;
  lines: string[];
  question: string[];
}

const bashCases: BashCase[] = [
  {
    words: ["talosctl", "g"],
    answer: "gen\tmake files\nget\tshow resources of all kinds there are\n:4\n",
    lines: [
      "compopt +o default",
      "gen  (make files)",
      "get  (show resources of all kinds th...)",
    ],
    question: ["g"],
  },
  {
    words: ["talosctl", "get", ""],
    line: "talosctl get ",
    answer: "a\tone\n:0\n",
    lines: ["a"],
    question: ["get", ""],
  },
  {
    words: ["talosctl", "get", "m"],
    answer: "xyz\nmembers\n:4\n",
    lines: ["compopt +o default", "members"],
    question: ["get", "m"],
  },
  {
    words: ["talosctl", "get", "--output", "=", "j"],
    line: "talosctl get --output=j",
    answer: "json\nyaml\n:4\n",
    lines: ["compopt +o default", "json"],
    question: ["get", "--output=j"],
  },
  {
    words: ["talosctl", "get", "--output", "="],
    line: "talosctl get --output=",
    answer: "json\nyaml\n:4\n",
    lines: ["compopt +o default", "json", "yaml"],
    question: ["get", "--output="],
  },
  {
    words: ["talosctl", "get", "a", ":", "b"],
    line: "talosctl get a:b",
    answer: "a:bc\n:4\n",
    lines: ["compopt +o default", "bc"],
    question: ["get", "a:b"],
  },
  {
    words: ["talosctl", "--talosconfig", "~/my\\ file", '"a b"', "$HOME_NAME", "$(touch run)", ""],
    line: 'talosctl --talosconfig ~/my\\ file "a b" $HOME_NAME $(touch run) ',
    answer: ":0\n",
    lines: [""],
    question: ["--talosconfig", "HOME/my file", "a b", "value", "$(touch run)", ""],
  },
  {
    words: ["talosctl", "get", '"m'],
    answer: "members\n:4\n",
    lines: ["compopt +o default", "members"],
    question: ["get", "m"],
  },
  {
    words: ["talosctl", "get", ""],
    line: "talosctl get ",
    answer: "a b\n:4\n",
    lines: ["compopt +o default", "a\\ b"],
    question: ["get", ""],
  },
  {
    words: ["talosctl", "get", ""],
    line: "talosctl get ",
    answer: "a\n:5\n",
    lines: [""],
    question: ["get", ""],
  },
  {
    words: ["talosctl", "get", ""],
    line: "talosctl get ",
    answer: "b\na\n:38\n",
    lines: ["compopt -o nospace", "compopt +o default", "compopt -o nosort", "b", "a"],
    question: ["get", ""],
  },
  {
    words: ["talosctl", "get", "f"],
    answer: "txt\n:8\n",
    lines: ["file.txt"],
    question: ["get", "f"],
  },
  { words: ["talosctl", "get", "f"], answer: ":16\n", lines: [""], question: ["get", "f"] },
  {
    words: ["talosctl", "get", "f"],
    answer: "not an answer\n",
    lines: [""],
    question: ["get", "f"],
  },
];

testIn("bash", "bash completes with what talosctl answers to the words of the line", async () => {
  for (const { words, line = words.join(" "), answer, lines, question } of bashCases) {
    assert.deepEqual(
      await completeInBash(line, words, answer),
      { lines, questions: [["__complete", ...question]] },
      line,
    );
  }
});

testIn("bash", "bash asks for what stands before the cursor only", async () => {
  const words = ["talosctl", "get", "members"];
  const program = `${await completionScript("bash", true)}
COMP_TYPE=9 COMP_LINE='talosctl get members -o x' COMP_POINT=16 COMP_WORDS=(${words.join(" ")})
COMP_CWORD=2
compopt() { :; }
__start_talosctl
printf '%s\\n' "\${COMPREPLY[@]}"`;

  const session = await runShell(["bash", "--norc"], program, "members\n:4\n");

  assert.deepEqual(session, {
    lines: ["members"],
    questions: [["__completeNoDesc", "get", "mem"]],
  });
});

testIn("bash", "bash registers the function, with file names as the last resort", async () => {
  const program = `${await scriptFor("bash")}
complete -p talosctl
talosctl >/dev/null 2>&1`;

  const { lines } = await runShell(["bash", "--norc"], program, "");

  assert.deepEqual(lines, ["complete -o default -F __start_talosctl talosctl"]);
});

/** Completes in zsh's function; its helpers say what they are given. */
async function completeInZsh(words: string[], answer: string): Promise<Session> {
  const quoted = words.map((word) => `'${word}'`).join(" ");
  const program = `compdef() { print -r "compdef $*" }
_files() { print -r "_files $*" }
compset() { print -r "compset $*" }
_describe() { print -r "_describe $*"; print -rl -- "\${(@)candidates}" }
${await scriptFor("zsh")}
HOME_NAME=value
words=(${quoted}) CURRENT=${words.length} PREFIX=\${words[-1]}
_talosctl`;
  return await runShell(["zsh", "-f"], `${program}\ntrue`, answer);
}

const zshCases: [words: string[], answer: string, lines: string[]][] = [
  [["g"], "get\tshow: all\na:b\n:4\n", [
    "_describe candidates candidates",
    "get:show: all",
    "a\\:b",
  ]],
  [[""], ":4\n", []],
  [[""], ":0\n", ["_files "]],
  [[""], "a\n:5\n", []],
  [["--output=j"], "json\n:4\n", [
    "compset -P 1 *=",
    "_describe candidates candidates",
    "json",
  ]],
  [[""], "b\na\n:38\n", ["_describe -V candidates candidates -S ", "b", "a"]],
  [[""], "txt\n.yaml\n:8\n", ["_files -g *.(txt|yaml)"]],
  [[""], ":16\n", ["_files -/"]],
  [[""], "not an answer\n", []],
];

testIn("zsh", "zsh completes with what talosctl answers to the words of the line", async () => {
  for (const [words, answer, lines] of zshCases) {
    const session = await completeInZsh(["talosctl", ...words], answer);

    assert.deepEqual(session, {
      lines: ["compdef _talosctl talosctl", ...lines],
      questions: [["__complete", ...words]],
    }, words.join(" "));
  }
});

testIn(
  "zsh",
  "zsh asks with the words as the user means them, and runs no command of the line",
  async () => {
    const words = ["talosctl", "~/x", '"a b"', "$HOME_NAME", "$(touch run)", ""];

    const { questions } = await completeInZsh(words, ":4\n");

    assert.deepEqual(questions, [["__complete", "HOME/x", "a b", "value", "$(touch run)", ""]]);
  },
);

Deno.test("zsh's script begins with the line by which zsh finds it", async () => {
  assert.match(await scriptFor("zsh"), /^#compdef talosctl\n/);
});

const fishCases: [line: string, answer: string, lines: string[], question: string[]][] = [
  ["talosctl g", "get\tshow\ngen\n:4\n", ["gen", "get\tshow"], ["g"]],
  ["talosctl get --", "--output\tform\n:4\n", ["--output\tform"], ["get", "--"]],
  ["talosctl get --output=j", "json\nyaml\n:4\n", ["--output=json"], ["get", "--output=j"]],
  ['talosctl "a b" ~/x "m', "members\n:4\n", ["members"], ["a b", "HOME/x", "m"]],
  ["talosctl fi", ":4\n", [], ["fi"]],
  ["talosctl fi", "other\n:0\n", ["file.txt"], ["fi"]],
  ["talosctl fi", "file\n:5\n", [], ["fi"]],
  ["talosctl ", "b\na\n:4\n", ["a", "b"], [""]],
  ["talosctl ", "b\na\n:36\n", ["b", "a"], [""]],
  ["talosctl ", "a\tx\n:6\n", ["a\tx", "a."], [""]],
];

testIn("fish", "fish completes with what talosctl answers to the words of the line", async () => {
  for (const [line, answer, lines, question] of fishCases) {
    const program = `${await scriptFor("fish")}\ncomplete -C '${line}'`;

    const session = await runShell(["fish", "--no-config"], program, answer);

    assert.deepEqual(session, { lines, questions: [["__complete", ...question]] }, line);
  }
});

Deno.test("PowerShell's script asks the right question and registers for talosctl", async () => {
  const script = await completionScript("powershell", true);

  assert.match(script, /^Register-ArgumentCompleter -CommandName 'talosctl' -ScriptBlock \{$/m);
  assert.match(script, / __completeNoDesc"$/m);
  assert.doesNotMatch(script, /@REQUEST@/);
});
