/** `cgroups`: the tree, its presets and schema files, and what happens when a node does not tell all (spec/machine-read.md, 18). */

import assert from "node:assert/strict";
import { createGzip } from "node:zlib";
import tar from "tar-stream";
import { RpcError } from "../../core/errors.ts";
import { readArchive } from "../../plugins/system/cgroups/archive.ts";
import { startAnswering } from "../answering_nodes.ts";

/** The archive that `Copy` sends, in pieces; a text `-> target` makes a link. */
async function* archive(files: Readonly<Record<string, string>>) {
  const pack = tar.pack();
  for (const [name, text] of Object.entries(files)) {
    const linkname = /^-> (.*)$/.exec(text)?.[1];
    if (linkname === undefined) pack.entry({ name }, text);
    else pack.entry({ name, type: "symlink", linkname });
  }
  pack.finalize();
  for await (const bytes of pack.pipe(createGzip())) {
    for (let at = 0; at < bytes.length; at += 1024) yield { bytes: bytes.subarray(at, at + 1024) };
  }
}

const MiB = 1024 * 1024;
const container = "2bc73af2d40e27581f39c8f4ae35e05cc7126b83b4be1d23a27beb499a9ff832";
const files = {
  "cgroup.procs": "",
  "cpu.stat": "user_usec 3863852\nsystem_usec 2492429\n",
  "io.pressure": "some avg10=0.00 avg60=0.00 avg300=0.00 total=24059\nfull avg10=1.50 total=9\n",
  "init/cgroup.procs": "1\n",
  "init/cgroup.threads": "1\n7\n8\n",
  "init/cpu.max": "max 100000\n",
  "init/cpu.weight": "100\n",
  "init/cpu.weight.nice": "-5\n",
  "init/cpuset.cpus.effective": "0-3\n",
  "init/cpu.stat": "user_usec 2004155\nsystem_usec 1137454\nthrottled_usec 0\n",
  "init/io.stat": "253:0 rbytes=2411724 wbytes=512 rios=7 wios=1\n8:0\n",
  "init/memory.current": `${109 * MiB}\n`,
  "init/memory.high": "max\n",
  "init/memory.low": `${192 * MiB}\n`,
  "init/memory.max": "max\n",
  "init/memory.min": `${96 * MiB}\n`,
  "init/memory.peak": `${162 * MiB}\n`,
  "init/memory.pressure": "some avg10=0.25 avg60=0.00 total=9\nfull avg10=12.05 total=9\n",
  "init/memory.swap.max": "0\n",
  "init/memory.reclaim": "not read",
  "init/pids.current": "12\n",
  [`kubepods/podu-1/${container}/cgroup.procs`]: "33\n34\n35\n99\n",
  [`kubepods/podu-1/other/memory.current`]: "0\n",
  "kubepods/podu-1/memory.low": "0\n",
  "kubepods/podu-1/memory.peak": "7\n",
};
const devices = { "253:0": "-> ../../devices/virtual/block/vda", "x": "no link" };
const processes = [
  { pid: 1, executable: "/sbin/init", command: "init" },
  { pid: 33, command: "containerd" },
  { pid: 34, args: "/bin/containerd-shim-runc-v2 -x" },
  { pid: 35, executable: "/usr/bin/kube-controller-manager" },
];
const containers = [
  { id: "ns/web", podId: "ns/web", name: "ns/web", uid: "u-1", internalId: "other" },
  { id: "ns/web:app:2bc7", podId: "ns/web", name: "app", internalId: container },
];

/** A node with all of this, changed as asked. */
function nodeWith(changes: Parameters<typeof startAnswering>[0] = {}) {
  return startAnswering({
    "machine.MachineService/Processes": () => ({ messages: [{ processes }] }),
    "machine.MachineService/Copy": ({ rootPath }) =>
      archive(rootPath === "/sys/fs/cgroup" ? files : devices),
    "machine.MachineService/Containers": () => ({ messages: [{ containers }] }),
    ...changes,
  });
}

Deno.test("cgroups --preset memory shows the tree with pods and containers by name", async () => {
  await using node = await nodeWith();

  const outcome = await node.talosctl("cgroups -n 10.0.0.1 --preset memory");

  const table =
    `NAME                 MemCurrent   MemPeak    MemLow     Peak/Low   MemHigh    MemMin     Current/Min   MemMax
.                       unset        unset      unset    unset%       unset      unset    unset%          unset
├──init               109 MiB      162 MiB    192 MiB    84.38%         max     96 MiB   113.54%            max
└──kubepods             unset        unset      unset    unset%       unset      unset    unset%          unset
    └──ns/web           unset          7 B        0 B      max%       unset      unset    unset%          unset
        ├──app          unset        unset      unset    unset%       unset      unset    unset%          unset
        └──sandbox        0 B        unset      unset    unset%       unset      unset    unset%          unset
`;
  assert.deepEqual(outcome, { code: 0, stdout: table, stderr: "" });
  assert.deepEqual(node.calls.map(({ method }) => method), [
    "Processes",
    "Copy",
    "Copy",
    "Containers",
  ]);
});

Deno.test("cgroups has the presets of the official client", async () => {
  const rows: [string, string][] = [
    [
      "cpu",
      `NAME      CpuWeight   CpuNice   CpuMax            CpuUser        User/%    CpuSystem      System/%   Throttled
.          unset       unset    []                   3.863852s   -            2.492429s   -          %!s(<nil>)
└──init      100          -5    [   max 100000]      2.004155s    51.87%      1.137454s    45.64%              0s
`,
    ],
    [
      "cpuset",
      `NAME      CpuSet         CpuSet(Eff)    Mems           Mems(Eff)
.                                                                  
└──init                           0-3                              
`,
    ],
    [
      "io",
      `NAME      Bytes Read/Written    ios Read/Write   PressAvg10   PressAvg60   PressTotal
.                                                  0.00         0.00           24.059ms
└──init   vda: 2.3 MiB/512 B    vda: 7/1         %!s(<nil>)   %!s(<nil>)   %!s(<nil>)
`,
    ],
    [
      "process",
      `NAME      PidsCurrent   PidsPeak   PidsMax    Procs     Threads   Processes
.            unset         unset      unset         0         0   
└──init         12         unset      unset         1         3   [init]
`,
    ],
    [
      "psi",
      `NAME      MemCurrent   MemPsiSome10   MemPsi10     CpuPsi10     IoPsi10
.            unset     %!s(<nil>)     %!s(<nil>)   %!s(<nil>)     1.50
└──init    109 MiB       0.25          12.05       %!s(<nil>)   %!s(<nil>)
`,
    ],
    [
      "swap",
      `NAME      SwapCurrent   SwapPeak   SwapHigh   SwapMax    ZswapCurrent   ZswapMax   ZswapWriteback
.            unset         unset      unset      unset      unset          unset   unset
└──init      unset         unset      unset        0 B      unset          unset   unset
`,
    ],
  ];
  const own = Object.entries(files).filter(([name]) => !name.startsWith("kubepods/"));
  await using node = await nodeWith({
    "machine.MachineService/Copy": ({ rootPath }) =>
      archive(rootPath === "/sys/fs/cgroup" ? Object.fromEntries(own) : devices),
  });
  for (const [preset, table] of rows) {
    const outcome = await node.talosctl(
      `cgroups -n 10.0.0.1 --skip-cri-resolve --preset ${preset}`,
    );

    assert.deepEqual(outcome, { code: 0, stdout: table, stderr: "" });
  }
  assert.ok(!node.calls.some(({ method }) => method === "Containers"));
});

Deno.test("cgroups --preset process cuts long lists of programs", async () => {
  await using node = await nodeWith();

  const { stdout } = await node.talosctl("cg -n 10.0.0.1 --preset process");

  assert.match(stdout, /──app .* \[containerd containerd-shim-runc-v2 kube-controlle\n/);
});

Deno.test("cgroups works on with warnings when only names are missing", async () => {
  const refuse = () => {
    throw new RpcError("PermissionDenied", "not authorized");
  };
  await using node = await nodeWith({
    "machine.MachineService/Processes": refuse,
    "machine.MachineService/Containers": refuse,
    "machine.MachineService/Copy": ({ rootPath }) =>
      rootPath === "/sys/fs/cgroup" ? archive({ "a/cgroup.procs": "7\n" }) : refuse(),
  });

  const outcome = await node.talosctl("cgroups -n 10.0.0.1 --preset process");

  const denied = "rpc error: code = PermissionDenied desc = not authorized";
  assert.deepEqual(outcome, {
    code: 0,
    stdout: `NAME   PidsCurrent   PidsPeak   PidsMax    Procs     Threads   Processes
.         unset         unset      unset         0         0   
└──a      unset         unset      unset         1         0   [7]
`,
    stderr: `WARNING: error getting processes: ${denied}
WARNING: error reading devices: ${denied}
WARNING: error getting containers: ${denied}
`,
  });
});

Deno.test("cgroups ends when the control groups cannot be read", async () => {
  const copyAs = (answer: () => unknown) => ({
    "machine.MachineService/Copy": ({ rootPath }: { rootPath: string }) =>
      rootPath === "/sys/fs/cgroup" ? answer() : archive(devices),
  });
  const rows: [() => unknown, string][] = [
    [() => {
      throw new RpcError("Unavailable", "node is down");
    }, "rpc error: code = Unavailable desc = node is down"],
    [() => [{ bytes: new TextEncoder().encode("no archive at all") }], "invalid gzip header"],
    [
      () => archive({ "a/memory.max": "much\n" }),
      'failed to parse "a/memory.max": strconv.ParseInt: parsing "much": invalid syntax',
    ],
    [() => archive({ "cpu.stat": "user_usec\n" }), 'failed to parse "cpu.stat": invalid format'],
    [() => archive({ [`${"a/".repeat(300)}pids.max`]: "1\n" }), "more than 256 levels of folders"],
  ];
  for (const [answer, cause] of rows) {
    await using node = await nodeWith(copyAs(answer));

    const outcome = await node.talosctl("cgroups -n 10.0.0.1 --preset cpu");

    assert.deepEqual(outcome, {
      code: 1,
      stdout: "",
      stderr: `error reading cgroups: ${cause}\n`,
    });
  }
});

Deno.test("cgroups words the failure of an endpoint unlike that of a node", async () => {
  await using node = await nodeWith();

  const outcome = await node.talosctl("cgroups -e 127.0.0.1:1 -n 10.0.0.1 --preset cpu");

  const refused = "rpc error: code = Unavailable desc = connection error: desc = " +
    '"transport: Error while dialing: dial tcp 127.0.0.1:1: connect: connection refused"';
  assert.deepEqual(outcome, {
    code: 1,
    stdout: "",
    stderr: `WARNING: error getting processes: ${refused}
WARNING: error copying devices: ${refused}
error copying: ${refused}
`,
  });
});

Deno.test("an archive that is whole counts although its node then tells of skipped files", async () => {
  const prefixes = { opening: "error copying", receiving: "error reading cgroups" };
  const messages = async function* (pieces: number) {
    let left = pieces;
    for await (const { bytes } of archive({ "pids.current": "5\n" })) {
      if (left-- > 0) yield { metadata: undefined, bytes };
    }
    throw new RpcError("Unknown", "1 error occurred:\n\t* skipping a file\n\n");
  };

  const whole = await readArchive(messages(Infinity), prefixes);
  const cut = readArchive(messages(0), prefixes);

  assert.deepEqual(whole, [{ path: "pids.current", kind: "file", text: "5\n" }]);
  await assert.rejects(cut, {
    message:
      "error reading cgroups: rpc error: code = Unknown desc = 1 error occurred:\n\t* skipping a file\n\n",
  });
});

Deno.test("cgroups -o json needs no columns: each group has all its figures", async () => {
  await using node = await nodeWith();

  const names = await node.talosctl("cgroups -n 10.0.0.1 -o name");
  const nice = await node.talosctl("cgroups -n 10.0.0.1 -o jsonpath={.cpuWeightNice}");
  const users = await node.talosctl("cgroups -n 10.0.0.1 -o jsonpath={.cpuStat.user_usec}");

  assert.equal(
    names.stdout,
    "/\n/init\n/kubepods\n/kubepods/ns/web\n/kubepods/ns/web/app\n/kubepods/ns/web/sandbox\n",
  );
  assert.equal(nice.stdout.split("\n")[1], "-5");
  assert.equal(users.stdout.split("\n").slice(0, 2).join(" "), "3863852 2004155");
});

Deno.test("cgroups says what is wrong with the columns before it asks the node", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/schema.yaml`;
  const withSchema = `--schema-file ${path}`;
  const schema = (template: string) => `columns: [{name: A, template: '${template}'}]`;
  const rows: [string, string, string | RegExp][] = [
    ["", "", "either schema file or preset must be specified\n"],
    [
      "--preset x",
      "",
      "invalid preset name: x (valid [cpu cpuset io memory process psi swap])\n",
    ],
    [
      "--schema-file /nowhere.yaml",
      "",
      "error opening schema file: open /nowhere.yaml: no such file or directory\n",
    ],
    [withSchema, "columns: [", /^error decoding schema file: /],
    [withSchema, "columns: {}", 'error decoding schema file: "columns" is no list\n'],
    [withSchema, schema("{{.CPUMax"), "error compiling schema: template: A:1: unclosed action\n"],
    [
      withSchema,
      schema("{{nope 1}}"),
      'error compiling schema: template: A:1: function "nope" not defined\n',
    ],
  ];
  await using node = await nodeWith();
  for (const [flags, text, expected] of rows) {
    await Deno.writeTextFile(path, text);

    const { code, stdout, stderr } = await node.talosctl(`cgroups -n 10.0.0.1 ${flags}`.trim());

    assert.deepEqual([code, stdout], [1, ""]);
    if (typeof expected === "string") assert.equal(stderr, expected);
    else assert.match(stderr, expected);
  }
  assert.deepEqual(node.calls, []);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("cgroups prints the rows above the one that a schema does not fit", async () => {
  const path = await Deno.makeTempFile({ suffix: ".yaml" });
  await Deno.writeTextFile(
    path,
    `columns:
  - name: Weight
    template: "{{ .CPUWeight }}"
  - name: A
    template: "{{ if .Parent }}{{ .Nope }}{{ end }}"
`,
  );
  await using node = await nodeWith();

  const outcome = await node.talosctl(["cgroups", "-n", "10.0.0.1", "--schema-file", path]);

  assert.deepEqual(outcome, {
    code: 1,
    stdout: "NAME   Weight   A\n.      unset    \n",
    stderr:
      `template: A:1:19: executing "A" at <.Nope>: can't evaluate field Nope in type struct { *cgroups.Node; Parent *cgroups.Node }\n`,
  });
  await Deno.remove(path);
});
