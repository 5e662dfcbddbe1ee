/** `talosctl-NAME` executables on PATH, met by the program as a process. */

import assert from "node:assert/strict";
import { createPluginHome, greeting, type PluginHome, programPath } from "../plugin_folder.ts";

/** Prints what it was given, one thing a line. */
const showScript = `#!/bin/sh
for word in "$@"; do echo "word=$word"; done
env | grep -E '^(TALOS|SIDEROV1_KEYS_DIR)' | sort
exit 7
`;

const talosconfig = `context: lab
contexts:
  lab:
    endpoints: [10.0.0.1, 10.0.0.2]
    nodes: [10.0.0.3]
    cluster: blue
  other:
    endpoints: [10.9.0.1]
`;

/** Puts executables on the PATH of what it gives back. */
async function onPath(
  home: PluginHome,
  scripts: Record<string, string>,
  mode = 0o755,
): Promise<Record<string, string>> {
  const folder = `${home.path}/bin`;
  await Deno.mkdir(folder, { recursive: true });
  for (const [name, script] of Object.entries(scripts)) {
    const file = name.startsWith("talosctl") ? name : `talosctl-${name}`;
    await Deno.writeTextFile(`${folder}/${file}`, script, { mode });
  }
  await Deno.writeTextFile(`${home.path}/talosconfig`, talosconfig);
  return {
    PATH: `${folder}:${Deno.env.get("PATH")}`,
    TALOSCONFIG: `${home.path}/talosconfig`,
  };
}

Deno.test("an executable on PATH gets its words untouched and the context in its environment", async () => {
  await using home = await createPluginHome();
  const env = await onPath(home, { show: showScript });

  const words = ["show", "-n", "1.1.1.1", "--", "--help", "", "a b", "-c"];
  const { code, stdout, stderr } = await home.run(words, env);

  assert.equal(
    stdout,
    `\
word=-n
word=1.1.1.1
word=--
word=--help
word=
word=a b
word=-c
TALOSCONFIG=${home.path}/talosconfig
TALOSCTL_CLUSTER=blue
TALOSCTL_CONTEXT=lab
TALOSCTL_ENDPOINTS=10.0.0.1,10.0.0.2
TALOSCTL_NODES=10.0.0.3
`,
  );
  assert.deepEqual({ code, stderr }, { code: 7, stderr: "" });
});

Deno.test("connection flags before the name are told to the executable", async () => {
  await using home = await createPluginHome();
  const env = await onPath(home, { show: showScript });

  const flags = ["--context", "other", "-n", "a,b", "-e", "c", "--cluster=red"];
  const keys = ["--siderov1-keys-dir", "/keys"];
  const { stdout } = await home.run([...flags, ...keys, "show", "x"], env);

  assert.equal(
    stdout,
    `\
word=x
SIDEROV1_KEYS_DIR=/keys
TALOSCONFIG=${home.path}/talosconfig
TALOSCTL_CLUSTER=red
TALOSCTL_CONTEXT=other
TALOSCTL_ENDPOINTS=c
TALOSCTL_NODES=a,b
`,
  );
});

Deno.test("an executable never takes the place of a built-in command", async () => {
  await using home = await createPluginHome();
  const env = await onPath(home, { version: showScript, ls: showScript });

  const version = await home.run(["version", "--client", "--short"], env);
  const list = await home.run(["ls", "--help"], env);

  assert.deepEqual(version, { code: 0, stdout: "Client:\nTalos v1.14.0-beta.1\n", stderr: "" });
  assert.equal(list.code, 0);
});

Deno.test("a plugin's command goes before an executable, and the first on PATH before others", async () => {
  await using home = await createPluginHome();
  await home.install("greet", greeting("greet", "greet"));
  const env = await onPath(home, { greet: showScript, show: showScript });
  await Deno.mkdir(`${home.path}/first`);
  const script = "#!/bin/sh\necho first\n";
  await Deno.writeTextFile(`${home.path}/first/talosctl-show`, script, { mode: 0o755 });
  const PATH = `${home.path}/first:${env["PATH"]}`;

  const plugin = await home.run(["greet"], { ...env, PATH });
  const first = await home.run(["show"], { ...env, PATH });
  const offered = await home.run(["__complete", ""], { ...env, PATH });

  assert.deepEqual(plugin, { code: 0, stdout: "hello\n", stderr: "" });
  assert.deepEqual(first, { code: 0, stdout: "first\n", stderr: "" });
  const names = offered.stdout.split("\n").filter((line) => /^(greet|show)/.test(line));
  assert.deepEqual(names, ["greet\tGreet", `show\t${home.path}/first/talosctl-show`]);
});

/** Answers with what it was given, and with a directive. */
const completer = `#!/bin/sh
for word in "$@"; do echo "<$word>	a word"; done
echo "$TALOSCTL_NODES"
echo noise >&2
echo :6
`;

Deno.test("the words of an executable are completed by its talosctl_complete-NAME", async () => {
  await using home = await createPluginHome();
  const env = await onPath(home, { show: showScript, "talosctl_complete-show": completer });

  const words = ["-n", "n1,n2", "show", "--all", "-n", "a b", ""];
  const outcome = await home.run(["__complete", ...words], env);
  const without = await home.run(["__completeNoDesc", ...words], env);

  const directive = "ShellCompDirectiveNoSpace, ShellCompDirectiveNoFileComp";
  const stderr = `Completion ended with directive: ${directive}\n`;
  const described = ["<--all>", "<-n>", "<a b>", "<>"].map((word) => `${word}\ta word\n`);
  assert.deepEqual(outcome, { code: 0, stdout: `${described.join("")}n1,n2\n:6\n`, stderr });
  assert.equal(without.stdout, "<--all>\n<-n>\n<a b>\n<>\nn1,n2\n:6\n");
});

Deno.test("an executable without a completer is not run when a word is completed", async () => {
  await using home = await createPluginHome();
  const trace = `${home.path}/trace`;
  const env = await onPath(home, { show: `#!/bin/sh\n: > '${trace}'\n` });

  const { code, stdout } = await home.run(["__complete", "show", "x"], env);
  const unknown = await home.run(["__complete", "nothing", "x"], env);

  assert.deepEqual({ code, stdout }, { code: 0, stdout: ":0\n" });
  await assert.rejects(Deno.stat(trace), Deno.errors.NotFound);
  assert.match(unknown.stderr, /^\[Debug\] \[Error\] unable to find a command for arguments: /);
});

const brokenCompleters: [what: string, script: string, reason: RegExp][] = [
  ["never ends", "#!/bin/sh\nsleep 7 &\nexec sleep 60\n", /no answer within 5 s/],
  ["floods", "#!/bin/sh\nwhile :; do echo word; done\n", /more than 1048576 bytes/],
  ["cannot start", "#!/nowhere/shell\n", /nowhere|No such file/],
];

for (const [what, script, reason] of brokenCompleters) {
  Deno.test(`a completer that ${what} costs its answer and nothing else`, async () => {
    await using home = await createPluginHome();
    const env = await onPath(home, { show: showScript, "talosctl_complete-show": script });

    const { code, stdout, stderr } = await home.run(["__complete", "show", ""], env);

    assert.deepEqual({ code, stdout }, { code: 0, stdout: ":4\n" });
    assert.match(stderr, reason);
    assert.match(stderr, /^\[Debug\] \[Error\] /);
  });
}

Deno.test("what cannot be executed is no command", async () => {
  await using home = await createPluginHome();
  const env = await onPath(home, { show: showScript }, 0o644);

  const { code, stderr } = await home.run(["show"], env);

  assert.equal(code, 1);
  assert.match(stderr, /^unknown command "show" for "talosctl"\n/);
});

Deno.test("an executable the system cannot start is named with the reason", async () => {
  await using home = await createPluginHome();
  const env = await onPath(home, { show: "#!/nowhere/shell\n" });

  const { code, stderr } = await home.run(["show"], env);

  assert.equal(code, 1);
  assert.ok(stderr.startsWith(`running ${home.path}/bin/talosctl-show: `), stderr);
  assert.doesNotMatch(stderr, /internal error/);
});

/** Ctrl-C goes to all that runs on a terminal; `kill` to one process. */
const signals: [name: string, toGroup: boolean][] = [["INT", true], ["TERM", false]];

for (const [name, toGroup] of signals) {
  Deno.test(`an executable decides what SIG${name} means to it`, async () => {
    await using home = await createPluginHome();
    const trap = `trap 'echo caught; kill $!; exit 9' ${name}`;
    const env = await onPath(home, {
      wait: `#!/bin/sh\n${trap}\nsleep 60 >/dev/null &\necho ready\nwait\n`,
    });
    // A session of its own is a process group of its own.
    const program = new Deno.Command("setsid", {
      args: [Deno.execPath(), "run", "-A", programPath, "wait"],
      clearEnv: true,
      env: { ...home.environment, ...env },
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    let stdout = "";

    for await (const text of program.stdout.pipeThrough(new TextDecoderStream())) {
      if (stdout === "") await kill(name, toGroup ? -program.pid : program.pid);
      stdout += text;
    }
    const { code } = await program.status;

    assert.deepEqual({ code, stdout }, { code: 9, stdout: "ready\ncaught\n" });
  });
}

async function kill(signal: string, target: number): Promise<void> {
  await new Deno.Command("kill", { args: [`-${signal}`, "--", String(target)] }).output();
}
