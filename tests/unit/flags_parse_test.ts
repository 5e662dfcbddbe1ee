/** How a command's words become flags and arguments, and what is said about words that cannot. */

import assert from "node:assert/strict";
import { commandAt, flagsFor } from "../../core/command_index.ts";
import { CliError } from "../../core/errors.ts";
import { checkArgs, checkGiven } from "../../core/flags/checks.ts";
import { type ParsedLine, parseFlags } from "../../core/flags/parse.ts";
import { resolve } from "../../cli/resolve.ts";
import { commandTree, goldenCommands, testPlaceholders } from "../command_tree.ts";

const index = commandTree();

/** What `words` mean to the command that `path` names. */
function parse(path: string, words: string[]): ParsedLine {
  const command = commandAt(index, path.split(" "));
  assert.ok(command);
  return parseFlags(words, flagsFor(index, command), testPlaceholders);
}

/** What the frame would say about a command line before it runs a command. */
function problemOf(argv: string[]): string {
  const { command, words } = resolve(index, argv);
  const known = flagsFor(index, command);
  try {
    const { args, given } = parseFlags(words, known, testPlaceholders);
    checkArgs(command, args);
    checkGiven(command, known, given);
    return "none";
  } catch (error) {
    assert.ok(error instanceof CliError, String(error));
    return error.message;
  }
}

/** The flags of `keys` and the arguments. */
function excerpt({ flags, args }: ParsedLine, keys: string[]): unknown[] {
  return [...keys.map((key) => flags[key]), args];
}

const syntax: [words: string[], namespace: string, isInsecure: boolean, args: string[]][] = [
  [["--namespace=a=b", "x"], "a=b", false, ["x"]],
  [["--namespace=", "x"], "", false, ["x"]],
  [["--namespace", "-i", "x"], "-i", false, ["x"]],
  [["--namespace", "--", "x"], "--", false, ["x"]],
  [["--insecure", "false"], "", true, ["false"]],
  [["--insecure=false"], "", false, []],
  [["--insecure", "--insecure=F"], "", false, []],
  [["-i=false", "x"], "", false, ["x"]],
  [["-wi=true", "x"], "", true, ["x"]],
  [["--namespace", "a", "--namespace", "b"], "b", false, []],
  [["-", "", "x"], "", false, ["-", "", "x"]],
  [["x", "--", "-i", "--"], "", false, ["x", "-i", "--"]],
  [["-test.v", "-test.timeout=1", "x"], "", false, ["x"]],
];

Deno.test("flags are read in every form the official client reads", () => {
  const read = syntax.map(([words]) => [
    words,
    ...excerpt(parse("get", words), ["namespace", "insecure"]),
  ]);

  assert.deepEqual(read, syntax);
});

const letters: [words: string[], output: string, isWatching: boolean, isInsecure: boolean][] = [
  [["-o", "json"], "json", false, false],
  [["-ojson"], "json", false, false],
  [["-o=json"], "json", false, false],
  [["-o="], "=", false, false],
  [["-o==x"], "=x", false, false],
  [["-wio", "json"], "json", true, true],
  [["-wiojson"], "json", true, true],
  [["-wi=0"], "table", true, false],
];

Deno.test("letters share a dash until one takes the rest of the word", () => {
  const read = letters.map(([words]) => [
    words,
    ...excerpt(parse("get", words), ["output", "watch", "insecure"]).slice(0, 3),
  ]);

  assert.deepEqual(read, letters);
});

Deno.test("lists collect over uses and the first use drops their default", () => {
  const line = parse("gen config", ["-t", "worker,talosconfig", "--output-types=x", "a", "b"]);

  assert.deepEqual(line.flags.outputTypes, ["worker", "talosconfig", "x"]);
  assert.deepEqual(line.given, new Set(["output-types"]));
});

Deno.test("an empty list counts as given", () => {
  const line = parse("get", ["--nodes", ""]);

  assert.deepEqual(line.flags.nodes, []);
  assert.deepEqual(line.given, new Set(["nodes"]));
});

Deno.test("disks and virtiofs are no lists: their last use counts", () => {
  const line = parse("cluster create qemu", ["--disks", "virtio:1GiB", "--disks", "nvme:2GiB"]);

  assert.equal(line.flags.disks, "nvme:2GiB");
});

Deno.test("an empty IP address leaves the default", () => {
  const line = parse("debug-tool air-gapped", ["--advertised-address", ""]);

  assert.equal(line.flags.advertisedAddress, "10.5.0.2");
});

Deno.test("deprecated flags are announced by their long name, once a use, in order", () => {
  const words = ["-p", "--stage", "--preserve=false", "-f"];
  const legacy = "has been deprecated, legacy flag for MachineService.Upgrade fallback, " +
    "to be removed in Talos 1.18";

  assert.deepEqual(parse("upgrade", words).notices, [
    `Flag --preserve ${legacy}`,
    `Flag --stage ${legacy}`,
    `Flag --preserve ${legacy}`,
    `Flag --force ${legacy}`,
  ]);
  assert.deepEqual(parse("pcap", ["-s", "1"]).notices, [
    "Flag --snaplen has been deprecated, support of snap length is removed",
  ]);
  assert.deepEqual(parse("cluster destroy", ["--provisioner=docker"]).notices, [
    "Flag --provisioner has been deprecated, the provisioner is inferred automatically",
  ]);
});

Deno.test("flags have the defaults of the official client", () => {
  const wrong = goldenCommands.filter(({ path }) => path.length > 0).flatMap(({ path, flags }) => {
    const line = parse(path.join(" "), []);
    const known = commandAt(index, path);
    assert.ok(known);
    const keys = new Map(flagsFor(index, known).map(({ name, key }) => [name, key]));
    return flags.filter(({ type }) => ["bool", "int", "string", "strings"].includes(type))
      .filter((flag) => {
        const filled = JSON.stringify(flag.default).replaceAll("{talosDir}", "/home/u/.talos")
          .replace(/\{talos(Version|Tag)\}/g, "v1.14.0-beta.1").replaceAll("{hostArch}", "amd64");
        return JSON.stringify(line.flags[keys.get(flag.name) ?? ""]) !== filled;
      })
      .map(({ name }) => `${path.join(" ")} --${name}`);
  });

  assert.deepEqual(wrong, []);
});

const problems: [argv: string[], problem: string][] = [
  // 6.2, in the order of its table
  [["get", "--bogus=1"], "unknown flag: --bogus"],
  [["get", "--out", "json"], "unknown flag: --out"],
  [["get", "--cert_fingerprint", "x"], "unknown flag: --cert_fingerprint"],
  [["get", "-cd", "-z"], "unknown shorthand flag: 'z' in -z"],
  [["get", "-zd"], "unknown shorthand flag: 'z' in -zd"],
  [["get", "-wzx=1"], "unknown shorthand flag: 'z' in -zx=1"],
  [["get", "-i="], "unknown shorthand flag: '=' in -="],
  [["get", "-é"], "unknown shorthand flag: 'Ã' in -é"],
  [["get", "-'"], "unknown shorthand flag: '\\'' in -'"],
  [["get", "--output"], "flag needs an argument: --output"],
  [["get", "-wo"], "flag needs an argument: 'o' in -o"],
  [["get", "---x"], "bad flag syntax: ---x"],
  [["get", "--=x"], "bad flag syntax: --=x"],
  [
    ["get", "--insecure=no"],
    'invalid argument "no" for "-i, --insecure" flag: strconv.ParseBool: parsing "no": invalid syntax',
  ],
  [
    ["health", "--wait-timeout", 'a"\n'],
    'invalid argument "a\\"\\n" for "--wait-timeout" flag: time: invalid duration "a\\"\\n"',
  ],
  [["gen", "crt"], 'required flag(s) "ca", "csr", "name" not set'],
  [["gen", "crt", "--csr=x", "--name="], 'required flag(s) "ca" not set'],
  [
    ["cgroups", "--schema-file", "x", "--preset="],
    "if any flags in the group [schema-file preset] are set none of the others can be; [preset schema-file] were all set",
  ],
  [
    ["cluster", "create", "dev", "--with-tpm1_2=false", "--with-tpm2", "--omni-api-endpoint=x"],
    "if any flags in the group [with-tpm1_2 with-tpm2] are set none of the others can be; [with-tpm1_2 with-tpm2] were all set",
  ],
  [
    [
      "cluster",
      "create",
      "dev",
      "--config-patch-worker=",
      "--omni-api-endpoint=x",
      "--config-patch=",
    ],
    "if any flags in the group [omni-api-endpoint config-patch] are set none of the others can be; [config-patch omni-api-endpoint] were all set",
  ],
  // 5
  [["version", "extra"], 'unknown command "extra" for "talosctl version"'],
  [["gen", "crt", 'e"'], 'unknown command "e\\"" for "talosctl gen crt"'],
  [["copy", "a"], "accepts 2 arg(s), received 1"],
  [["get", "a", "b", "c"], "accepts between 1 and 2 arg(s), received 3"],
  [["get"], "accepts between 1 and 2 arg(s), received 0"],
  [["list", "a", "b"], "accepts at most 1 arg(s), received 2"],
  [["config", "endpoint"], "requires at least 1 arg(s), only received 0"],
  [["disks", "a", "b"], "none"],
  [["get", "a", "--", "--bogus", "c"], "accepts between 1 and 2 arg(s), received 3"],
  // 3: flags that end up at another command than meant
  [["--nodes=1.2.3.4"], "unknown flag: --nodes"],
  [["--insecure", "get", "disks"], "unknown flag: --insecure"],
  [["--version"], "unknown flag: --version"],
];

Deno.test("command lines that are wrong are refused in the official client's words", () => {
  assert.deepEqual(problems.map(([argv]) => [argv, problemOf(argv)]), problems);
});

Deno.test("any command line is read or refused with a text for the user", () => {
  const vocabulary = [
    ...goldenCommands.flatMap(({ path }) => path),
    ...goldenCommands.flatMap(({ flags }) => flags.map(({ name }) => `--${name}`)),
    ...'-- - -- --= -n -o -wi= -wio -é -😀 --x=\ud800 \0 \uffff 1,2 "a,b 0x 10GiB 1h - = a=b'.split(
      " ",
    ),
    "",
    "\n",
    '"',
  ];
  let state = 1;
  const random = (limit: number) => {
    state = (state * 48271) % 0x7fffffff;
    return state % limit;
  };

  for (let round = 0; round < 5000; round++) {
    const argv = Array.from({ length: random(8) }, () => {
      const words = [vocabulary[random(vocabulary.length)], vocabulary[random(vocabulary.length)]];
      return random(4) === 0 ? words.join("=") : words[0] ?? "";
    });
    assert.equal(typeof problemOf(argv), "string", JSON.stringify(argv));
  }
});
