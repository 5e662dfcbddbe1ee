/** `wipe` (spec/machine-ops.md, 13 and 16.6): what is asked of nodes, what they refuse, and what is gone afterwards. */

import assert from "node:assert/strict";
import { type Sandbox, startSandbox } from "../../mod.ts";
import { userDisk } from "../../plugins/sandbox/system/hardware.ts";
import { startAnswering, unreachable } from "../answering_nodes.ts";
import { type Outcome, type RunOptions, runProgram, talosctl } from "../talosctl.ts";

type Run = (line: string, options?: RunOptions) => Promise<Outcome>;

async function withTalosconfig(
  sandbox: Sandbox,
  role: string,
  test: (run: Run) => Promise<void>,
): Promise<void> {
  const talosconfigPath = await Deno.makeTempFile();
  try {
    await sandbox.writeTalosconfig(talosconfigPath, role);
    await test((line, options) =>
      talosctl({ talosconfigPath, clock: sandbox.clock }, line, options)
    );
  } finally {
    await Deno.remove(talosconfigPath);
  }
}

const silent = { code: 0, stdout: "", stderr: "" };
const gibibyte = 1024 ** 3;

function failure(stderr: string): Outcome {
  return { code: 1, stdout: "", stderr: `${stderr}\n` };
}

function storageOf({ nodes: [node] }: Sandbox) {
  if (node === undefined) throw new Error("no node");
  return node.disk.storage;
}

/** A disk with two partitions, each with a file system. */
function giveDisk(sandbox: Sandbox): void {
  const { disks, contents } = storageOf(sandbox);
  const partitions = ["data", "scratch"].map((label) => ({ label, sizeBytes: gibibyte }));
  disks.set("sdb", userDisk("sdb", 4 * gibibyte, partitions));
  contents.set("sdb1", "xfs");
  contents.set("sdb2", "ext4");
}

async function discovered(run: Run): Promise<string[]> {
  const { stdout } = await run("get discoveredvolumes -n 10.5.0.2 -o json");
  const documents: { metadata: { id: string }; spec: { name: string } }[] = stdout
    .split(/(?<=^\})\n/m).filter((text) => text !== "").map((text) => JSON.parse(text));
  return documents.filter(({ metadata }) => metadata.id.startsWith("sdb"))
    .map(({ metadata, spec }) => `${metadata.id} ${spec.name}`.trim());
}

Deno.test("wipe disk erases partitions, drops them when told to, and whole disks with all on them", async () => {
  await using sandbox = await startSandbox({ seed: 1 });
  giveDisk(sandbox);
  await withTalosconfig(sandbox, "os:admin", async (run) => {
    assert.deepEqual(await discovered(run), ["sdb gpt", "sdb1 xfs", "sdb2 ext4"]);

    assert.deepEqual(await run("wipe disk sdb1 -n 10.5.0.2"), silent);
    assert.deepEqual(await discovered(run), ["sdb gpt", "sdb1", "sdb2 ext4"]);

    assert.deepEqual(await run("wipe disk sdb1 --drop-partition -n 10.5.0.2"), silent);
    assert.deepEqual(await discovered(run), ["sdb gpt", "sdb2 ext4"]);

    assert.deepEqual(await run("wipe disk sdb sda --method ZEROES -n 10.5.0.2"), silent);
    assert.deepEqual(await discovered(run), ["sdb"]);
    const { stdout } = await run("get disks sdb -n 10.5.0.2");
    assert.match(stdout, /sdb/);
  });
});

Deno.test("wipe disk sends all devices in one request, with each of its flags", async () => {
  await using cluster = await startAnswering({
    "storage.StorageService/BlockDeviceWipe": () => ({ messages: [{}] }),
  });
  const plain = {
    method: "FAST",
    skipVolumeCheck: false,
    dropPartition: false,
    skipSecondaryCheck: false,
  };
  const rows: [string, object[]][] = [
    ["sda sdb", [{ device: "sda", ...plain }, { device: "sdb", ...plain }]],
    ["sda --method ZEROES", [{ device: "sda", ...plain, method: "ZEROES" }]],
    ["sda --drop-partition", [{ device: "sda", ...plain, dropPartition: true }]],
    ["sda --skip-volume-check", [{ device: "sda", ...plain, skipVolumeCheck: true }]],
    ["sda --skip-secondary-check", [{ device: "sda", ...plain, skipSecondaryCheck: true }]],
    ["sda --yes", [{ device: "sda", ...plain }]],
  ];
  for (const [words, devices] of rows) {
    assert.deepEqual(await cluster.talosctl(`wipe disk ${words} -n 10.0.0.1`), silent, words);
    assert.deepEqual(cluster.calls.at(-1)?.request, { devices }, words);
  }

  for (const method of ["fast", "X"]) {
    assert.deepEqual(
      await cluster.talosctl(`wipe disk sda --method ${method} -n 10.0.0.1`),
      failure(`invalid wipe method "${method}"`),
    );
  }
  assert.equal(cluster.calls.length, rows.length);
});

Deno.test("the other wipe commands send what they are given, and check only its form", async () => {
  await using cluster = await startAnswering({
    "machine.LVMService/LogicalVolumeRemove": () => ({}),
    "machine.LVMService/VolumeGroupRemove": () => ({}),
    "machine.LVMService/PhysicalVolumeRemove": () => ({}),
    "machine.MDService/Destroy": () => ({}),
  });
  const rows = [
    ["lv data/a/b", { volumeGroup: "data", logicalVolume: "a/b" }],
    ["vg data", { volumeGroup: "data" }],
    ["pv sda", { device: "sda" }],
    ["md /dev/md0", { device: "/dev/md0" }],
  ] as const;
  for (const [words, request] of rows) {
    assert.deepEqual(await cluster.talosctl(`wipe ${words} -n 10.0.0.1`), silent, words);
    assert.deepEqual(cluster.calls.at(-1)?.request, request, words);
  }

  assert.deepEqual(
    await cluster.talosctl("wipe lv foo -n 10.0.0.1"),
    failure('invalid logical volume "foo", expected <vg>/<lv>'),
  );
  assert.deepEqual(
    await cluster.talosctl("wipe md md0 -n 10.0.0.1"),
    failure("md device must be a full /dev path"),
  );
});

Deno.test("wipe names each node that failed in its command's words; the others are wiped", async () => {
  const answer = (_request: unknown, node: string) => node === "10.0.0.2" ? unreachable() : {};
  await using cluster = await startAnswering({
    "storage.StorageService/BlockDeviceWipe": answer,
    "machine.LVMService/VolumeGroupRemove": answer,
  });
  const reason = "rpc error: code = Unavailable desc = node is down";

  const disk = await cluster.talosctl("wipe disk sda -n 10.0.0.1,10.0.0.2");
  const group = await cluster.talosctl("wipe vg data -n 10.0.0.1,10.0.0.2");

  assert.deepEqual(disk, failure(`error wiping device on node 10.0.0.2: ${reason}`));
  assert.deepEqual(group, failure(`error from node 10.0.0.2: ${reason}`));
  assert.equal(cluster.calls.length, 4);
});

Deno.test("a node refuses to wipe what is not there or in use, and then wipes nothing of the request", async () => {
  await using sandbox = await startSandbox({ seed: 1 });
  giveDisk(sandbox);
  const { disks, physicalVolumes, volumeGroups, arrays } = storageOf(sandbox);
  disks.set("sdc", { ...userDisk("sdc", gibibyte), isReadOnly: true });
  disks.set("sdd", { ...userDisk("sdd", gibibyte), kind: "CD" });
  disks.set("sde", userDisk("sde", gibibyte));
  disks.set("sdf", userDisk("sdf", gibibyte, [{ label: "raid", sizeBytes: gibibyte }]));
  physicalVolumes.add("/dev/sde");
  volumeGroups.set("data", {
    physicalVolumes: ["/dev/sde"],
    logicalVolumes: [{ name: "scratch", sizeBytes: gibibyte / 2 }],
  });
  arrays.set("/dev/md0", { members: ["/dev/sdf1"] });
  const rows = [
    ["sdz", 'NotFound desc = blockdevice "sdz" not found'],
    ["/dev/sda", 'NotFound desc = blockdevice "/dev/sda" not found'],
    ["loop0", 'FailedPrecondition desc = blockdevice "loop0" is read-only'],
    ["sdc", 'FailedPrecondition desc = blockdevice "sdc" is read-only'],
    ["sdd", 'FailedPrecondition desc = blockdevice "sdd" is a CD-ROM'],
    ["sde", 'FailedPrecondition desc = blockdevice "sde" is in use by disk "dm-0"'],
    ["sdf1", 'FailedPrecondition desc = blockdevice "sdf1" is in use by blockdevice "md0"'],
    ["sdf", 'FailedPrecondition desc = block device "sdf" is mounted or in use'],
    ["vda", 'FailedPrecondition desc = blockdevice "vda" is in use by volume "EFI"'],
    ["vda4", 'FailedPrecondition desc = blockdevice "vda4" is in use by volume "EPHEMERAL"'],
    [
      "vda4 --skip-volume-check",
      'FailedPrecondition desc = block device "vda4" is mounted or in use',
    ],
    [
      "sde --skip-secondary-check",
      'FailedPrecondition desc = block device "sde" is mounted or in use',
    ],
  ] as const;
  await withTalosconfig(sandbox, "os:admin", async (run) => {
    for (const [device, error] of rows) {
      assert.deepEqual(
        await run(`wipe disk sdb1 ${device} -n 10.5.0.2`),
        failure(`error wiping device on node 10.5.0.2: rpc error: code = ${error}`),
      );
    }

    assert.deepEqual(await discovered(run), ["sdb gpt", "sdb1 xfs", "sdb2 ext4"]);
  });
});

Deno.test("LVM is taken apart from the top: volume, group, device; what is needed is refused", async () => {
  await using sandbox = await startSandbox({ seed: 1 });
  giveDisk(sandbox);
  const { physicalVolumes, volumeGroups } = storageOf(sandbox);
  physicalVolumes.add("/dev/sda");
  volumeGroups.set("data", {
    physicalVolumes: ["/dev/sda"],
    logicalVolumes: [
      { name: "open", sizeBytes: gibibyte, isOpen: true },
      { name: "scratch", sizeBytes: gibibyte },
    ],
  });
  const rows = [
    ["lv data/none", "NotFound desc = lvm: resource not found"],
    ["lv none/scratch", "NotFound desc = lvm: resource not found"],
    ["lv data/", "InvalidArgument desc = volume_group and logical_volume must be set"],
    ["lv data/open", "FailedPrecondition desc = lvm: logical volume is open"],
    ["vg data", "FailedPrecondition desc = lvm: resource not empty"],
    ["vg none", "NotFound desc = lvm: resource not found"],
    ["pv /dev/sda", "FailedPrecondition desc = lvm: resource in use"],
    ["pv /dev/sdb", "FailedPrecondition desc = lvm: device is partitioned"],
    ["pv sda", "NotFound desc = lvm: resource not found"],
  ] as const;
  await withTalosconfig(sandbox, "os:admin", async (run) => {
    for (const [words, error] of rows) {
      assert.deepEqual(
        await run(`wipe ${words} -n 10.5.0.2`),
        failure(`error from node 10.5.0.2: rpc error: code = ${error}`),
        words,
      );
    }
    const before = await run("get vgs -n 10.5.0.2");

    assert.deepEqual(await run("wipe lv data/scratch -n 10.5.0.2"), silent);
    const between = await run("get lvs -n 10.5.0.2");
    volumeGroups.set("data", { physicalVolumes: ["/dev/sda"], logicalVolumes: [] });
    assert.deepEqual(await run("wipe vg data -n 10.5.0.2"), silent);
    assert.deepEqual(await run("wipe pv /dev/sda -n 10.5.0.2"), silent);
    const after = await run("get pvs -n 10.5.0.2");

    assert.equal(
      before.stdout,
      `\
NODE       NAMESPACE   TYPE                   ID     VERSION   NAME   PERMISSIONS   SIZE     FREE     PVS   LVS
10.5.0.2   storage     LVMVolumeGroupStatus   data   1         data   writeable     4.0 TB   4.0 TB   1     2
`,
    );
    assert.deepEqual(between.stdout.match(/data-\w+/g), ["data-open"]);
    assert.doesNotMatch(after.stdout, /sda/);
  });
});

Deno.test("an array is destroyed unless it is in use, and its members are free again", async () => {
  await using sandbox = await startSandbox({ seed: 1 });
  const { arrays, disks } = storageOf(sandbox);
  disks.set("sdb", userDisk("sdb", gibibyte));
  arrays.set("/dev/md0", { members: ["/dev/sda", "/dev/sdb"] });
  arrays.set("/dev/md1", { members: [], isInUse: true });
  await withTalosconfig(sandbox, "os:admin", async (run) => {
    assert.deepEqual(await discovered(run), ["sdb linux_raid_member"]);
    assert.deepEqual(
      await run("wipe md /dev/md1 -n 10.5.0.2"),
      failure(
        "error from node 10.5.0.2: rpc error: code = FailedPrecondition desc = md: resource in use",
      ),
    );
    assert.deepEqual(
      await run("wipe md /dev/md2 -n 10.5.0.2"),
      failure("error from node 10.5.0.2: rpc error: code = NotFound desc = md: array not found"),
    );

    assert.deepEqual(await run("wipe md /dev/md0 -n 10.5.0.2"), silent);
    assert.deepEqual(await discovered(run), ["sdb"]);
    assert.deepEqual(await run("wipe disk sdb -n 10.5.0.2"), silent);
  });
});

Deno.test("only admins may wipe, but on a node in maintenance mode everybody, whose system disk is free", async () => {
  await using sandbox = await startSandbox({ seed: 1, maintenance: 1 });
  const denied = "rpc error: code = PermissionDenied desc = not authorized";
  await withTalosconfig(sandbox, "os:reader", async (run) => {
    assert.deepEqual(
      await run("wipe disk sda -n 10.5.0.2"),
      failure(`error wiping device on node 10.5.0.2: ${denied}`),
    );
    for (const words of ["lv a/b", "vg a", "pv /dev/sda", "md /dev/md0"]) {
      assert.deepEqual(
        await run(`wipe ${words} -n 10.5.0.2`),
        failure(`error from node 10.5.0.2: ${denied}`),
      );
    }
  });

  const [endpoint = ""] = sandbox.maintenanceEndpoints;
  const wipe = (words: string) => runProgram(`wipe ${words} -n ${endpoint}`.split(" "));
  assert.deepEqual(await wipe("disk vda --insecure"), silent);
  assert.deepEqual(
    await wipe("md /dev/md0 -i"),
    failure(`error from node ${endpoint}: rpc error: code = NotFound desc = md: array not found`),
  );
  assert.deepEqual(
    await wipe("disk sda -i --cert-fingerprint A!"),
    failure(
      `error wiping device on node ${endpoint}: error constructing maintenance mode client for node ` +
        `"${endpoint}": error parsing certificate fingerprint "A!": illegal base64 data at input byte 1`,
    ),
  );
});

Deno.test("on a terminal wipe asks before it begins; --yes, a pipe and a script are not asked", async () => {
  await using sandbox = await startSandbox({ seed: 1 });
  giveDisk(sandbox);
  await withTalosconfig(sandbox, "os:admin", async (run) => {
    const question = "10.5.0.2: sdb1 will be erased\r\nErase it? [y/N]: ".replaceAll("\r", "");

    const no = await run("wipe disk sdb1 -n 10.5.0.2", { isTerminal: true, stdin: "n\n" });
    const still = await discovered(run);
    const yes = await run("wipe disk sdb1 -n 10.5.0.2", { isTerminal: true, stdin: "y\n" });
    const unasked = await run("wipe disk sdb2 --yes -n 10.5.0.2", { isTerminal: true });

    assert.deepEqual([no.code, no.stdout], [1, question]);
    assert.match(no.stderr, /^nothing was changed: the answer was not yes\n/);
    assert.deepEqual(still, ["sdb gpt", "sdb1 xfs", "sdb2 ext4"]);
    assert.deepEqual(yes, { code: 0, stdout: question, stderr: "" });
    assert.deepEqual(unasked, silent);
    assert.deepEqual(await discovered(run), ["sdb gpt", "sdb1", "sdb2"]);
  });
});

Deno.test("who watches volumes and META keys sees what is wiped and written", async () => {
  await using sandbox = await startSandbox({ seed: 1 });
  giveDisk(sandbox);
  const [node] = sandbox.nodes;
  const seen: string[] = [];
  for (const type of ["DiscoveredVolumes.block.talos.dev", "MetaKeys.runtime.talos.dev"]) {
    node?.resources.subscribe("runtime", type, ({ kind, resource }) => {
      seen.push(`${kind} ${resource.id}`);
    });
  }
  await withTalosconfig(sandbox, "os:admin", async (run) => {
    await run("wipe disk sdb1 -n 10.5.0.2");
    await run("wipe disk sdb2 --drop-partition -n 10.5.0.2");
    await run("meta write 10 x -n 10.5.0.2");
    await run("meta delete 10 -n 10.5.0.2");
  });

  assert.deepEqual(seen, [
    "UPDATED sdb1",
    "DESTROYED sdb2",
    "CREATED 0x0a",
    "DESTROYED 0x0a",
  ]);
});
