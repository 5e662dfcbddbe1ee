/** The root of a node's files: which file systems there are, and what is in the small ones. */

import type { SandboxClock } from "../clock.ts";
import type { SandboxNode } from "../node.ts";
import { cgroupFiles } from "./cgroup_files.ts";
import { etcFiles } from "./etc_files.ts";
import { type FileMaker, fileMaker } from "./file_maker.ts";
import { type FileNode, patternContent } from "./file_tree.ts";
import { kernelRelease } from "./kernel_log.ts";
import { procFiles } from "./proc_files.ts";
import { deviceFiles } from "./sys_files.ts";
import { varFiles } from "./var_files.ts";

/** When the image of the system was built. */
const builtAt = new Date("2026-11-12T08:04:10Z");

/** The root directory as it is now. */
export function rootFiles(node: SandboxNode, clock: SandboxClock): FileNode {
  const { bootedAt, platform } = node;
  const labelled = (type: string) =>
    platform === "metal" ? { label: `system_u:object_r:${type}:s0` } : {};
  const image = fileMaker({ storage: "disk", modifiedAt: builtAt, ...labelled("rootfs_t") });
  const etc = fileMaker({ storage: "memory", modifiedAt: bootedAt, ...labelled("etc_t") });
  const memory = fileMaker({ storage: "memory", modifiedAt: bootedAt, ...labelled("run_t") });
  const system = fileMaker({ storage: "memory", modifiedAt: bootedAt, ...labelled("system_t") });
  const devices = fileMaker({ storage: "memory", modifiedAt: bootedAt, ...labelled("device_t") });
  const disk = fileMaker({ storage: "disk", modifiedAt: bootedAt, ...labelled("ephemeral_t") });
  const proc = fileMaker({ storage: "made up", modifiedAt: bootedAt, ...labelled("proc_t") });
  const sys = fileMaker({ storage: "made up", modifiedAt: bootedAt, ...labelled("sysfs_t") });
  const cgroups = fileMaker({ storage: "made up", modifiedAt: bootedAt, ...labelled("cgroup_t") });

  return image.directory({
    ".extra": image.directory({}),
    bin: image.link("usr/bin"),
    boot: image.directory({}),
    dev: devices.directory(() => devFiles(devices)),
    etc: etc.directory(() => etcFiles({ node, etc, image, disk })),
    lib: image.link("usr/lib"),
    lib64: image.directory({}),
    mnt: image.directory({}),
    opt: disk.directory({ cni: disk.directory({ bin: disk.directory({}) }) }),
    proc: proc.directory(() => procFiles({ node, now: clock.now(), proc }), {
      permissions: 0o555,
    }),
    root: image.directory({}),
    run: memory.directory(() => runFiles(memory), { permissions: 0o1777 }),
    sbin: image.link("usr/bin"),
    sys: sys.directory(() => ({
      ...deviceFiles(node, sys),
      fs: sys.directory(() => ({
        cgroup: cgroups.directory(() => cgroupFiles({ node, now: clock.now(), cgroups })),
      })),
    }), { permissions: 0o555 }),
    system: system.directory(() => systemFiles(node, { system, disk }), { permissions: 0o1777 }),
    tmp: memory.directory({}, { permissions: 0o1777 }),
    usr: image.directory(() => usrFiles(image)),
    var: disk.directory(() => varFiles(node, disk)),
  });
}

function devFiles({ directory, link, device }: FileMaker) {
  return {
    fd: link("/proc/self/fd"),
    full: device(1, 7),
    fuse: device(10, 229),
    kmsg: device(1, 11, { permissions: 0o644 }),
    mqueue: directory({}, { permissions: 0o1777 }),
    null: device(1, 3),
    ptmx: link("pts/ptmx"),
    pts: directory({}, { permissions: 0o755 }),
    random: device(1, 8),
    shm: directory({}, { permissions: 0o1777 }),
    stderr: link("/proc/self/fd/2"),
    stdin: link("/proc/self/fd/0"),
    stdout: link("/proc/self/fd/1"),
    tty: device(5, 0),
    urandom: device(1, 9),
    zero: device(1, 5),
  };
}

function runFiles({ directory, file }: FileMaker) {
  return {
    containerd: directory({ "containerd.sock.lock": file("") }),
    lock: directory({}),
    "machined.pid": file("1\n"),
    udev: directory({ data: directory({}) }),
  };
}

function systemFiles(
  node: SandboxNode,
  { system: { directory, file }, disk }: { system: FileMaker; disk: FileMaker },
) {
  const secret = { permissions: 0o700 };
  const isControlPlane = node.machineType === "controlplane";
  return {
    config: directory({ kubernetes: directory({}) }),
    etc: directory({}, secret),
    libexec: directory({ apid: directory({}), trustd: directory({}) }, { permissions: 0o711 }),
    resolved: directory({ "resolv.conf": file("nameserver 127.0.0.53\n") }),
    run: directory({
      apid: directory({}),
      containerd: directory({}),
      machined: directory({}),
      trustd: directory({}),
    }, { permissions: 0o751 }),
    secrets: directory(
      isControlPlane ? { etcd: directory({}), kubernetes: directory({}) } : {},
      secret,
    ),
    state: disk.directory(
      node.machineType === "unknown" ? {} : {
        "config.yaml": disk.file(node.disk.config?.text ?? "", { permissions: 0o600 }),
        "node-identity.yaml": disk.file(`nodeId: ${node.nodeId}\n`, { permissions: 0o600 }),
        "platform-network.yaml": disk.file("addresses: []\n", { permissions: 0o600 }),
      },
      secret,
    ),
    var: directory({ lib: directory({}) }, secret),
  };
}

function usrFiles({ directory, file, link }: FileMaker) {
  const program = (sizeBytes: number) => file(patternContent(sizeBytes), { permissions: 0o755 });
  return {
    bin: directory({
      containerd: program(38_204_416),
      "containerd-shim-runc-v2": program(15_102_264),
      dashboard: link("init"),
      init: program(146_312_448),
      poweroff: link("init"),
      reboot: link("init"),
      runc: program(8_814_592),
      sandboxd: link("init"),
      shutdown: link("init"),
    }),
    lib: directory({
      "modules": directory({ [kernelRelease]: directory({ "modules.order": file("") }) }),
      "os-release": link("../../etc/os-release"),
    }),
    libexec: directory({}),
    local: directory({ bin: directory({}) }),
    share: directory({
      zoneinfo: directory({ Etc: directory({ UTC: file("TZif2\0\0\0\0\0\0\0\n") }) }),
    }),
  };
}
