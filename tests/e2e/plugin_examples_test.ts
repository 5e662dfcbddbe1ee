/** The sample plugins of `docs/examples`, and what `plugin new` writes, in every way of running the program. */

import assert from "node:assert/strict";
import { renderTalosconfig } from "../../core/talosconfig/save.ts";
import { emptyTalosconfigContext } from "../../core/talosconfig/talosconfig.ts";
import { serveEcho } from "../../docs/examples/echo-service/server.ts";
import { type Sandbox, startSandbox } from "../../mod.ts";
import { startEndpoint } from "../grpc_endpoint.ts";
import { type Launcher, type Launchers, makeLaunchers } from "../launchers.ts";
import { processEnvironment } from "../process_environment.ts";
import { withContext } from "../talos_client.ts";

const examples = new URL("../../docs/examples/", import.meta.url).pathname;
const made: { launchers?: Launchers } = {};

Deno.test.beforeAll(async () => {
  made.launchers = await makeLaunchers();
});

Deno.test.afterAll(async () => {
  await made.launchers?.[Symbol.asyncDispose]();
});

/** Somebody who has a plugin's folder, and a cluster to use it on. */
interface Workplace extends AsyncDisposable {
  folder: string;
  start(words: readonly string[], options?: StartOptions): Deno.ChildProcess;
  run(words: readonly string[], options?: StartOptions): Promise<Outcome>;
}

interface StartOptions {
  stdin?: string;
  env?: Record<string, string>;
}

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

async function openWorkplace(
  { command }: Launcher,
  cluster: Pick<Sandbox, "writeTalosconfig">,
): Promise<Workplace> {
  const folder = await Deno.makeTempDir({ prefix: "talosctl examples ü " });
  await cluster.writeTalosconfig(`${folder}/talosconfig`);
  const [program, ...before] = command;
  const start: Workplace["start"] = (words, { stdin, env } = {}) => {
    const child = new Deno.Command(program, {
      args: [...before, ...words],
      cwd: folder,
      clearEnv: true,
      env: {
        ...processEnvironment(folder),
        ...made.launchers?.environment,
        TALOSCONFIG: `${folder}/talosconfig`,
        XDG_DATA_HOME: `${folder}/data`,
        ...env,
      },
      stdin: stdin === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    return child;
  };
  return {
    folder,
    start,
    async run(words, options = {}) {
      const child = start(words, options);
      if (options.stdin !== undefined) {
        await new Blob([options.stdin]).stream().pipeTo(child.stdin);
      }
      const { code, stdout, stderr } = await child.output();
      const decoder = new TextDecoder();
      return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** A test in each way of running the program. */
function testAllWays(name: string, test: (launcher: Launcher) => Promise<void>): void {
  for (const way of ["source", "bundle", "portable"]) {
    Deno.test(`${name} (${way})`, async () => {
      const launcher = made.launchers?.all.find(({ name }) => name === way);
      assert.ok(launcher !== undefined, `there is no ${way} here`);
      await test(launcher);
    });
  }
}

function methodsCalled({ calls }: Sandbox, ...methods: string[]): string[] {
  return calls.filter(({ method }) => methods.some((name) => method.endsWith(`/${name}`)))
    .map(({ node, method }) => `${method.replace(/.*\//, "")} ${node}`);
}

const rolling = ["--plugin-dir", `${examples}rolling-restart`, "rolling-restart"];
const nodes = ["--nodes", "10.5.0.2,10.5.0.3,10.5.0.4"];
const quick = ["--check-interval", "20ms"];

testAllWays("rolling-restart restarts a service on one node after the other", async (launcher) => {
  await using sandbox = await startSandbox({ workers: 2, speed: 50 });
  await using work = await openWorkplace(launcher, sandbox);

  const words = [...rolling, "--service", "kubelet", ...nodes, ...quick];
  const { code, stdout } = await work.run([...words, "--yes", "-o", "name"]);

  assert.deepEqual({ code, stdout }, { code: 0, stdout: "10.5.0.2\n10.5.0.3\n10.5.0.4\n" });
  assert.deepEqual(methodsCalled(sandbox, "ServiceRestart"), [
    "ServiceRestart 10.5.0.2",
    "ServiceRestart 10.5.0.3",
    "ServiceRestart 10.5.0.4",
  ]);
});

testAllWays("rolling-restart reboots nodes one after the other", async (launcher) => {
  await using sandbox = await startSandbox({ controlPlanes: 3, speed: 100 });
  await using work = await openWorkplace(launcher, sandbox);

  const { code, stdout, stderr } = await work.run([...rolling, ...nodes, ...quick, "--yes"]);

  assert.equal(code, 0, stderr);
  assert.match(
    stdout,
    /^NODE +RESTARTED +HEALTHY AFTER\n(10\.5\.0\.[234] +node +\d+s\n){3}$/,
  );
  assert.deepEqual(methodsCalled(sandbox, "Reboot"), [
    "Reboot 10.5.0.2",
    "Reboot 10.5.0.3",
    "Reboot 10.5.0.4",
  ]);
});

testAllWays("rolling-restart touches nothing while a node is in trouble", async (launcher) => {
  await using sandbox = await startSandbox({ workers: 2 });
  await using work = await openWorkplace(launcher, sandbox);
  await sandbox.fault("10.5.0.4", "down");

  const outcome = await work.run([...rolling, ...nodes, "--yes"]);

  assert.deepEqual(outcome, {
    code: 1,
    stdout: "",
    stderr: "nothing was restarted: 10.5.0.4 does not answer\nall nodes have to be healthy\n",
  });
  assert.deepEqual(methodsCalled(sandbox, "Reboot"), []);
});

testAllWays("rolling-restart asks first, and does nothing without a yes", async (launcher) => {
  await using sandbox = await startSandbox();
  await using work = await openWorkplace(launcher, sandbox);

  const words = [...rolling, "--nodes", "10.5.0.2"];
  const outcome = await work.run(words, { stdin: "no\n" });

  assert.deepEqual(outcome, {
    code: 1,
    stdout: "reboot 10.5.0.2, one by one? [y/N]: ",
    stderr: "nothing was restarted: the answer was not yes\n--yes answers it\n",
  });
  assert.deepEqual(methodsCalled(sandbox, "Reboot"), []);
});

testAllWays("rolling-restart stops at a node that does not come back", async (launcher) => {
  await using sandbox = await startSandbox({ workers: 2, speed: 0 });
  await using work = await openWorkplace(launcher, sandbox);

  const words = [...rolling, ...nodes, ...quick, "--timeout", "300ms", "--yes"];
  const { code, stdout, stderr } = await work.run(words);

  assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
  assert.match(stderr, /\nstopped at 10\.5\.0\.2: not healthy in time: not restarted yet\n/);
  assert.match(stderr, /\nnot touched: 10\.5\.0\.3, 10\.5\.0\.4\n$/);
  assert.deepEqual(methodsCalled(sandbox, "Reboot"), ["Reboot 10.5.0.2"]);
});

const abortNotice = "Signal received, aborting, press Ctrl+C once again to abort immediately...\n";

testAllWays("rolling-restart ends at once at Ctrl-C", async (launcher) => {
  await using sandbox = await startSandbox({ workers: 2, speed: 0 });
  await using work = await openWorkplace(launcher, sandbox);

  const child = work.start([...rolling, ...nodes, "--check-interval", "1h", "--yes"]);
  let stderr = "";
  for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
    if (stderr === "") child.kill("SIGINT"); // it has said that it waits
    stderr += text;
  }
  await child.stdout.cancel();

  const stopped = "stopped at 10.5.0.2: interrupted\nnot touched: 10.5.0.3, 10.5.0.4\n";
  assert.equal(stderr, `10.5.0.2: not restarted yet\n${abortNotice}${stopped}`);
  assert.equal((await child.status).code, 1);
});

const echo = ["--plugin-dir", `${examples}echo-service`, "echo"];

/** An endpoint that serves the plugin's own service, and whoever uses it. */
async function openEcho(launcher: Launcher) {
  const endpoint = await startEndpoint({});
  serveEcho(endpoint.server);
  const config = withContext("acme", { ...emptyTalosconfigContext(), ...endpoint.context });
  const work = await openWorkplace(launcher, {
    writeTalosconfig: (path) => Deno.writeTextFile(path, renderTalosconfig(config)),
  });
  const close = async () => {
    await work[Symbol.asyncDispose]();
    await endpoint[Symbol.asyncDispose]();
  };
  return { ...work, [Symbol.asyncDispose]: close };
}

testAllWays("echo calls a service of the plugin's own on many nodes", async (launcher) => {
  await using work = await openEcho(launcher);

  const once = await work.run([...echo, "hello", "--nodes", "n1"]);
  const often = await work.run([...echo, "hi", "--count", "2", "--nodes", "n1", "-o", "json"]);
  const many = await work.run([...echo, "ho", "--nodes", "n2,n3", "-o", "jsonpath={.text}"]);

  assert.deepEqual([once, often, many], [
    { code: 0, stdout: "NODE   TEXT    ANSWER\nn1     hello   1\n", stderr: "" },
    {
      code: 0,
      stdout: `\
{
    "node": "n1",
    "text": "hi",
    "answerNumber": "2"
}
{
    "node": "n1",
    "text": "hi",
    "answerNumber": "3"
}
`,
      stderr: "",
    },
    { code: 0, stdout: "ho\nho\n", stderr: "" },
  ]);
});

testAllWays("echo join sends what is piped in as one stream", async (launcher) => {
  await using work = await openEcho(launcher);

  const stdin = "one\ntwo\nthree";
  const outcome = await work.run([...echo, "join", "--nodes", "n1", "-o", "yaml"], { stdin });

  const stdout = 'node: n1\ntext: one two three\nanswerNumber: "1"\n';
  assert.deepEqual(outcome, { code: 0, stdout, stderr: "" });
});

testAllWays("the samples can be installed, and run as what was approved", async (launcher) => {
  await using sandbox = await startSandbox();
  await using work = await openWorkplace(launcher, sandbox);
  for (const folder of ["rolling-restart", "echo-service"]) {
    const { code, stderr } = await work.run(["plugin", "add", `${examples}${folder}`, "--yes"]);
    assert.equal(code, 0, stderr);
  }

  const list = await work.run(["plugin", "list", "-o", "jsonpath={.state}"]);
  const words = ["rolling-restart", "--service", "kubelet", "-n", "10.5.0.2", "--yes"];
  const { code, stdout } = await work.run([...words, ...quick, "-o", "name"]);

  assert.deepEqual(list, {
    code: 0,
    stdout: "approved\napproved\n",
    stderr: "",
  });
  assert.deepEqual({ code, stdout }, { code: 0, stdout: "10.5.0.2\n" });
});

const helloFolder = `${examples}talosctl-hello`;
const helloPath = { env: { PATH: `${helloFolder}:${Deno.env.get("PATH")}` } };

testAllWays("an executable on PATH is a command that knows what is chosen", async (launcher) => {
  await using sandbox = await startSandbox({ name: "lab" });
  await using work = await openWorkplace(launcher, sandbox);

  const chosen = await work.run(["--nodes", "n1,n2", "-e", "e1", "hello", "--shout"], helloPath);
  const named = await work.run(["hello", "n3"], helloPath);
  const refused = await work.run(["hello", "--quiet"], helloPath);

  assert.deepEqual([chosen, named, refused], [
    {
      code: 0,
      stdout: "HELLO N1 OF LAB, BY WAY OF E1\nHELLO N2 OF LAB, BY WAY OF E1\n",
      stderr: "",
    },
    { code: 0, stdout: `hello n3 of lab, by way of ${sandbox.endpoints.join()}\n`, stderr: "" },
    { code: 2, stdout: "", stderr: "talosctl hello: unknown flag: --quiet\n" },
  ]);
});

testAllWays("an executable's name and words are completed", async (launcher) => {
  await using sandbox = await startSandbox();
  await using work = await openWorkplace(launcher, sandbox);

  const name = await work.run(["__complete", "hel"], helloPath);
  const flag = await work.run(["__complete", "hello", "--s"], helloPath);
  const node = await work.run(["__completeNoDesc", "-n", "a1,b1", "hello", "x", "b"], helloPath);

  const help = "help\tDescribe a command\n";
  assert.equal(name.stdout, `${help}hello\t${helloFolder}/talosctl-hello\n:4\n`);
  assert.equal(flag.stdout, "--shout\tgreet in capital letters\n:4\n");
  assert.equal(node.stdout, "b1\n:4\n");
});

testAllWays("plugin new writes a plugin that runs as it is", async (launcher) => {
  await using sandbox = await startSandbox();
  await using work = await openWorkplace(launcher, sandbox);

  const { code, stderr } = await work.run(["plugin", "new", "hello-there", "--dir", "my plugin"]);
  const words = ["--plugin-dir", "my plugin", "hello-there", "--nodes", "10.5.0.2"];
  const outcome = await work.run(words);

  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  const stdout = "NODE       TAG\n10.5.0.2   v1.14.0-beta.1\n";
  assert.deepEqual(outcome, { code: 0, stdout, stderr: "" });
  // The executable's library is the bundle's.
  if (launcher.name === "portable") return;
  const passed = await deno(["task", "test"], `${work.folder}/my plugin`);
  assert.equal(passed.code, 0, passed.output);
});

/** Runs Deno in a folder, as its owner would. */
async function deno(args: readonly string[], folder: string) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: folder,
    clearEnv: true,
    env: { ...processEnvironment(folder), NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
}
