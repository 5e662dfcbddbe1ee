/** MachineService: what runs on a node and what it has open: processes, mounts, sockets (spec/machine-read.md, 5, 7, 8). */

import { RpcError } from "../../../core/errors.ts";
import type { ConnectRecord, NetstatRequest } from "../../../proto/gen/machine/machine.ts";
import type { DeepPartial } from "../../../core/client/talos.ts";
import { implement } from "../service_group.ts";
import { mountsOf } from "../system/mounts.ts";
import { processesOf } from "../system/processes.ts";
import { socketsOf, type SystemSocket } from "../system/sockets.ts";

export const machineProcesses = implement("machine.MachineService", {
  processes: (_request, { cluster, node }) => {
    const processes = processesOf(node, cluster.clock.now()).map((process) => ({
      pid: process.pid,
      ppid: process.parentPid,
      state: process.state,
      threads: process.threads,
      cpuTime: process.cpuSeconds,
      virtualMemory: String(process.virtualBytes),
      residentMemory: String(process.residentBytes),
      command: process.command,
      executable: process.executable,
      args: process.arguments.join(" "),
      label: process.label,
    }));
    return { messages: [{ processes }] };
  },

  mounts: (_request, { node }) => {
    const stats = mountsOf(node).map(({ source, target, room }) => ({
      filesystem: source,
      size: String(room.sizeBytes),
      available: String(room.availableBytes),
      mountedOn: target,
    }));
    return { messages: [{ stats }] };
  },

  netstat: (request, { node }) => {
    const isWanted = socketFilter(request);
    const withProcesses = request.feature?.pid ?? false;
    const connectrecord = socketsOf(node).filter(isWanted)
      .map((socket) => connectRecord(socket, withProcesses));
    return { messages: [{ connectrecord }] };
  },
});

function socketFilter(
  { filter, l4proto, netns }: NetstatRequest,
): (socket: SystemSocket) => boolean {
  const states: Partial<Record<NetstatRequest["filter"], (socket: SystemSocket) => boolean>> = {
    ALL: () => true,
    CONNECTED: isConnected,
    LISTENING: (socket) => !isConnected(socket),
  };
  const hasState = states[filter];
  if (hasState === undefined) {
    throw new RpcError("InvalidArgument", `invalid filter: ${Number(filter)}`);
  }
  const isNamed = (namespace: string) => netns?.netns.includes(namespace) ?? false;
  const isThere = ({ networkNamespace }: SystemSocket) =>
    networkNamespace === undefined
      ? netns?.hostnetwork ?? false
      : netns?.allnetns || isNamed(networkNamespace);
  return (socket) => (l4proto?.[socket.family] ?? false) && isThere(socket) && hasState(socket);
}

/** Datagram sockets have no state to tell by: what counts is the other end. */
function isConnected({ remoteAddress, remotePort }: SystemSocket): boolean {
  return remotePort !== 0 && remoteAddress !== "0.0.0.0" && remoteAddress !== "::";
}

function connectRecord(
  socket: SystemSocket,
  withProcess: boolean,
): DeepPartial<ConnectRecord> {
  return {
    l4proto: socket.family,
    localip: socket.localAddress,
    localport: socket.localPort,
    remoteip: socket.remoteAddress,
    remoteport: socket.remotePort,
    state: socket.state,
    tr: socket.state === "TIME_WAIT" ? "TIMEWAIT" : "OFF",
    uid: socket.uid,
    inode: String(socket.inode),
    process: withProcess ? socket.process ?? {} : {},
    netns: socket.networkNamespace ?? "",
  };
}
