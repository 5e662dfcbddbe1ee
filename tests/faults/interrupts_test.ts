/** Ctrl-C and SIGTERM: the first ends what runs and says so, at once; the second kills. */

import assert from "node:assert/strict";
import { startSandbox } from "../../mod.ts";
import { approvePlugin } from "../plugin_folder.ts";
import { openHome } from "./program.ts";

const notice = "Signal received, aborting, press Ctrl+C once again to abort immediately...\n";
const waiting =
  "rpc error: code = Canceled desc = context canceled while waiting for connections " +
  "to become ready\n";

/** What runs against a silent endpoint, and what is said after the notice (spec/client.md, 3.13). */
const commands: [args: string[], error: string][] = [
  [["service", "-n", "10.5.0.2"], `error from node 10.5.0.2: ${waiting}`],
  [["get", "members", "-n", "10.5.0.2"], `10.5.0.2: error getting server version: ${waiting}`],
  [["config", "new", "out", "-n", "10.5.0.2"], waiting],
];

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  for (const [args, error] of commands) {
    Deno.test(`${signal} ends ${args[0]} ${args[1]} on a silent endpoint with a notice`, async () => {
      await using sandbox = await startSandbox();
      await using home = await openHome(sandbox);
      await using silent = listenInSilence();
      const running = home.start([...args, "-e", silent.address]);
      await silent.dialled;

      running.kill(signal);
      const ended = await running.ended;

      assert.deepEqual({ ...ended, stdout: "" }, {
        code: 1,
        signal: null,
        stdout: "",
        stderr: notice + error,
      });
    });
  }
}

/** A plugin whose command takes no notice of any signal. */
const stubbornPlugin = `export default {
  name: "stubborn",
  apiVersion: 1,
  register(registry) {
    registry.command({
      path: ["stubborn"],
      summary: "goes on",
      args: { rule: "none" },
      flags: {},
      targets: "none",
      async *run({ note }) {
        note("going on ".repeat(8000));
        await new Promise((resolve) => setTimeout(resolve, 600_000));
      },
    });
  },
};
`;

Deno.test("a second SIGINT kills a command that takes no notice of the first", async () => {
  await using home = await openHome();
  const plugins = `${home.folder}/.local/share/talos/plugins`;
  const folder = `${plugins}/stubborn`;
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}/main.js`, stubbornPlugin);
  await Deno.writeTextFile(
    `${folder}/plugin.json`,
    JSON.stringify({ name: "stubborn", apiVersion: 1, entry: "main.js" }),
  );
  await approvePlugin(plugins, "stubborn");
  const running = home.start(["stubborn"]);
  await running.untilStderr("going on");

  running.kill("SIGINT");
  await running.untilStderr(notice);
  running.kill("SIGINT");
  const { signal } = await running.ended;

  assert.equal(signal, "SIGINT");
});

Deno.test("SIGINT ends a command whose output nobody reads", async () => {
  await using sandbox = await startSandbox();
  sandbox.nodes[0]?.resources.put({
    namespace: "network",
    type: "HostnameStatuses.net.talos.dev",
    id: "hostname",
    yamlSpec: `hostname: ${"x".repeat(1_000_000)}\n`,
    protoSpec: new Uint8Array(),
  });
  await using home = await openHome(sandbox);
  const args = ["get", "hostname", "hostname", "-n", "10.5.0.2", "-o", "yaml"];
  const running = home.start(args, { stalled: true });
  await running.untilStdout("node: ");

  running.kill("SIGINT");
  const { code, signal, stderr } = await running.ended;

  assert.deepEqual({ code, signal }, { code: 1, signal: null });
  assert.ok(stderr.startsWith(notice), stderr);
});

Deno.test("SIGINT at a question ends the command and changes nothing", async () => {
  await using sandbox = await startSandbox();
  await using home = await openHome(sandbox);
  const before = await Deno.readTextFile(home.talosconfig);
  await home.run(["config", "add", "other"]);
  const running = home.start(["config", "remove", "other"], {
    shell: 'mkfifo "$HOME/pipe"; exec "$@" 3<>"$HOME/pipe" <"$HOME/pipe"',
  });
  await running.untilStdout("(y/N)");

  running.kill("SIGINT");
  const { code, stderr } = await running.ended;

  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`^${RegExp.escape(notice)}asking ".+": interrupted\\n$`));
  assert.ok((await Deno.readTextFile(home.talosconfig)).includes(before.slice(-40)));
});

/** Accepts connections and says nothing. */
function listenInSilence() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted = listener.accept();
  return {
    address: `127.0.0.1:${listener.addr.port}`,
    dialled: accepted,
    async [Symbol.asyncDispose]() {
      listener.close();
      (await accepted).close();
    },
  };
}
