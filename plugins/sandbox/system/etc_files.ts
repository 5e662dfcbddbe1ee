/** `/etc` of a node: what its image brings, and what Talos writes from its configuration. */

import type { SandboxNode } from "../node.ts";
import { seededRandom } from "../random.ts";
import type { Entries, FileMaker } from "./file_maker.ts";

/** Makers for what Talos writes, what the image brings, and what is kept on disk. */
export interface EtcMakers {
  node: SandboxNode;
  etc: FileMaker;
  image: FileMaker;
  disk: FileMaker;
}

/** What is in `/etc`. */
export function etcFiles({ node, etc, image, disk }: EtcMakers): Entries {
  const { file } = image;
  return {
    cni: disk.directory({
      "net.d": disk.directory(node.machineType === "unknown" ? {} : cniFiles(disk)),
    }),
    containerd: image.directory({ "config.toml": file(containerdConfig) }),
    cri: etc.directory({
      "conf.d": etc.directory({
        "00-base.part": etc.file(criBase),
        "base-spec.json": etc.file('{"ociVersion":"1.2.1","process":{"user":{"uid":0,"gid":0}}}\n'),
        "cri.toml": etc.file(criBase),
        hosts: etc.directory({
          _default: etc.directory({
            "hosts.toml": etc.file('server = ""\n', { permissions: 0o600 }),
          }),
        }),
      }),
      "containerd.toml": file(criConfig),
    }),
    "extensions.yaml": file(""),
    hostname: etc.file(`${node.hostname}\n`),
    hosts: etc.file(hosts(node)),
    kubernetes: disk.directory(node.machineType === "unknown" ? {} : kubernetesFiles(node, disk)),
    localtime: image.link("/usr/share/zoneinfo/Etc/UTC"),
    lvm: image.directory({ "lvm.conf": file("devices {\n    use_devicesfile = 0\n}\n") }),
    "machine-id": etc.file(machineId(node), { permissions: 0o444 }),
    "nfsmount.conf": file("[ NFSMount_Global_Options ]\nnfsvers=4.2\n"),
    "os-release": etc.file(osRelease(node.version.tag)),
    "resolv.conf": etc.file("nameserver 127.0.0.53\n"),
    selinux: image.directory({
      targeted: image.directory({
        contexts: image.directory({
          files: image.directory({
            file_contexts: file("/etc(/.*)? system_u:object_r:etc_t:s0\n"),
          }),
        }),
      }),
    }),
    ssl: etc.directory({
      certs: etc.directory({ "ca-certificates.crt": etc.file(certificateBundle()) }),
    }),
  };
}

function kubernetesFiles(node: SandboxNode, { directory, file }: FileMaker): Entries {
  const secret = { permissions: 0o600 };
  const address = `https://${node.addresses[0]}:6443`;
  return {
    "bootstrap-kubeconfig": file(
      `apiVersion: v1\nkind: Config\nclusters:\n- name: local\n  cluster:\n    server: ${address}\n`,
      secret,
    ),
    "kubelet.yaml": file(
      "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n",
      secret,
    ),
    "kubeconfig-kubelet": file(`apiVersion: v1\nkind: Config\n`, secret),
    manifests: directory({}),
    pki: directory({ "ca.crt": file(certificateBundle(), { permissions: 0o400 }) }),
  };
}

function cniFiles({ file }: FileMaker): Entries {
  return { "10-flannel.conflist": file('{"name":"cbr0","cniVersion":"1.0.0","plugins":[]}\n') };
}

/** The id of a machine: 32 hex digits, without an end of line. */
function machineId({ nodeId }: SandboxNode): string {
  return seededRandom(0, `machine-id of ${nodeId}`).bytes(16).toHex();
}

/** `/etc/os-release` of a version. */
function osRelease(tag: string): string {
  return `NAME="Talos"
ID=talos
VERSION_ID=${tag}
PRETTY_NAME="Talos (${tag})"
HOME_URL="https://www.talos.dev/"
BUG_REPORT_URL="https://github.com/siderolabs/talos/issues"
VENDOR_NAME="Sidero Labs"
VENDOR_URL="https://www.siderolabs.com/"
`;
}

function hosts({ addresses, hostname }: SandboxNode): string {
  const own = addresses.map((address) => `${address.padEnd(9)} ${hostname}\n`);
  return `127.0.0.1 localhost
${own.join("")}::1       localhost ip6-localhost ip6-loopback
ff02::1   ip6-allnodes
ff02::2   ip6-allrouters
`;
}

const containerdConfig = `version = 3
disabled_plugins = ["io.containerd.grpc.v1.cri"]

[debug]
level = "info"
`;

const criConfig = `version = 3
imports = ["/etc/cri/conf.d/cri.toml"]

[debug]
level = "info"
`;

const criBase = `[plugins."io.containerd.cri.v1.images"]
discard_unpacked_layers = true

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
base_runtime_spec = "/etc/cri/conf.d/base-spec.json"
`;

/** As long as a real one, so that copying it takes more than one piece. */
function certificateBundle(): string {
  const random = seededRandom(0, "certificate authorities of the world");
  return Array.from({ length: 40 }, () => {
    const lines = Array.from({ length: 20 }, () => random.bytes(48).toBase64());
    return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
  }).join("");
}
