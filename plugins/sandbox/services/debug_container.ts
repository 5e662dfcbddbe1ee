/** DebugService: a container on the node, connected to the caller (spec/machine-ops.md, 11 and 16.6). */

import { RpcError } from "../../../core/errors.ts";
import type {
  DebugContainerRunRequest,
  DebugContainerRunRequestSpec,
} from "../../../proto/gen/machine/debug.ts";
import type { SandboxNode } from "../node.ts";
import { implement } from "../service_group.ts";
import { type RunningContainer, startContainer } from "../system/container_process.ts";
import { imageNamespace } from "./images.ts";

export const debugContainer = implement("machine.DebugService", {
  containerRun: async function* (requests, { node, cluster, signal }) {
    const messages = requests[Symbol.asyncIterator]();
    const { value: first } = await messages.next();
    const { args, tty } = checkSpec(node, first?.spec);
    const { clock } = cluster;
    const container = startContainer({ args, hasTerminal: tty, clock, signal });
    if (container === undefined) throw notExecutable(args[0] ?? "");
    // It goes on until the caller is gone, whose absence ends the container.
    feed(container, messages).catch(() => {});
    for await (const stdoutData of container.output) yield { stdoutData };
    yield { exitCode: await container.exitCode };
  },
});

function checkSpec(
  node: SandboxNode,
  spec: DebugContainerRunRequestSpec | undefined,
): DebugContainerRunRequestSpec {
  if (spec === undefined) {
    throw new RpcError("InvalidArgument", "expected debug container spec");
  }
  const { containerd, imageName, profile } = spec;
  if (profile !== "PROFILE_PRIVILEGED") {
    throw new RpcError("InvalidArgument", `unsupported debug container profile: ${profile}`);
  }
  if (!node.images[imageNamespace(containerd)].has(imageName)) {
    const reason = `image "${imageName}": not found`;
    throw new RpcError("NotFound", `image ${imageName} not found: ${reason}`);
  }
  return spec;
}

/** Hands on what the caller sends. */
async function feed(
  container: RunningContainer,
  messages: AsyncIterator<DebugContainerRunRequest>,
): Promise<void> {
  while (true) {
    const { value, done } = await messages.next();
    if (done) return container.endInput();
    const { stdinData, signal, termResize } = value;
    if (stdinData !== undefined) container.input(stdinData);
    if (signal !== undefined) container.kill(signal);
    if (termResize !== undefined) container.resize(termResize);
  }
}

function notExecutable(name: string): RpcError {
  return new RpcError(
    "Unknown",
    "failed to create task: failed to create shim task: OCI runtime create failed: runc create failed: " +
      `unable to start container process: exec: "${name}": executable file not found in $PATH`,
  );
}
