/** `list`: what it asks, and how files look short, long and humanized. */

import assert from "node:assert/strict";
import { RpcError } from "../../core/errors.ts";
import { formatFileTime } from "../../plugins/files/file_time.ts";
import { type FakeMethod, startFakeNodes } from "../fake_nodes.ts";
import { talosctl } from "../talosctl.ts";

const list = "machine.MachineService/List";

function seconds(...[year, month, ...rest]: [number, number, number, number, number, number]) {
  return String(new Date(year, month, ...rest).getTime() / 1000);
}

const label = new TextEncoder().encode("system_u:object_r:etc_t:s0\0");

// The rows of spec/machine-read.md 13; times are those of the reader's own zone.
const specFiles = [
  {
    relativeName: ".",
    name: "/etc",
    mode: 0x800001ed,
    size: "4096",
    modified: seconds(2026, 10, 21, 8, 35, 56),
    isDir: true,
    xattrs: [{ name: "security.selinux", data: label }],
  },
  {
    relativeName: "ln",
    name: "/etc/ln",
    mode: 0x080001ff,
    size: "7",
    modified: seconds(2020, 8, 13, 12, 26, 40),
    link: "../x",
  },
  {
    relativeName: "null",
    name: "/etc/null",
    mode: 0x042001b6,
    uid: 1000,
    gid: 50,
    modified: seconds(2026, 10, 21, 9, 52, 36),
  },
  {
    relativeName: "su",
    name: "/etc/su",
    mode: 0x00d001ed,
    size: "1234567",
    modified: seconds(1970, 0, 1, 0, 0, 0),
  },
];

Deno.test("list prints one name a line for one node, without a header", async () => {
  await using nodes = await startFakeNodes({ [list]: () => specFiles });

  const outcome = await talosctl(nodes, "ls -n 10.0.0.1 -H /etc");

  assert.deepEqual(outcome, { code: 0, stdout: ".\nln\nnull\nsu\n", stderr: "" });
});

Deno.test("list --long prints the official table, with times of the reader's zone", async () => {
  await using nodes = await startFakeNodes({ [list]: () => specFiles });

  const outcome = await talosctl(nodes, "list -n 10.0.0.1 -l /etc");

  const table = `\
NODE       MODE           UID    GID   SIZE(B)   LASTMOD             LABEL                        NAME
10.0.0.1   drwxr-xr-x     0      0     4096      Nov 21 08:35:56     system_u:object_r:etc_t:s0   .
10.0.0.1   Lrwxrwxrwx     0      0     7         Sep 13 2020 12:26                                ln -> ../x
10.0.0.1   Dcrw-rw-rw-    1000   50    0         Nov 21 09:52:36                                  null
10.0.0.1   ugtrwxr-xr-x   0      0     1234567   Jan  1 1970 00:00                                su
`;
  assert.deepEqual(outcome, { code: 0, stdout: table, stderr: "" });
});

Deno.test("list --long --humanize prints units and ages", async () => {
  const [folder] = specFiles;
  const hourAgo = String(Date.parse("2026-11-21T09:26:00Z") / 1000);
  await using nodes = await startFakeNodes({
    [list]: () => [{ ...folder, modified: hourAgo }],
  });

  const { stdout } = await talosctl(nodes, "list -n 10.0.0.1 -lH /etc");

  assert.equal(
    stdout,
    `\
NODE       MODE         UID   GID   SIZE(B)   LASTMOD      LABEL                        NAME
10.0.0.1   drwxr-xr-x   0     0     4.1 kB    1 hour ago   system_u:object_r:etc_t:s0   .
`,
  );
});

Deno.test("list of several nodes heads each file with its node, and reports those that fail last", async () => {
  await using nodes = await startFakeNodes({
    *[list](_request: unknown, node: string) {
      if (node === "10.0.0.2") {
        throw new RpcError("Unknown", "lstat /var/lib/etcd: no such file or directory");
      }
      yield { relativeName: "." };
      yield { relativeName: "", name: "/var/lib/etcd/x", error: "permission denied" };
      yield { relativeName: "member" };
    },
  });

  const { code, stdout, stderr } = await talosctl(
    nodes,
    "list -n 10.0.0.1,10.0.0.2 /var/lib/etcd",
  );

  assert.equal(stdout, "NODE       NAME\n10.0.0.1   .\n10.0.0.1   member\n");
  assert.deepEqual(stderr.trimEnd().split("\n").sort(), [
    "10.0.0.1: error reading file /var/lib/etcd/x: permission denied",
    "error from node 10.0.0.2: rpc error: code = Unknown desc = lstat /var/lib/etcd: no such file or directory",
  ]);
  assert.equal(code, 1);
});

Deno.test("list prints nothing but the errors when all nodes fail", async () => {
  await using nodes = await startFakeNodes({
    // deno-lint-ignore require-yield -- it fails before there is anything
    *[list]() {
      throw new RpcError("PermissionDenied", "not authorized");
    },
  });

  for (const line of ["ls -n a /etc", "ls -n a -l /etc"]) {
    assert.deepEqual(await talosctl(nodes, line), {
      code: 1,
      stdout: "",
      stderr: "error from node a: rpc error: code = PermissionDenied desc = not authorized\n",
    });
  }
});

Deno.test("list asks for what its flags say", async (test) => {
  const none: FakeMethod = () => [];
  await using nodes = await startFakeNodes({ [list]: none });
  const plain = {
    root: "/",
    recurse: false,
    recursionDepth: 1,
    types: [] as string[],
    reportXattrs: false,
  };
  const rows: [string, Partial<typeof plain>][] = [
    ["ls", {}],
    ["ls etc", { root: "etc" }],
    ["ls -l", { reportXattrs: true }],
    ["ls -r", { recurse: true, recursionDepth: -1 }],
    ["ls -d 3", { recurse: true, recursionDepth: 3 }],
    ["ls -d 0", { recursionDepth: 0 }],
    ["ls -d -2", { recursionDepth: -2 }],
    ["ls -t fd -t L", { types: ["REGULAR", "DIRECTORY", "SYMLINK"] }],
    ["ls -t l,f,f", { types: ["SYMLINK", "REGULAR", "REGULAR"] }],
  ];
  for (const [line, expected] of rows) {
    await test.step(line, async () => {
      nodes.requests.length = 0;

      await talosctl(nodes, `${line} -n a`);

      assert.deepEqual(nodes.requests.map(({ request }) => request), [{ ...plain, ...expected }]);
    });
  }
});

Deno.test("list refuses flags that contradict each other, and kinds it does not know", async () => {
  await using nodes = await startFakeNodes({ [list]: () => [] });

  const both = await talosctl(nodes, "ls -n a -r -d 2");
  const kind = await talosctl(nodes, "ls -n a -t fx /etc");

  assert.match(
    both.stderr,
    /^only one of flags --recurse and --depth can be specified at the same time\n\nUsage:\n/,
  );
  assert.deepEqual(kind, { code: 1, stdout: "", stderr: "invalid file type: x\n" });
  assert.deepEqual([both.code, nodes.requests], [1, []]);
});

Deno.test("list -o json gives one document a file, with times as ISO 8601", async () => {
  const [folder] = specFiles;
  await using nodes = await startFakeNodes({
    [list]: () => [{ ...folder, modified: "1795250156" }],
  });

  const { stdout } = await talosctl(nodes, "ls -n 10.0.0.1 /etc -o json");

  assert.deepEqual(JSON.parse(stdout), {
    node: "10.0.0.1",
    name: "/etc",
    relativeName: ".",
    size: "4096",
    mode: 2147484141,
    modified: "2026-11-21T08:35:56.000Z",
    isDir: true,
    link: "",
    uid: 0,
    gid: 0,
    label: "system_u:object_r:etc_t:s0",
  });
});

Deno.test("list --long leaves the year out until a file is 180 days old", () => {
  const now = new Date(2026, 10, 21, 12, 0, 0);
  const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);

  assert.match(formatFileTime(daysAgo(179.9), now) ?? "", /^May 2\d \d\d:\d\d:\d\d$/);
  assert.match(formatFileTime(daysAgo(180), now) ?? "", /^May 2\d 2026 \d\d:\d\d$/);
  assert.equal(formatFileTime(daysAgo(-400), now), "Dec 26 12:00:00");
});

Deno.test("list shows a time that no calendar has as the number it is", async () => {
  await using nodes = await startFakeNodes({
    [list]: () => [{ relativeName: "x", modified: "9223372036854775807" }],
  });

  const { code, stdout } = await talosctl(nodes, "ls -n a -l");

  assert.match(stdout, /^a {6}-{10} +0 +0 +0 +9223372036854775807 +x$/m);
  assert.equal(code, 0);
});

Deno.test("list completes paths of the first node, folders with a slash, up to 500", async () => {
  await using nodes = await startFakeNodes({
    *[list]({ root }: { root: string }) {
      yield { relativeName: "." };
      yield { name: "/etc/secret", error: "permission denied" };
      if (root === "/many/") {
        for (let index = 0; index <= 500; index++) yield { relativeName: `f${index}` };
      }
      yield { relativeName: "cni", isDir: true };
      yield { relativeName: "cri.toml" };
      yield { relativeName: "hosts" };
    },
  });
  const complete = async (line: string) =>
    (await talosctl(nodes, `__complete ${line}`)).stdout.trimEnd().split("\n");

  assert.deepEqual(await complete("ls -n a,b /etc/c"), ["/etc/cni/", "/etc/cri.toml", ":4"]);
  assert.deepEqual(await complete("ls -n b /"), ["/cni/", "/cri.toml", "/hosts", ":4"]);
  assert.deepEqual(await complete("read -n a /etc/h"), ["/etc/hosts", ":4"]);
  assert.deepEqual(await complete("usage -n a /etc/c"), ["/etc/cni/", ":4"]);
  assert.deepEqual(await complete("copy -n a /many/"), [":4"]);
  assert.deepEqual(await complete("copy -n a /etc /"), [":0"]);
  assert.deepEqual(nodes.requests.map(({ node, request }) => `${node} ${request.root}`), [
    "a /etc/",
    "b /",
    "a /etc/",
    "a /etc/",
    "a /many/",
  ]);
});
