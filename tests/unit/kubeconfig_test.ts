/** The `kubeconfig` command as a user meets it: where the file goes, what is asked, and what is left alone. */

import assert from "node:assert/strict";
import { startSandbox } from "../../mod.ts";
import { type RunOptions, talosctl } from "../talosctl.ts";

/** A kubeconfig with one entry of each kind. */
function kubeconfig(name: string, key: string): string {
  return `apiVersion: v1
clusters:
- cluster:
    server: https://10.5.0.2:6443
  name: ${name}
contexts:
- context:
    cluster: ${name}
    namespace: default
    user: admin@${name}
  name: admin@${name}
current-context: admin@${name}
kind: Config
users:
- name: admin@${name}
  user:
    token: ${key}
`;
}

async function open(options: { controlPlanes?: number; workers?: number } = {}) {
  const sandbox = await startSandbox({ seed: 1, ...options });
  const folder = await Deno.makeTempDir();
  const target = { talosconfigPath: `${folder}/talosconfig`, clock: sandbox.clock };
  await sandbox.writeTalosconfig(target.talosconfigPath);
  for (const node of sandbox.nodes) node.kubeconfig = kubeconfig("c1", "new");
  return {
    folder,
    sandbox,
    read: (name: string) => Deno.readTextFile(`${folder}/${name}`),
    write: (name: string, text: string) => Deno.writeTextFile(`${folder}/${name}`, text),
    run: (line: string, options: RunOptions = {}) =>
      talosctl(target, `kubeconfig ${line}`.replaceAll("FOLDER", folder).split(" "), {
        ...options,
        env: { HOME: `${folder}/home`, ...options.env },
      }),
    async [Symbol.asyncDispose]() {
      await sandbox[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

const silent = { code: 0, stdout: "", stderr: "" };
const node = "-n 10.5.0.2";

Deno.test("a first kubeconfig is what the node sent, in a file for its owner in a new folder", async () => {
  await using setup = await open();

  const outcome = await setup.run(`${node} --force-context-name unused`);

  assert.deepEqual(outcome, silent);
  const path = `${setup.folder}/home/.kube/config`;
  assert.equal(await Deno.readTextFile(path), kubeconfig("c1", "new"));
  if (Deno.build.os !== "windows") {
    const modeOf = (path: string) => (Deno.statSync(path).mode ?? 0) & 0o777;
    assert.equal(modeOf(path), 0o600);
    assert.equal(modeOf(`${setup.folder}/home/.kube`), 0o755 & ~Deno.umask());
  }
  assert.deepEqual([...Deno.readDirSync(`${setup.folder}/home/.kube`)].map(({ name }) => name), [
    "config",
  ]);
});

Deno.test("KUBECONFIG names the file if it names one, and a path on the command line goes before it", async () => {
  await using setup = await open();
  const env = { KUBECONFIG: `${setup.folder}/from-env` };
  const multiple = { code: 1, stdout: "", stderr: "multiple kubeconfig files defined\n" };

  assert.deepEqual(await setup.run(node, { env }), silent);
  assert.deepEqual(await setup.run(`${node} FOLDER/named`, { env }), silent);
  for (const list of ["a:b", "a:", ":"]) {
    assert.deepEqual(await setup.run(node, { env: { KUBECONFIG: list } }), multiple);
  }
  assert.deepEqual(await setup.run(node, { env: { KUBECONFIG: "" } }), silent);

  assert.deepEqual(
    await Promise.all(["from-env", "named", "home/.kube/config"].map(setup.read)),
    Array(3).fill(kubeconfig("c1", "new")),
  );
});

Deno.test("without a home there is no default file", async () => {
  await using setup = await open();

  const outcome = await setup.run(node, { env: { HOME: "" } });

  assert.deepEqual(outcome, {
    code: 1,
    stdout: "",
    stderr: "$HOME is not defined\nname the file on the command line\n",
  });
});

Deno.test("a folder gets a file called kubeconfig, missing folders are made, and paths are cleaned", async () => {
  await using setup = await open();

  assert.deepEqual(await setup.run(`${node} FOLDER`), silent);
  assert.deepEqual(await setup.run(`${node} FOLDER/new//x/../folders/file`), silent);

  assert.equal(await setup.read("kubeconfig"), kubeconfig("c1", "new"));
  assert.equal(await setup.read("new/folders/file"), kubeconfig("c1", "new"));
  await assert.rejects(Deno.stat(`${setup.folder}/new/x`), Deno.errors.NotFound);
});

Deno.test("a path that cannot be looked at or made is refused before the node is asked", async () => {
  await using setup = await open();
  await setup.write("file", "");
  const path = `${setup.folder}/file/below`;

  const outcome = await setup.run(`${node} FOLDER/file/below`);

  assert.deepEqual(outcome, {
    code: 1,
    stdout: "",
    stderr: `error checking path "${path}": stat ${path}: not a directory\n`,
  });
  assert.deepEqual(setup.sandbox.calls, []);
});

Deno.test("without merging an existing file is refused before the node is asked, or replaced with --force", async () => {
  await using setup = await open();
  await setup.write("file", "# mine\n");
  if (Deno.build.os !== "windows") await Deno.chmod(`${setup.folder}/file`, 0o640);

  const refused = await setup.run(`${node} -m=false FOLDER/file`);

  assert.deepEqual(refused, {
    code: 1,
    stdout: "",
    stderr: `kubeconfig file already exists, use --force to overwrite: "${setup.folder}/file"\n`,
  });
  assert.equal(await setup.read("file"), "# mine\n");
  assert.deepEqual(setup.sandbox.calls, []);

  assert.deepEqual(await setup.run(`${node} --merge=false -f FOLDER/file`), silent);
  assert.equal(await setup.read("file"), kubeconfig("c1", "new"));
  if (Deno.build.os !== "windows") {
    assert.equal((Deno.statSync(`${setup.folder}/file`).mode ?? 0) & 0o777, 0o640);
  }
});

Deno.test("a kubeconfig goes to stdout for -, as the node sent it", async () => {
  await using setup = await open();

  const outcome = await setup.run(`${node} -`);

  assert.deepEqual(outcome, { ...silent, stdout: kubeconfig("c1", "new") });
});

Deno.test("a kubeconfig on a terminal has its control characters escaped", async () => {
  await using setup = await open();
  const [first] = setup.sandbox.nodes;
  assert.ok(first);
  first.kubeconfig = "kind: Config # \u001b[2J\n";

  const outcome = await setup.run(`${node} -`, { isTerminal: true });

  assert.deepEqual(outcome, { ...silent, stdout: "kind: Config # \\x1b[2J\n" });
});

Deno.test("the file that a link leads to is merged into, and the link stays", async () => {
  await using setup = await open();
  await setup.write("real", kubeconfig("other", "old"));
  await Deno.symlink("real", `${setup.folder}/link`);
  await Deno.symlink("absent", `${setup.folder}/dangling`);

  assert.deepEqual(await setup.run(`${node} FOLDER/link`), silent);
  assert.deepEqual(await setup.run(`${node} FOLDER/dangling`), silent);

  assert.equal(await Deno.readLink(`${setup.folder}/link`), "real");
  assert.match(await setup.read("real"), /^ {2}name: admin@c1\n[^]*^ {2}name: admin@other\n/m);
  assert.equal(await setup.read("absent"), kubeconfig("c1", "new"));
});

Deno.test("a kubeconfig of the user's that cannot be read is refused and stays as it is", async () => {
  await using setup = await open();
  const broken = "clusters: [{name: a}, {name: a}]\n";
  await setup.write("file", broken);
  await Deno.mkdir(`${setup.folder}/kubeconfig`);

  const duplicate = await setup.run(`${node} -f FOLDER/file`);
  const folder = await setup.run(`${node} FOLDER`);

  assert.deepEqual(duplicate, {
    code: 1,
    stdout: "",
    stderr: "error converting *[]NamedCluster into *map[string]*api.Cluster: " +
      'duplicate name "a" in list: [...]\n',
  });
  assert.equal(await setup.read("file"), broken);
  assert.deepEqual(folder, {
    code: 1,
    stdout: "",
    stderr: `read ${setup.folder}/kubeconfig: is a directory\n`,
  });
});

Deno.test("records say what was done", async () => {
  await using setup = await open();
  const path = `${setup.folder}/file`;
  const user = { kind: "user", from: "admin@c1", to: "admin@c1-1" };
  const context = { kind: "context", from: "admin@c1", to: "admin@c1-1" };

  const first = await setup.run(`${node} FOLDER/file -o json`);
  const [known] = setup.sandbox.nodes;
  assert.ok(known);
  known.kubeconfig = kubeconfig("c1", "newer");
  const second = await setup.run(`${node} FOLDER/file -o json`);
  const name = await setup.run(`${node} FOLDER/file -f -o name`);

  const common = { node: "10.5.0.2", path };
  assert.deepEqual(JSON.parse(first.stdout), { ...common, context: "admin@c1", renamed: [] });
  assert.deepEqual(JSON.parse(second.stdout), {
    ...common,
    context: "admin@c1-1",
    renamed: [user, context],
  });
  assert.deepEqual(name, { ...silent, stdout: "admin@c1\n" });
});

/** Answers on a terminal, what is shown, and the tokens of the users then (spec/kubeconfig.md, 5.4). */
const conversations: [name: string, flags: string, typed: string, shown: string, users: string][] =
  [
    [
      "nonsense is asked again, and o overwrites",
      "",
      "x\n O \nrename\n",
      'cluster "c1" already exists [(r)ename/(o)verwrite]: '.repeat(2) +
      'auth "admin@c1" already exists [(r)ename/(o)verwrite]: ' +
      'renamed auth info "admin@c1" -> "admin@c1-1"\nrenamed context "admin@c1" -> "admin@c1-1"\n',
      "admin@c1=old admin@c1-1=new",
    ],
    [
      "what is renamed asks no more about the names made of it",
      "",
      "R\n",
      'cluster "c1" already exists [(r)ename/(o)verwrite]: ' +
      'renamed cluster "c1" -> "c1-1"\nrenamed auth info "admin@c1" -> "admin@c1-1"\n' +
      'renamed context "admin@c1" -> "admin@c1-1"\n',
      "admin@c1=old admin@c1-1=new",
    ],
    [
      "all is overwritten, the context is the same",
      "",
      "overwrite\no\n",
      'cluster "c1" already exists [(r)ename/(o)verwrite]: ' +
      'auth "admin@c1" already exists [(r)ename/(o)verwrite]: ',
      "admin@c1=new",
    ],
    ["--force asks nothing", "--force ", "", "", "admin@c1=new"],
  ];

for (const [name, flags, typed, shown, users] of conversations) {
  Deno.test(`on a terminal: ${name}`, async () => {
    await using setup = await open();
    await setup.write("file", kubeconfig("c1", "old").replace(":6443", ":7443"));

    const outcome = await setup.run(`${node} ${flags}FOLDER/file`, {
      isTerminal: true,
      stdin: typed,
    });

    assert.deepEqual(outcome, { ...silent, stdout: shown });
    const text = await setup.read("file");
    const found = text.matchAll(/^- name: (.*)\n {2}user:\n {4}token: (.*)\n/gm);
    assert.equal([...found].map(([, user, token]) => `${user}=${token}`).join(" "), users);
  });
}

Deno.test("the end of input in the place of an answer changes nothing", async () => {
  await using setup = await open();
  const old = kubeconfig("c1", "old");
  await setup.write("file", old);

  const outcome = await setup.run(`${node} FOLDER/file`, { isTerminal: true });

  assert.deepEqual(outcome, {
    code: 1,
    stdout: 'auth "admin@c1" already exists [(r)ename/(o)verwrite]: ',
    stderr: "EOF\n",
  });
  assert.equal(await setup.read("file"), old);
});

Deno.test("Ctrl-C at a question changes nothing", async () => {
  await using setup = await open();
  const old = kubeconfig("c1", "old");
  await setup.write("file", old);
  const interrupt = new AbortController();

  const outcome = await setup.run(`${node} FOLDER/file`, {
    isTerminal: true,
    interrupt: interrupt.signal,
    onStdout: () => interrupt.abort(),
  });

  assert.notEqual(outcome.code, 0);
  assert.equal(await setup.read("file"), old);
});

Deno.test("exactly one node is asked", async () => {
  await using setup = await open({ controlPlanes: 2 });
  const { stdout: help } = await setup.run("--help");
  const usage = `${help.slice(help.indexOf("Usage:\n"))}\n`;

  const none = await setup.run("FOLDER/file");
  const two = await setup.run("-n 10.5.0.2,10.5.0.3 FOLDER/file");

  assert.deepEqual([none, two], [
    {
      code: 1,
      stdout: "",
      stderr:
        "nodes are not set for the command: please use `--nodes` flag or configuration file to set the nodes to run the command against\n\n" +
        usage,
    },
    {
      code: 1,
      stdout: "",
      stderr: `command "kubeconfig" requires exactly one node (got 2)\n\n${usage}`,
    },
  ]);
});

Deno.test("what a node refuses, and a node that is down, is said and leaves no file", async () => {
  await using setup = await open({ controlPlanes: 2, workers: 1 });
  await setup.sandbox.fault("10.5.0.3", "down");
  await setup.sandbox.writeTalosconfig(`${setup.folder}/reader`, "os:reader");
  const failed = (stderr: string) => ({ code: 1, stdout: "", stderr });

  const worker = await setup.run("-n 10.5.0.4 FOLDER/file");
  const reader = await setup.run(`${node} FOLDER/file --talosconfig FOLDER/reader`);
  const down = await setup.run("-n 10.5.0.3 FOLDER/file -e " + setup.sandbox.endpoints[0]);
  const unreachable = await setup.run(`${node} FOLDER/file -e 127.0.0.1:1`);

  const gzip = "error initializing gzip: rpc error: code =";
  assert.deepEqual(
    worker,
    failed(`${gzip} Unimplemented desc = kubeconfig is only available on control plane nodes\n`),
  );
  assert.deepEqual(reader, failed(`${gzip} PermissionDenied desc = not authorized\n`));
  assert.match(down.stderr, /^error initializing gzip: rpc error: code = Unavailable desc = /);
  assert.match(unreachable.stderr, /^error copying: rpc error: code = Unavailable desc = /);
  assert.deepEqual([down.code, unreachable.code], [1, 1]);
  await assert.rejects(Deno.stat(`${setup.folder}/file`), Deno.errors.NotFound);
});
