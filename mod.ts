/**
 * Talos Linux from TypeScript: contexts, calls to nodes, the command line, and simulated clusters.
 *
 * @module
 */

import type { Sandbox, SandboxOptions } from "./plugins/sandbox/start.ts";

/**
 * Starts a simulated Talos cluster in this process: real TLS endpoints on loopback addresses, nodes
 * behind them that tell one consistent story.
 *
 * @returns When its endpoints listen. Dispose of it to close them.
 *
 * @example
 * ```ts
 * import { startSandbox } from "./mod.ts";
 *
 * await using sandbox = await startSandbox({ controlPlanes: 1 });
 * if (sandbox.endpoints.length !== 1) throw new Error("expected one endpoint");
 * ```
 */
export async function startSandbox(options?: SandboxOptions): Promise<Sandbox> {
  const { startSandbox } = await import("./plugins/sandbox/start.ts");
  return await startSandbox(options);
}

export type { Sandbox, SandboxOptions };
