/** `edit machineconfig` with a scripted editor, and `patch machineconfig`: rounds, skipped nodes, refusals. */

import assert from "node:assert/strict";
import { RpcError } from "../../core/errors.ts";
import { startSandbox } from "../../mod.ts";
import { readNodeConfig } from "../../plugins/sandbox/node_config.ts";
import type { SandboxOptions } from "../../plugins/sandbox/start.ts";
import { startFakeNodes } from "../fake_nodes.ts";
import { talosctl } from "../talosctl.ts";

const [cp, worker] = ["10.5.0.2", "10.5.0.3"];

/** A sandbox, a talosconfig for it, and a folder for temporary files. */
async function openCluster(options: SandboxOptions = {}) {
  const sandbox = await startSandbox({ workers: 1, seed: 1, ...options });
  const folder = await Deno.makeTempDir();
  const talosconfigPath = `${folder}/talosconfig`;
  await sandbox.writeTalosconfig(talosconfigPath);
  return {
    sandbox,
    talosconfigPath,
    clock: sandbox.clock,
    folder,
    /** The sandbox's node of this address has a configuration that fits the eye. */
    async configure(address: string, text: string) {
      const node = sandbox.nodes.find(({ addresses }) => addresses[0] === address);
      if (node !== undefined) node.config = node.disk.config = await readNodeConfig(text);
      return node;
    },
    /** What was left behind in the temporary folder. */
    leftOver: () =>
      [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) =>
        name !== "talosconfig"
      ),
    async [Symbol.asyncDispose]() {
      await sandbox[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** An editor that makes these changes, one a round; what it was shown, and how it was started. */
function scriptedEditor(...changes: ((text: string) => string)[]) {
  const shown: string[] = [];
  const commands: (readonly string[])[] = [];
  return {
    shown,
    commands,
    runForeground: async (command: readonly string[]) => {
      commands.push(command);
      const path = command.at(-1) ?? "";
      const text = await Deno.readTextFile(path);
      shown.push(text);
      const change = changes[shown.length - 1] ?? ((same: string) => same);
      await Deno.writeTextFile(path, change(text));
      return 0;
    },
  };
}

const small = "version: v1alpha1\nmachine:\n    type: worker\n";
const header = (node: string) =>
  `# Editing MachineConfigs.config.talos.dev/v1alpha1 at node ${node}\n`;

Deno.test("edit opens a private file with the whole configuration, applies what was saved, and removes it", async () => {
  await using cluster = await openCluster();
  const node = cluster.sandbox.nodes[1];
  const before = node?.config?.text ?? "";
  let mode = 0;
  const editor = scriptedEditor((text) => text.replace("auto: 'off'", "auto: 'off' # mine"));
  const runForeground = (command: readonly string[]) => {
    mode = (Deno.statSync(command.at(-1) ?? "").mode ?? 0) & 0o777;
    return editor.runForeground(command);
  };

  const outcome = await talosctl(cluster, `-n ${worker} edit mc`, {
    env: { TMPDIR: cluster.folder, EDITOR: "ed" },
    runForeground,
  });

  assert.deepEqual(outcome, {
    code: 0,
    stdout: "",
    stderr: "Applied configuration without a reboot\n",
  });
  assert.deepEqual(editor.shown, [header(worker) + before]);
  const name = /^MachineConfigs\.config\.talos\.dev-v1alpha1-edit-\d+\.yaml$/;
  assert.match(editor.commands[0]?.[1]?.slice(cluster.folder.length + 1) ?? "", name);
  assert.equal(mode, 0o600);
  assert.deepEqual(cluster.leftOver(), []);
  assert.equal(node?.config?.text, before.replace("auto: 'off'", "auto: 'off' # mine"));
});

/** The variables, and the command that is run on FILE (spec/machine-ops.md, 4.3). */
const editors: [Record<string, string>, string[]][] = [
  [{ TALOS_EDITOR: "one", EDITOR: "two" }, ["one", "FILE"]],
  [{ EDITOR: "code --wait" }, ["code", "--wait", "FILE"]],
  [{ EDITOR: "'my editor' -x", SHELL: "/bin/zsh" }, ["/bin/zsh", "-c", "'my editor' -x FILE"]],
  [{ EDITOR: "my\\ editor" }, ["/bin/bash", "-c", "my\\ editor FILE"]],
  [{}, ["vi", "FILE"]],
];

for (const [env, wanted] of editors) {
  Deno.test(`edit starts ${JSON.stringify(env)} as ${wanted.join(" ")}`, async () => {
    await using cluster = await openCluster();
    let ran: string[] = [];

    const { code, stderr } = await talosctl(cluster, `-n ${worker} edit mc`, {
      env: { TMPDIR: cluster.folder, ...env },
      runForeground: (command) => {
        ran = command.map((word) => word.replace(/\S+-edit-\d+\.yaml$/, "FILE"));
        return Promise.resolve(0);
      },
    });

    assert.deepEqual(ran, wanted);
    assert.deepEqual([code, stderr], [0, "Apply was skipped: no changes detected.\n"]);
  });
}

Deno.test("edit shows why a node refused, and applies what is saved after that", async () => {
  await using cluster = await openCluster();
  const before = cluster.sandbox.nodes[1]?.config?.text ?? "";
  const refused = before.replace("machine:\n", "machine:\n    nonsense: 1\n");
  const editor = scriptedEditor(
    (text) => text.replace(before, refused),
    (text) => text.replace(refused, before.replace("debug: false", "debug: true")),
  );

  const { code, stderr } = await talosctl(cluster, `-n ${worker} edit mc`, {
    env: { TMPDIR: cluster.folder },
    runForeground: editor.runForeground,
  });

  const reason = "rpc error: code = InvalidArgument desc = error decoding document /v1alpha1/ " +
    "(line 1): unknown keys found during decoding:\n# machine:\n#     nonsense: 1\n";
  assert.equal(editor.shown[1], `${header(worker)}# \n# ${reason}${refused}`);
  assert.deepEqual([code, stderr], [0, "Applied configuration without a reboot\n"]);
  assert.match(cluster.sandbox.nodes[1]?.config?.text ?? "", /^debug: true$/m);
  assert.deepEqual(cluster.leftOver(), []);
});

Deno.test("edit gives up when what a node refused is saved again, and goes to no further node", async () => {
  await using cluster = await openCluster();
  await cluster.configure(worker, small);
  const editor = scriptedEditor((text) => text.replace("type: worker", "nonsense: 1"));

  const { code, stdout, stderr } = await talosctl(cluster, `-n ${worker},${cp} edit mc`, {
    env: { TMPDIR: cluster.folder },
    runForeground: editor.runForeground,
  });

  const file = editor.commands[1]?.at(-1);
  assert.deepEqual([code, stdout], [1, ""]);
  assert.equal(
    stderr,
    "# \n# rpc error: code = InvalidArgument desc = error decoding document /v1alpha1/ (line 1): " +
      "unknown keys found during decoding:\n# machine:\n#     nonsense: 1\n" +
      `A copy of your changes has been stored to "${file}"\n` +
      "Edit canceled, no valid changes were saved.\n\n",
  );
  assert.equal(editor.shown.length, 2);
  assert.deepEqual(cluster.leftOver(), []);
});

Deno.test("edit skips a node whose text was emptied", async () => {
  await using cluster = await openCluster();
  const editor = scriptedEditor(() => "# nothing left\n\n");

  const { code, stderr } = await talosctl(cluster, `-n ${worker} edit mc`, {
    env: { TMPDIR: cluster.folder },
    runForeground: editor.runForeground,
  });

  assert.deepEqual([code, stderr], [0, "Apply was skipped: empty file.\n"]);
});

Deno.test("edit names an editor that fails or is not there, and leaves its file", async () => {
  await using cluster = await openCluster();
  const run = (runForeground: () => Promise<number>) =>
    talosctl(cluster, `-n ${worker} edit mc`, {
      env: { TMPDIR: cluster.folder, EDITOR: "no such" },
      runForeground,
    });

  const failed = await run(() => Promise.resolve(3));
  const absent = await run(() => Promise.reject(new Deno.errors.NotFound("no")));

  assert.deepEqual([failed.code, failed.stderr], [
    1,
    'there was a problem with the editor "no such"\n',
  ]);
  assert.deepEqual([absent.code, absent.stderr.split("\n")[0]], [
    1,
    'unable to launch the editor "no such"',
  ]);
  assert.equal(cluster.leftOver().length, 2);
});

const sysctls = '{"machine":{"sysctls":{"net.core.somaxconn":"1024"}}}';

Deno.test("patch changes one node after the other and says which, then skips those that are so already", async () => {
  await using cluster = await openCluster();
  const argv = ["-n", `${worker},${cp}`, "patch", "mc", "any id", "-p", sysctls];

  const first = await talosctl(cluster, argv);
  const again = await talosctl(cluster, argv);

  const line = (node: string) =>
    `patched MachineConfigs.config.talos.dev/v1alpha1 at the node ${node}\nApplied configuration without a reboot\n`;
  assert.deepEqual(first, { code: 0, stdout: "", stderr: line(worker) + line(cp) });
  const skipped = "Apply was skipped: no changes detected.\n";
  assert.deepEqual(again, { code: 0, stdout: "", stderr: skipped + skipped });
  const values = cluster.sandbox.nodes.map(({ config }) => config?.text.includes("somaxconn"));
  assert.deepEqual(values, [true, true]);
});

Deno.test("patch ends at the first node that refuses, after it has said what it tried", async () => {
  await using cluster = await openCluster();
  const invalid = '{"machine":{"type":"nonsense"}}';

  const { code, stdout, stderr } = await talosctl(cluster, [
    ...["-n", `${worker},${cp}`, "patch", "machineconfigs", "-p", invalid],
  ]);

  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(
    stderr,
    /^patched MachineConfigs\.config\.talos\.dev\/v1alpha1 at the node 10\.5\.0\.3\nrpc error: code = InvalidArgument desc = /,
  );
  assert.doesNotMatch(stderr, /10\.5\.0\.2/);
});

Deno.test("patch -o json gives a record for each node", async () => {
  await using cluster = await openCluster();
  const argv = ["-n", worker, "patch", "mc", "-p", sysctls, "-o", "json"];

  const first = await talosctl(cluster, argv);
  const again = await talosctl(cluster, argv);

  assert.deepEqual(JSON.parse(first.stdout), {
    node: worker,
    mode: "NO_REBOOT",
    warnings: [],
    modeDetails: "Applied configuration without a reboot",
  });
  assert.deepEqual(JSON.parse(again.stdout), {
    node: worker,
    mode: "",
    warnings: [],
    modeDetails: "Apply was skipped: no changes detected.",
  });
  assert.equal(first.stderr + again.stderr, "");
});

/** Mistakes, and their whole text (spec/machine-ops.md, 4.1). */
const mistakes: [string[], string][] = [
  [["patch", "mc"], "either --patch or --patch-file should be defined"],
  [
    ["patch", "mc", "-p", "[]"],
    "JSON6902 patches are not supported for multi-document machine configuration",
  ],
  [["patch", "hostname", "-p", "[]"], "only machineconfig resource type is supported"],
  [
    ["patch", "foo", "-p", "[]"],
    'rpc error: code = NotFound desc = resource "foo" is not registered',
  ],
  [["edit", "hostname"], "only machineconfig resource type is supported"],
];

for (const [words, text] of mistakes) {
  Deno.test(`${words.join(" ")} says: ${text}`, async () => {
    await using cluster = await openCluster();

    const { code, stderr } = await talosctl(cluster, ["-n", worker, ...words]);

    assert.equal(code, 1);
    assert.equal(stderr.split("\n")[0], text);
  });
}

Deno.test("patch and edit change nothing where a node's version cannot be had", async () => {
  await using nodes = await startFakeNodes({
    "machine.MachineService/Version": () => {
      throw new RpcError("PermissionDenied", "not authorized");
    },
  });

  for (const words of [["patch", "mc", "-p", sysctls], ["edit", "mc"]]) {
    const { code, stderr } = await talosctl(nodes, ["-n", worker, ...words]);

    assert.deepEqual([code, stderr], [
      1,
      `${worker}: error getting server version: rpc error: code = PermissionDenied desc = not authorized\n`,
    ]);
  }
});

Deno.test("patch and edit say of a reader that the configuration is not to be read", async () => {
  await using cluster = await openCluster();
  await cluster.sandbox.writeTalosconfig(cluster.talosconfigPath, "os:reader");

  for (const words of [["patch", "mc", "-p", sysctls], ["edit", "mc"]]) {
    const { code, stderr } = await talosctl(cluster, ["-n", worker, ...words]);

    assert.deepEqual([code, stderr], [
      1,
      `error getting resource on node ${worker}: rpc error: code = PermissionDenied desc = not authorized\n`,
    ]);
  }
});
