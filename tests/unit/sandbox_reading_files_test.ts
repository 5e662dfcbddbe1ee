/** Files of simulated nodes: listed, measured, read and copied as real ones were (spec/machine-read.md, 13, 14, 16, 17; recordings ls-*, usage-*, read-*, copy-*). */

import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { extract } from "tar-stream";
import { type SandboxOptions, startSandbox } from "../../plugins/sandbox/start.ts";
import { unreadableContent } from "../../plugins/sandbox/system/file_tree.ts";
import { sandboxClient } from "../sandbox_client.ts";
import { talosctl } from "../talosctl.ts";

Deno.test("a node has the directories of a real one", async () => {
  await using node = await startNode({ platform: "container" });

  const root = await node.call("List", { root: "/" });
  const etc = await node.call("List", { root: "etc/" });

  assert.equal(
    names(root).join(" "),
    ". .extra bin boot dev etc lib lib64 mnt opt proc root run sbin sys system tmp usr var",
  );
  assert.equal(
    names(etc).join(" "),
    ". cni containerd cri extensions.yaml hostname hosts kubernetes localtime lvm machine-id " +
      "nfsmount.conf os-release resolv.conf selinux ssl",
  );
});

Deno.test("a long list shows kinds, modes, links and, on a machine, labels", async () => {
  await using node = await startNode({});

  const { messages } = await node.call("List", { root: "/", reportXattrs: true });
  const devices = await node.call("List", { root: "/dev" });

  const find = (files: typeof messages, name: string) =>
    files.find(({ relativeName }) => relativeName === name);
  const { mode, size, link, isDir, xattrs } = find(messages, "bin");
  assert.deepEqual(
    { mode, size, link, isDir, label: new TextDecoder().decode(xattrs[0].data) },
    {
      mode: 2 ** 27 + 0o777,
      size: "7",
      link: "usr/bin",
      isDir: false,
      label: "system_u:object_r:rootfs_t:s0\0",
    },
  );
  assert.equal(find(messages, "tmp").mode, 2 ** 31 + 2 ** 20 + 0o777);
  assert.equal(find(messages, "etc").modified, String(Date.parse("2026-11-21T10:25:20Z") / 1000));
  assert.equal(find(devices.messages, "null").mode, 2 ** 26 + 2 ** 21 + 0o666);
  assert.deepEqual(find(devices.messages, "null").xattrs, []);
});

Deno.test("depth, kinds and roots of a list count as Talos counts them", async () => {
  await using node = await startNode({ platform: "container" });
  node.files.write("/etc/cri/a/b/c", "");
  const list = async (request: unknown) => names(await node.call("List", request));

  const recursive = await list({ root: "/etc/cri", recurse: true, recursionDepth: -1 });
  const two = await list({ root: "/etc/cri", recurse: true, recursionDepth: 2 });
  const rootTwo = await list({ root: "/", recurse: true, recursionDepth: 2 });
  const files = await list({ root: "/etc/cri", types: ["REGULAR"] });
  const file = await list({ root: "/etc/hostname" });
  const { messages: throughLink } = await node.call("List", { root: "/bin" });

  assert.equal(
    recursive.join(" "),
    ". a a/b a/b/c conf.d conf.d/00-base.part conf.d/base-spec.json conf.d/cri.toml conf.d/hosts " +
      "conf.d/hosts/_default conf.d/hosts/_default/hosts.toml containerd.toml",
  );
  assert.equal(
    two.join(" "),
    ". a a/b conf.d conf.d/00-base.part conf.d/base-spec.json conf.d/cri.toml conf.d/hosts containerd.toml",
  );
  // Below `/` there is one level more than below other roots.
  assert.ok(rootTwo.includes("etc/cri/a") && !rootTwo.includes("etc/cri/a/b"));
  // Directories that a filter hides are entered at any depth.
  assert.equal(
    files.join(" "),
    "a/b/c conf.d/00-base.part conf.d/base-spec.json conf.d/cri.toml " +
      "conf.d/hosts/_default/hosts.toml containerd.toml",
  );
  assert.deepEqual(file, ["hostname"]);
  assert.equal(throughLink[0].name, "/usr/bin");
});

Deno.test("usage adds up what lies below and takes the first path that is there", async () => {
  await using node = await startNode({ platform: "container" });
  node.files.write("/var/data/one/file", "12345");
  node.files.write("/var/data/two", { sizeBytes: 5_000_000_000 });
  const usage = async (request: unknown) => {
    const { messages } = await node.call("DiskUsage", request);
    return messages.map(({ size, relativeName, error }) => `${size} ${relativeName} ${error}`);
  };

  const all = await usage({ paths: ["/var/data"], recursionDepth: 3, all: true });
  const directories = await usage({ paths: ["/var/data"], recursionDepth: 1 });
  const large = await usage({
    paths: ["/nosuch", "/var/data", "/etc"],
    recursionDepth: 2,
    all: true,
    threshold: "5000",
  });
  const small = await usage({ paths: ["/var/data"], recursionDepth: 2, threshold: "-5000" });

  assert.deepEqual(all, ["5 one/file ", "4101 one ", "5000000000 two ", "5000008197 . "]);
  assert.deepEqual(directories, ["5000008197 . "]);
  assert.deepEqual(large, [
    "0 /nosuch lstat /nosuch: no such file or directory",
    "5000000000 two ",
    "5000008197 . ",
  ]);
  assert.deepEqual(small, ["4101 one "]);
});

Deno.test("reading gives what a real node gave, in pieces of at most 1024 bytes", async () => {
  await using node = await startNode({ name: "talos", platform: "container" });
  node.files.write("/var/long", "x".repeat(2500));

  const release = await node.call("Read", { path: "/etc/os-release" });
  const hosts = await node.call("Read", { path: "/etc/hosts" });
  const commandLine = await node.call("Read", { path: "/proc/1/cmdline" });
  const throughLink = await node.call("Read", { path: "/var/run/machined.pid" });
  const long = await node.call("Read", { path: "/var/long" });

  assert.equal(
    textOf(release),
    `NAME="Talos"
ID=talos
VERSION_ID=v1.14.0-beta.1
PRETTY_NAME="Talos (v1.14.0-beta.1)"
HOME_URL="https://www.talos.dev/"
BUG_REPORT_URL="https://github.com/siderolabs/talos/issues"
VENDOR_NAME="Sidero Labs"
VENDOR_URL="https://www.siderolabs.com/"
`,
  );
  assert.equal(
    textOf(hosts),
    `127.0.0.1 localhost
10.5.0.2  talos-controlplane-1
::1       localhost ip6-localhost ip6-loopback
ff02::1   ip6-allnodes
ff02::2   ip6-allrouters
`,
  );
  assert.equal(textOf(commandLine), "/sbin/init\0");
  assert.equal(textOf(throughLink), "1\n");
  assert.deepEqual(long.messages.map(({ bytes }) => bytes.length), [1024, 1024, 452]);
});

Deno.test("a boot has its own id, which the kernel shows", async () => {
  await using node = await startNode({});

  const read = await node.call("Read", { path: "/proc/sys/kernel/random/boot_id" });

  assert.equal(textOf(read), `${node.bootId}\n`);
});

Deno.test("failures of file calls have the codes and words of a real node", async () => {
  await using node = await startNode({});
  node.files.write("/var/broken", unreadableContent("/var/broken", "input/output error"));
  const status = async (method: string, request: unknown) =>
    (await node.call(method, request)).status;

  assert.equal(
    await status("List", { root: "/nosuch" }),
    "UNKNOWN: lstat /nosuch: no such file or directory",
  );
  assert.equal(
    await status("Read", { path: "/nosuch" }),
    "NOT_FOUND: stat /nosuch: no such file or directory",
  );
  assert.equal(await status("Read", { path: "/etc" }), "UNKNOWN: path must be a regular file");
  assert.equal(await status("Read", { path: "/var/broken" }), "OK: ");
  assert.equal(
    await status("Read", { path: "/etc/hostname/x" }),
    "NOT_FOUND: stat /etc/hostname/x: not a directory",
  );
  assert.equal(await status("Copy", { rootPath: "etc" }), "UNKNOWN: path is not absolute etc");
  assert.equal(
    await status("Copy", { rootPath: "/nosuch" }),
    "UNKNOWN: lstat /nosuch: no such file or directory",
  );
});

Deno.test("copying gives a tar without the root itself, with links, devices and made-up files", async () => {
  await using node = await startNode({ platform: "container" });
  node.files.write("/var/tree/sub/file", "content", 0o600);

  const tree = await untar(await node.call("Copy", { rootPath: "/var/tree" }));
  const single = await untar(await node.call("Copy", { rootPath: "/etc/hostname" }));
  const devices = await untar(await node.call("Copy", { rootPath: "/dev" }));
  const groups = await untar(await node.call("Copy", { rootPath: "/sys/fs/cgroup" }));

  assert.deepEqual(tree, ["directory 755 sub/ ", "file 600 sub/file content"]);
  assert.deepEqual(single, ["file 644 hostname talos-default-controlplane-1\n"]);
  assert.ok(devices.includes("symlink 777 stdin /proc/self/fd/0"));
  assert.ok(devices.includes("character-device 666 null 1:3"));
  assert.ok(groups.includes("file 444 podruntime/etcd/cgroup.procs 184\n"));
});

Deno.test("a copy goes on past what cannot be read, and names it at its end", async () => {
  await using node = await startNode({});
  node.files.write("/var/tree/a", unreadableContent("/var/tree/a", "input/output error"));
  node.files.write("/var/tree/b", "after");

  // The program's own client: the other one drops what came right before an error.
  const folder = await Deno.makeTempDir();
  const talosconfigPath = `${folder}/talosconfig`;
  await node.writeTalosconfig(talosconfigPath);
  const pieces: { bytes: Uint8Array }[] = [];
  const { stderr } = await talosctl(
    { talosconfigPath, clock: node.clock },
    "-n 10.5.0.2 copy /var/tree -",
    { onStdout: (bytes) => pieces.push({ bytes }) },
  );
  await Deno.remove(folder, { recursive: true });

  assert.deepEqual(await untar({ messages: pieces, status: "" }), ["file 644 b after"]);
  assert.equal(
    stderr,
    "WARNING: the archive is partial\n" +
      "rpc error: code = Unknown desc = 1 error occurred:\n" +
      '\t* skipping "/var/tree/a": read /var/tree/a: input/output error\n\n\n',
  );
});

Deno.test("a file of many gigabytes is only made as far as it is read", async () => {
  await using node = await startNode({});
  node.files.write("/var/huge", { sizeBytes: 100_000_000_000 });
  const { MachineServiceDefinition } = await import("../../proto/gen/machine/machine.ts");
  const { methods } = MachineServiceDefinition;

  for (
    const [path, request] of [
      ["Read", methods.read.requestType.encode({ path: "/var/huge" }).finish()],
      ["Copy", methods.copy.requestType.encode({ rootPath: "/var/huge" }).finish()],
    ] as const
  ) {
    const call = await node.open(`/machine.MachineService/${path}`);
    const { promise, resolve } = Promise.withResolvers<number>();
    call.on("error", () => {});
    call.once("data", () => call.cancel());
    call.on("status", ({ code }: { code: number }) => resolve(code));
    call.write(request);
    call.end();

    assert.equal(await promise, 1);
  }
});

interface Answer {
  // deno-lint-ignore no-explicit-any -- whatever message the test has asked for
  messages: any[];
  status: string;
}

/** A sandbox whose first node is called. */
async function startNode(options: SandboxOptions) {
  const sandbox = await startSandbox({ seed: 1, ...options });
  const client = sandboxClient(sandbox);
  const [node] = sandbox.nodes;
  if (node === undefined) throw new Error("no node");
  return {
    files: node.files,
    bootId: node.bootId,
    clock: sandbox.clock,
    writeTalosconfig: sandbox.writeTalosconfig,
    open: client.open,
    call: (method: string, request: unknown): Promise<Answer> =>
      client.call("machine.MachineService", method, { request }),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

function names({ messages }: Answer): readonly string[] {
  return messages.map(({ relativeName }) => relativeName);
}

function textOf({ messages }: Answer): string {
  return messages.map(({ bytes }) => new TextDecoder().decode(bytes)).join("");
}

/** `kind mode name content` of each entry. */
async function untar({ messages }: Answer): Promise<readonly string[]> {
  const pieces: Uint8Array[] = messages.map(({ bytes }) => bytes);
  const archive = gunzipSync(new Uint8Array(await new Blob(pieces as BlobPart[]).arrayBuffer()));
  const reader = extract();
  reader.end(archive);
  const found: string[] = [];
  for await (const entry of reader) {
    const { type, mode, name, linkname, devmajor, devminor } = entry.header;
    let content = type === "symlink"
      ? linkname ?? ""
      : type === "character-device"
      ? `${devmajor}:${devminor}`
      : "";
    for await (const block of entry) content += new TextDecoder().decode(block as Uint8Array);
    found.push(`${type} ${(mode ?? 0).toString(8)} ${name} ${content}`);
  }
  return found;
}
