/** MachineService: the logs of a node's services and containers, and of its kernel (spec/machine-read.md, 11, 12, 28.4). */

import { concatBytes } from "../../../core/bytes.ts";
import { RpcError } from "../../../core/errors.ts";
import type { LogsRequest } from "../../../proto/gen/machine/machine.ts";
import type { SandboxNode } from "../node.ts";
import { implement } from "../service_group.ts";
import { findPodContainer, isSandboxId } from "../system/containers.ts";
import { inPieces } from "../system/file_tree.ts";
import type { GrowingLog } from "../system/growing_log.ts";
import { formatKernelRecord } from "../system/kernel_log.ts";
import { checkInspector } from "./machine_containers.ts";

/** Talos streams in pieces of this length, wherever they cut a line (28.5). */
const pieceBytes = 1024;
const blockLines = 1000;

export const machineLogs = implement("machine.MachineService", {
  logsContainers: (_request, { node }) => ({ messages: [{ ids: [...node.system.logs.ids()] }] }),

  logs: async function* (request, { node, signal }) {
    const log = findLog(node, request);
    const { entries, end } = log.snapshot();
    const { tailLines, follow } = request;
    const shown = tailLines < 0 ? entries : entries.slice(Math.max(0, entries.length - tailLines));
    // Not `yield*`, which has each piece wait its turn three times here.
    for (const data of dataOf(shown)) yield data;
    if (!follow) return;
    for await (const line of log.follow(end, signal)) yield* dataOf([line]);
  },

  dmesg: async function* ({ follow, tail }, { node, signal }) {
    const encoder = new TextEncoder();
    const { entries, end } = node.system.kernelLog.snapshot();
    const { bootedAt } = node;
    if (!tail) {
      for (const record of entries) {
        yield { bytes: encoder.encode(formatKernelRecord(record, bootedAt)) };
      }
    }
    if (!follow) return;
    for await (const record of node.system.kernelLog.follow(end, signal)) {
      yield { bytes: encoder.encode(formatKernelRecord(record, bootedAt)) };
    }
  },
});

function findLog(
  node: SandboxNode,
  { namespace, driver, id }: LogsRequest,
): GrowingLog<string> {
  const { logs } = node.system;
  if (namespace === "") throw new RpcError("InvalidArgument", "namespace can't be empty");
  if (namespace === "system" || id === "kubelet") {
    const log = logs.find(id);
    if (log === undefined) throw new RpcError("Unknown", `log "${id}" was not registered`);
    return log;
  }
  checkInspector(namespace, driver);
  if (isSandboxId(node, id)) throw new RpcError("Unknown", "no log available");
  const [container] = findPodContainer(node, id) ?? [];
  if (container === undefined) throw new RpcError("Unknown", `container "${id}" not found`);
  return logs.ofContainer(container);
}

function* dataOf(lines: readonly string[]): Generator<{ bytes: Uint8Array }> {
  const encoder = new TextEncoder();
  let rest = new Uint8Array();
  for (let at = 0; at < lines.length; at += blockLines) {
    const text = lines.slice(at, at + blockLines).join("\n") + "\n";
    const block = concatBytes([rest, encoder.encode(text)]);
    const end = block.length - block.length % pieceBytes;
    for (const bytes of inPieces([block.subarray(0, end)], pieceBytes)) yield { bytes };
    rest = block.subarray(end);
  }
  if (rest.length > 0) yield { bytes: rest };
}
