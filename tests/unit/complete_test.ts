/** What `__complete` answers a shell, for each kind of word and each step of spec/cli.md 8. */

import assert from "node:assert/strict";
import { complete, type CompletionHost } from "../../cli/complete.ts";
import { CliError } from "../../core/errors.ts";
import { commandTree, testPlaceholders } from "../command_tree.ts";

const index = commandTree();

/** Answers `line`, a blank between words and the last word perhaps empty, without descriptions. */
async function ask(line: string, host: Partial<CompletionHost> = {}) {
  return await askWithDescriptions(line, host, "__completeNoDesc");
}

async function askWithDescriptions(
  line: string,
  host: Partial<CompletionHost> = {},
  calledAs = "__complete",
) {
  return await complete(line.split(" "), calledAs, {
    index,
    placeholders: testPlaceholders,
    env: () => undefined,
    contextNames: () => Promise.resolve(["bravo", "alpha"]),
    completer: () => Promise.resolve(undefined),
    ...host,
  });
}

/** The candidates and the directive on one line. */
async function stdoutOf(line: string): Promise<string> {
  return (await ask(line)).stdout.trimEnd().replaceAll("\n", " ");
}

const connection = "--cluster -c --context --endpoints -e";
const more = "--siderov1-keys-dir --talosconfig";

const answers: [line: string, stdout: string][] = [
  // commands (7)
  ["v", "validate version :4"],
  ["nosuch", ":4"],
  ["etcd m", "members :4"],
  ["etcd nosuch ", ":0"],
  ["hel", "help :4"],
  ["image --namespace system l", "list :4"],
  ["-n x etcd m", "members :4"],
  ["gen --force c", "ca config crt csr :4"],
  ["version ", ":0"],
  // flag names (6)
  ["get --na", "--namespace :4"],
  ["get --namespace=x --n", "--nodes :4"],
  ["get --nodes=x --n", "--namespace --nodes :4"],
  ["get -n x -n", "-n :4"],
  ["gen ca --", "--organization :4"],
  ["gen ca --organization x --", "--force --help --hours --rsa :4"],
  ["gen ca --h", "--help --hours :4"],
  ["gen crt --ca x ", "--csr --name :0"],
  ["gen crt --ca x --cs", "--csr :4"],
  ["cluster show --", "--name --remote-endpoint --state --help --provisioner :4"],
  ["etcd members -", `${connection} --nodes -n ${more} --help -h :4`],
  ["cgroups --preset cpu --s", "--siderov1-keys-dir --skip-cri-resolve :4"],
  ["pcap --snap", ":4"],
  ["get -- --", ":0"],
  ["get -- -o ", ":0"],
  // values of flags (2, 5)
  ["get --output ", "json table yaml jsonpath :4"],
  ["get -o j", "json table yaml jsonpath :4"],
  ["get -wo ", "json table yaml jsonpath :4"],
  ["get --output=j", "json table yaml jsonpath :4"],
  ["get -o=j", "json table yaml jsonpath :4"],
  ["get --context ", "alpha bravo :4"],
  ["cgroups --preset ", "cpu cpuset io memory process psi swap :4"],
  ["get --namespace ", ":0"],
  ["get --insecure=", ":0"],
  ["get -nfoo ", ":0"],
  // positional arguments (7)
  ["config context ", "alpha bravo :4"],
  ["config remove a ", "alpha bravo :4"],
  ["copy /etc ", ":0"],
  ["copy /etc . ", ":5"],
  ["service etcd ", "start stop restart status :4"],
  ["service etcd start ", ":5"],
  ["help et", "etcd :4"],
  ["help etcd member", "members :4"],
  ["help h", "health help :4"],
  ["help nosuch ", ":4"],
  ["completion ", "bash fish powershell zsh :4"],
  ["completion bash ", ":4"],
  // 4
  ["get --help ", ":4"],
  ["etcd -h m", ":4"],
];

Deno.test("completion offers commands, flags and values", async () => {
  const given = await Promise.all(answers.map(async ([line]) => [line, await stdoutOf(line)]));

  assert.deepEqual(given, answers);
});

const failures: [line: string, stderr: string][] = [
  ["nosuch ", "unable to find a command for arguments: [nosuch]"],
  ["a b -x ", "unable to find a command for arguments: [a b -x]"],
  ["get --bogus ", "Error while parsing flags from args [--bogus]: unknown flag: --bogus"],
  ["get x --bogus=", "Error while parsing flags from args [x]: unknown flag: --bogus"],
  [
    "get --insecure=x ",
    'Error while parsing flags from args [--insecure=x]: invalid argument "x" for "-i, --insecure" flag: strconv.ParseBool: parsing "x": invalid syntax',
  ],
];

Deno.test("completion of a line that is wrong offers nothing and tells the debug log why", async () => {
  for (const [line, problem] of failures) {
    assert.deepEqual(await ask(line), {
      stdout: ":0\n",
      stderr:
        `[Debug] [Error] ${problem}\nCompletion ended with directive: ShellCompDirectiveDefault\n`,
      exit: 0,
      debugLog: `[Error] ${problem}\n`,
    });
  }
});

Deno.test("completion names its directive on stderr", async () => {
  const { stderr } = await ask("copy /etc . ");

  assert.equal(
    stderr,
    "Completion ended with directive: ShellCompDirectiveError, ShellCompDirectiveNoFileComp\n",
  );
});

Deno.test("completion gives each candidate the first line of its description", async () => {
  const commands = index.commands.map((command) =>
    command.path.join(" ") === "get" ? { ...command, summary: "one\ntwo" } : command
  );

  const { stdout } = await askWithDescriptions("ge", { index: { ...index, commands } });

  assert.equal(stdout, "gen\tabout gen\nget\tone\n:4\n");
});

const switches: [variables: Record<string, string>, hasDescriptions: boolean][] = [
  [{}, true],
  [{ TALOSCTL_COMPLETION_DESCRIPTIONS: "0" }, false],
  [{ TALOSCTL_COMPLETION_DESCRIPTIONS: "False" }, false],
  [{ TALOSCTL_COMPLETION_DESCRIPTIONS: "no" }, true],
  [{ COBRA_COMPLETION_DESCRIPTIONS: "f" }, false],
  [{ TALOSCTL_COMPLETION_DESCRIPTIONS: "", COBRA_COMPLETION_DESCRIPTIONS: "f" }, false],
  [{ TALOSCTL_COMPLETION_DESCRIPTIONS: "true", COBRA_COMPLETION_DESCRIPTIONS: "f" }, true],
];

Deno.test("completion drops descriptions when the environment says so", async () => {
  for (const [variables, hasDescriptions] of switches) {
    const { stdout } = await askWithDescriptions("vers", { env: (name) => variables[name] });

    assert.equal(stdout, hasDescriptions ? "version\tabout version\n:4\n" : "version\n:4\n");
  }
});

Deno.test("completion asks plugins for words it does not know, with the line so far", async () => {
  const questions: unknown[] = [];
  const completer: CompletionHost["completer"] = ({ kind, command, line, word }) => {
    questions.push([kind, command.path.join(" "), line.args, line.flags.namespace, word]);
    return Promise.resolve({ candidates: ["one\tfirst", "two"], directive: 4 });
  };

  const outputs = [];
  for (const line of ["get ", "get members --namespace x a", "get --nodes 10.", "list /et"]) {
    outputs.push((await ask(line, { completer })).stdout);
  }

  assert.deepEqual(outputs, Array(4).fill("one\ntwo\n:4\n"));
  assert.deepEqual(questions, [
    ["resourceType", "get", [], "", ""],
    ["resourceId", "get", ["members"], "x", "a"],
    ["node", "get", [], "", "10."],
    ["nodePath", "list", [], undefined, "/et"],
  ]);
});

Deno.test("completion survives what goes wrong on nodes and in the talosconfig", async () => {
  const partly = await ask("get ", {
    completer: () =>
      Promise.resolve({
        candidates: ["one"],
        directive: 4,
        errors: [new CliError("error from node a: down")],
      }),
  });
  const broken = await ask("get ", { completer: () => Promise.reject(new Error("boom")) });
  const unreadable = await ask("config context ", {
    contextNames: () => Promise.reject(new CliError("no such file")),
  });

  const end = "Completion ended with directive: ShellCompDirective";
  assert.deepEqual([partly, broken, unreadable], [
    {
      stdout: "one\n:4\n",
      stderr: `[Debug] [Error] error from node a: down${end}NoFileComp\n`,
      exit: 0,
      debugLog: "[Error] error from node a: down",
    },
    {
      stdout: ":4\n",
      stderr: `[Debug] [Error] boom${end}NoFileComp\n`,
      exit: 0,
      debugLog: "[Error] boom",
    },
    {
      stdout: ":1\n",
      stderr: `[Debug] [Error] error reading config: no such file${end}Error\n`,
      exit: 0,
      debugLog: "[Error] error reading config: no such file",
    },
  ]);
});
