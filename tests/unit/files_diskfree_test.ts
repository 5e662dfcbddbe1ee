/** `diskfree`: space and inodes of mounted volumes, and why some volumes have none. */

import assert from "node:assert/strict";
import { RpcError } from "../../core/errors.ts";
import { type FakeMethod, type FakeNodes, startFakeNodes } from "../fake_nodes.ts";
import { talosctl } from "../talosctl.ts";

function resource(type: string, id: string, yamlSpec: string): object {
  const time = { seconds: "1795250156", nanos: 0 };
  const metadata = { namespace: "runtime", type, id, version: "1", phase: "running" };
  return {
    resource: { metadata: { ...metadata, created: time, updated: time }, spec: { yamlSpec } },
  };
}

function mount(id: string, spec: { source: string; target: string; detached?: boolean }): object {
  const { source, target, detached = false } = spec;
  const yaml = `spec:\n    volumeID: ${id}\nsource: "${source}"\ntarget: ${target}\n` +
    `filesystem: xfs\ndetached: ${detached}\n`;
  return resource("MountStatuses.block.talos.dev", id, yaml);
}

const mounts = [
  mount("/var/lib", { source: "", target: "/var/lib" }),
  mount("EPHEMERAL", { source: "/dev/vda6", target: "/var" }),
  mount("GONE", { source: "/dev/vdb1", target: "/gone", detached: true }),
];

const gib = 1024 ** 3;
const statfs = {
  size: String(105 * gib),
  used: String(3 * gib),
  available: String(100 * gib),
  inodes: "5398766",
  inodesUsed: "1234",
  inodesFree: "5397532",
};

function start(methods: Record<string, FakeMethod> = {}): Promise<FakeNodes> {
  return startFakeNodes({
    "cosi.resource.State/List": () => mounts,
    "machine.StorageService/Statfs": () => [statfs],
    ...methods,
  });
}

Deno.test("diskfree prints the space of mounted volumes", async () => {
  await using nodes = await start();

  const rounded = await talosctl(nodes, "diskfree -n 10.0.0.1");
  const plain = await talosctl(nodes, "df -n 10.0.0.1 -b");

  assert.deepEqual(rounded, {
    code: 0,
    stdout: `\
NODE       VOLUME      FILESYSTEM   SIZE     USED     AVAILABLE   USAGE   MOUNT POINT
10.0.0.1   EPHEMERAL   /dev/vda6    105GiB   3.0GiB   100GiB      3%      /var
`,
    stderr: "",
  });
  assert.equal(
    plain.stdout,
    `\
NODE       VOLUME      FILESYSTEM   SIZE           USED         AVAILABLE      USAGE   MOUNT POINT
10.0.0.1   EPHEMERAL   /dev/vda6    112742891520   3221225472   107374182400   3%      /var
`,
  );
  assert.deepEqual(
    nodes.requests.slice(0, 2).map(({ method, node, request }) => [
      method,
      node,
      request.type ?? request.path,
    ]),
    [["List", "10.0.0.1", "MountStatuses.block.talos.dev"], ["Statfs", "10.0.0.1", "/var"]],
  );
});

Deno.test("diskfree --inodes counts inodes", async () => {
  await using nodes = await start();

  const rounded = await talosctl(nodes, "df -n 10.0.0.1 -i");
  const plain = await talosctl(nodes, "df -n 10.0.0.1 -bi");

  assert.equal(
    rounded.stdout,
    `\
NODE       VOLUME      FILESYSTEM   INODES   IUSED   IFREE   %IUSED   MOUNT POINT
10.0.0.1   EPHEMERAL   /dev/vda6    5.3M     1.2K    5.3M    1%       /var
`,
  );
  assert.match(plain.stdout, / {3}5398766 {3}1234 {4}5397532 {3}1% /);
});

Deno.test("diskfree shows no share of an empty file system", async () => {
  const empty = { ...statfs, used: "0", available: "0", inodes: "0", inodesUsed: "0" };
  await using nodes = await start({ "machine.StorageService/Statfs": () => [empty] });

  assert.match((await talosctl(nodes, "df -n a")).stdout, / {3}- {7}\/var\n$/);
  assert.match((await talosctl(nodes, "df -n a -i")).stdout, / {3}- {8}\/var\n$/);
});

Deno.test("diskfree prints its header for nodes without volumes, and nothing when all nodes fail", async () => {
  await using bare = await start({ "cosi.resource.State/List": () => [] });
  await using closed = await start({
    "cosi.resource.State/List": () => {
      throw new RpcError("PermissionDenied", "not authorized");
    },
  });

  assert.deepEqual(await talosctl(bare, "diskfree -n 127.0.0.2,127.0.0.3,127.0.0.4"), {
    code: 0,
    stdout: "NODE   VOLUME   FILESYSTEM   SIZE   USED   AVAILABLE   USAGE   MOUNT POINT\n",
    stderr: "",
  });
  assert.deepEqual(await talosctl(closed, "diskfree -n 127.0.0.3"), {
    code: 1,
    stdout: "",
    stderr: "error from node 127.0.0.3: rpc error: code = PermissionDenied desc = not authorized\n",
  });
});

Deno.test("diskfree keeps the other nodes' volumes when one node fails", async () => {
  await using nodes = await start({
    "machine.StorageService/Statfs": (_request, node) => {
      if (node === "10.0.0.2") throw new RpcError("Unknown", "no such file or directory");
      return [statfs];
    },
  });

  const { code, stdout, stderr } = await talosctl(nodes, "df -n 10.0.0.1,10.0.0.2");

  assert.deepEqual(stdout.match(/^\S+/gm), ["NODE", "10.0.0.1"]);
  assert.equal(
    stderr,
    'error from node 10.0.0.2: error calling statfs on "/var": ' +
      "rpc error: code = Unknown desc = no such file or directory\n",
  );
  assert.equal(code, 1);
});

Deno.test("diskfree of one volume says why there is nothing to show", async (test) => {
  const volume = (spec: string) =>
    resource("VolumeStatuses.block.talos.dev", "", `phase: ready\n${spec}\n`);
  await using nodes = await start({
    "cosi.resource.State/Get": ({ id }) => {
      switch (id) {
        case "DENIED":
          throw new RpcError("PermissionDenied", "not authorized");
        case "LATE":
          return [resource("VolumeStatuses.block.talos.dev", "LATE", "phase: waiting\n")];
        case "DIR":
          return [volume("type: directory")];
        case "SWAP":
          return [volume("type: partition\nfilesystem: swap")];
        case "IDLE":
        case "EPHEMERAL":
          return [volume("type: partition\nfilesystem: xfs")];
      }
      throw new RpcError("NotFound", "resource doesn't exist");
    },
  });
  const rows: [string, string][] = [
    ["NOSUCH", 'volume "NOSUCH" not found'],
    [
      "DENIED",
      'error looking up volume "DENIED": rpc error: code = PermissionDenied desc = not authorized',
    ],
    ["LATE", 'volume "LATE" is not ready (phase: waiting)'],
    ["DIR", 'volume "DIR" is a directory volume, which does not have its own filesystem'],
    ["SWAP", 'volume "SWAP" is a swap volume, which does not have a filesystem'],
    ["IDLE", 'volume "IDLE" not mounted'],
  ];
  for (const [id, expected] of rows) {
    await test.step(id, async () => {
      assert.deepEqual(await talosctl(nodes, `df -n 10.0.0.1 ${id}`), {
        code: 1,
        stdout: "",
        stderr: `error from node 10.0.0.1: ${expected}\n`,
      });
    });
  }
  await test.step("EPHEMERAL", async () => {
    const { code, stdout } = await talosctl(nodes, "df -n 10.0.0.1 EPHEMERAL");
    assert.match(stdout, /^10\.0\.0\.1 {3}EPHEMERAL {3}\/dev\/vda6 /m);
    assert.equal(code, 0);
  });
});
