/** The sockets of a node: its services listen, talk to each other and to the other members; pods have theirs apart. */

import type { SandboxNode } from "../node.ts";
import { servicePid } from "./processes.ts";

/** The files below `/proc/net` in which the kernel lists sockets, in the order that Talos reads them. */
const socketFamilies = [
  "tcp",
  "tcp6",
  "udp",
  "udp6",
  "udplite",
  "udplite6",
  "raw",
  "raw6",
] as const;

/** One of the families. */
export type SocketFamily = typeof socketFamilies[number];

/** The states that occur here. */
export type SocketState = "LISTEN" | "ESTABLISHED" | "TIME_WAIT" | "CLOSE";

/** A socket. */
export interface SystemSocket {
  family: SocketFamily;
  localAddress: string;
  localPort: number;
  remoteAddress: string;
  remotePort: number;
  state: SocketState;
  uid: number;
  /** 0 where no process has it any more. */
  inode: number;
  process: { pid: number; name: string } | undefined;
  /** Undefined in the namespace of the host. */
  networkNamespace: string | undefined;
}

/** The sockets of a node, by namespace and family. */
export function socketsOf(node: SandboxNode): readonly SystemSocket[] {
  const address = node.addresses[0] ?? "";
  const sockets: Omit<SystemSocket, "inode">[] = [
    ...initSockets,
    ...[...node.services.values()].filter(({ state }) => state === "Running")
      .flatMap((service) => {
        const pid = servicePid(service);
        return pid === undefined ? [] : serviceSockets(service.kind.id, pid, address);
      }),
    ...node.system.pods.flatMap(({ networkNamespace, address, containers }) =>
      networkNamespace === undefined
        ? []
        : containers.flatMap(({ name, pid }) =>
          podSockets(address, { pid, name }).map((socket) => ({ ...socket, networkNamespace }))
        )
    ),
  ];
  const order = ({ family, networkNamespace }: Omit<SystemSocket, "inode">) =>
    socketFamilies.indexOf(family) + (networkNamespace === undefined ? 0 : 100);
  return sockets
    .sort((one, other) => order(one) - order(other))
    .map((socket, index) => ({
      ...socket,
      inode: socket.process === undefined ? 0 : 18_204 + index * 7,
    }));
}

const init = { pid: 1, name: "init" };
const initSockets: readonly Omit<SystemSocket, "inode">[] = [
  listening("tcp", "127.0.0.1:7445", init),
  listening("tcp", "169.254.116.108:53", init),
  listening("tcp", "127.0.0.53:53", init),
  waiting("udp", "169.254.116.108:53", init),
  waiting("udp", "127.0.0.53:53", init),
];

function serviceSockets(
  id: string,
  pid: number,
  address: string,
): readonly Omit<SystemSocket, "inode">[] {
  switch (id) {
    case "apid":
      return [
        listening("tcp6", ":::50000", { pid, name: "apid" }, 50),
        connected("tcp6", `${address}:50000`, "10.5.0.1:47726", { pid, name: "apid" }, 50),
        connected("tcp6", `${address}:50000`, "10.5.0.1:47688", undefined),
      ];
    case "trustd":
      return [listening("tcp6", ":::50001", { pid, name: "trustd" }, 51)];
    case "cri":
      return [listening("tcp", "127.0.0.1:35679", { pid, name: "containerd" })];
    case "kubelet":
      return [
        listening("tcp", "127.0.0.1:10248", { pid, name: "kubelet" }),
        listening("tcp6", ":::10250", { pid, name: "kubelet" }),
        connected("tcp", "127.0.0.1:41202", "127.0.0.1:7445", { pid, name: "kubelet" }),
        connected("tcp", "127.0.0.1:7445", "127.0.0.1:41202", init),
      ];
    case "etcd": {
      const etcd = { pid, name: "etcd" };
      return [
        listening("tcp6", ":::2379", etcd, 60),
        listening("tcp6", ":::2380", etcd, 60),
        listening("tcp6", ":::2383", etcd, 60),
        connected("tcp6", "::1:2379", "::1:40194", etcd, 60),
        connected("tcp6", "::1:40194", "::1:2379", init),
      ];
    }
    default:
      return [];
  }
}

function podSockets(address: string, process: { pid: number; name: string }) {
  return [
    listening("tcp6", ":::53", process),
    listening("tcp6", ":::8080", process),
    connected("tcp", `${address}:50312`, "10.96.0.1:443", process),
    waiting("udp6", ":::53", process),
  ];
}

function listening(
  family: SocketFamily,
  local: string,
  process: SystemSocket["process"],
  uid = 0,
): Omit<SystemSocket, "inode"> {
  return socket(family, "LISTEN", { local, remote: unspecified(family), process, uid });
}

/** Waiting for datagrams, which have no connection: the kernel calls that closed. */
function waiting(
  family: SocketFamily,
  local: string,
  process: SystemSocket["process"],
): Omit<SystemSocket, "inode"> {
  return socket(family, "CLOSE", { local, remote: unspecified(family), process, uid: 0 });
}

/** A connection; one that no process has any more is kept for late packets. */
function connected(
  family: SocketFamily,
  local: string,
  remote: string,
  process: SystemSocket["process"],
  uid = 0,
): Omit<SystemSocket, "inode"> {
  const state = process === undefined ? "TIME_WAIT" : "ESTABLISHED";
  return socket(family, state, { local, remote, process, uid });
}

function socket(
  family: SocketFamily,
  state: SocketState,
  { local, remote, process, uid }: {
    local: string;
    remote: string;
    process: SystemSocket["process"];
    uid: number;
  },
): Omit<SystemSocket, "inode"> {
  const [localAddress, localPort] = splitPort(local);
  const [remoteAddress, remotePort] = splitPort(remote);
  return {
    family,
    state,
    localAddress,
    localPort,
    remoteAddress,
    remotePort,
    process,
    uid,
    networkNamespace: undefined,
  };
}

function unspecified(family: SocketFamily): string {
  return family.endsWith("6") ? ":::0" : "0.0.0.0:0";
}

function splitPort(text: string): readonly [address: string, port: number] {
  const colon = text.lastIndexOf(":");
  return [text.slice(0, colon), Number(text.slice(colon + 1))];
}
