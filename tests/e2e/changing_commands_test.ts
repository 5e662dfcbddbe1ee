/** Every command that changes nodes, with one node of three that does not answer: who is named in which words, and who was changed. */

import assert from "node:assert/strict";
import { startSandbox } from "../../mod.ts";
import { runProgram } from "../talosctl.ts";

const down = "10.5.0.3";
const three = `10.5.0.2,${down},10.5.0.4`;
const reason =
  'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: ' +
  `dial tcp ${down}:50000: connect: connection refused"`;
const noVersion = `${down}: error getting server version: ${reason}\n`;
const fromNode = `error from node ${down}: ${reason}\n`;
const image = "docker.io/library/nginx:1.29";

/** For three nodes: the command line, what stderr is, and whether the other two are asked after all. */
const onThree: [line: string, stderr: string, methodOfOthers: string | undefined][] = [
  ["reboot", noVersion, undefined],
  ["reboot --wait=false --mode force", noVersion, undefined],
  ["shutdown", noVersion, undefined],
  ["shutdown --wait=false --force", noVersion, undefined],
  ["reset --graceful=false", noVersion, undefined],
  ["reset --wait=false --reboot", noVersion, undefined],
  ["patch machineconfig -p {machine:\u00a0{}}", noVersion, undefined],
  ["edit machineconfig", noVersion, undefined],
  ["upgrade", `error checking Talos version compatibility: ${noVersion}`, undefined],
  [
    "upgrade --no-reboot --drain=false",
    `error checking Talos version compatibility: ${noVersion}`,
    undefined,
  ],
  [`image pull ${image}`, `PULLED${fromNode}`, "Pull"],
  [`image remove ${image}`, fromNode, "Remove"],
  ["meta write 0x0c x", `error writing meta to node ${down}: ${reason}\n`, "MetaWrite"],
  ["meta delete 0x0c", `error deleting meta from node ${down}: ${reason}\n`, "MetaDelete"],
  ["wipe disk sda", `error wiping device on node ${down}: ${reason}\n`, "BlockDeviceWipe"],
  ["service kubelet restart", fromNode, "ServiceRestart"],
  ["etcd alarm list", fromNode, "EtcdAlarmList"],
  ["etcd alarm disarm", fromNode, "EtcdAlarmDisarm"],
  ["etcd members", fromNode, "EtcdMemberList"],
  ["etcd status", fromNode, "EtcdStatus"],
  ["etcd forfeit-leadership", fromNode, "EtcdForfeitLeadership"],
  ["restart apid", `error restarting process on node ${down}: ${reason}\n`, "Restart"],
];

/** For the one that does not answer. */
const onOne: [line: string, stderr: string][] = [
  ["kubeconfig -", `error initializing gzip: ${reason}\n`],
  ["bootstrap", `error executing bootstrap: ${reason}\n`],
  ["etcd defrag", `${reason}\n`],
  ["etcd leave", `${reason}\n`],
  ["etcd downgrade validate 3.6", `${reason}\n`],
  ["etcd downgrade enable 3.6", `${reason}\n`],
  ["etcd downgrade cancel", `${reason}\n`],
  ["etcd snapshot FOLDER/snapshot", `error reading: ${reason}\n`],
  ["rollback", `error executing rollback on node ${down}: ${reason}\n`],
  ["wipe vg data", fromNode],
  ["wipe lv data/x", fromNode],
  ["wipe pv /dev/sda", fromNode],
  ["wipe md /dev/md0", fromNode],
  ["etcd remove-member 1", fromNode],
];

Deno.test("commands that change nodes name the one that does not answer, and say what became of the others", async (test) => {
  await using sandbox = await startSandbox({ controlPlanes: 3, speed: 100 });
  const folder = await Deno.makeTempDir();
  const env = { HOME: folder, TALOSCONFIG: `${folder}/talosconfig` };
  await sandbox.writeTalosconfig(env.TALOSCONFIG);
  // Connections go to an endpoint that is up; only what is passed on to the node fails.
  const [endpoint = ""] = sandbox.endpoints;
  await sandbox.fault(down, "down");
  const run = (line: string, nodes: string) =>
    runProgram(
      [...line.replace("FOLDER", folder).split(" "), "-n", nodes, "-e", endpoint]
        .map((word) => word.replaceAll("\u00a0", " ")),
      { env },
    );

  for (const [line, wanted, method] of onThree) {
    await test.step(`${line}, three nodes`, async () => {
      const { length: before } = sandbox.calls;

      const { code, stderr } = await run(line, three);

      const pulled = stderr.replace(/(?:.*: pulled image \S+\n){2}/, "PULLED");
      assert.deepEqual({ code, stderr: pulled }, { code: 1, stderr: wanted });
      const asked = sandbox.calls.slice(before).map(({ node, method }) =>
        `${node} ${method.split("/").at(-1)}`
      );
      for (const node of ["10.5.0.2", "10.5.0.4"]) {
        if (method !== undefined) assert.ok(asked.includes(`${node} ${method}`), asked.join());
        else assert.deepEqual(asked.filter((call) => call.startsWith(node)), [`${node} Version`]);
      }
    });
  }

  for (const [line, wanted] of onOne) {
    await test.step(`${line}, one node`, async () => {
      const { code, stdout, stderr } = await run(line, down);

      assert.deepEqual({ code, stdout, stderr }, { code: 1, stdout: "", stderr: wanted });
    });
  }

  const left = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  await Deno.remove(folder, { recursive: true });
  assert.deepEqual(left, ["talosconfig"]);
});
