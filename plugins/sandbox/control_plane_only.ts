/** Methods that only a control plane serves (spec/client.md, 4.6). */

import { RpcError } from "../../core/errors.ts";
import type { SandboxNode } from "./node.ts";

/** Refuses on workers and on nodes without a configuration; `what` stands in the text. */
export function requireControlPlane({ machineType }: SandboxNode, what: string): void {
  if (machineType === "controlplane") return;
  throw new RpcError("Unimplemented", `${what} is only available on control plane nodes`);
}
