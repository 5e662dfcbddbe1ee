/**
 * Talos Linux from TypeScript: contexts, calls to nodes, the command line, and simulated clusters.
 *
 * @module
 */

import { environmentVariable } from "./cli/host.ts";
import { libraryHost, type MainOptions } from "./cli/library_host.ts";
import type { Connection, ConnectOptions } from "./core/client/connect.ts";
import type { Talosconfig } from "./core/talosconfig/talosconfig.ts";
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

/**
 * Connects to a cluster. Nothing is read or dialled before the first call.
 *
 * @returns Typed services of the endpoint, of one node, or of many at once. A call to one target
 * rejects with {@linkcode RpcError} when it fails, or with {@linkcode CliError} when the configuration
 * is of no use; a call to many gives each node's failure in the place of its answer. Dispose of it to
 * end its connections, or the process stays alive.
 *
 * @example The version of a node
 * ```ts
 * import { connect, startSandbox } from "./mod.ts";
 *
 * await using sandbox = await startSandbox();
 * await using talos = await connect({ talosconfig: await sandbox.talosconfig() });
 * const machine = await talos.node("10.5.0.2").service("machine.MachineService");
 * const { messages } = await machine.version({});
 * if (messages[0]?.version?.tag !== "v1.14.0-beta.1") throw new Error("expected the default version");
 * ```
 */
export async function connect(options: ConnectOptions = {}): Promise<Connection> {
  const { openConnection } = await import("./core/client/connect.ts");
  return openConnection(options, environmentVariable);
}

/**
 * Reads a talosconfig.
 *
 * @param path Default: the file that `talosctl` would use.
 * @throws {CliError} When it does not exist, cannot be read or is broken; the text says which.
 *
 * @example
 * ```ts
 * import { loadTalosconfig, startSandbox } from "./mod.ts";
 *
 * await using sandbox = await startSandbox({ name: "lab" });
 * const path = await Deno.makeTempFile();
 * await sandbox.writeTalosconfig(path);
 * const { context } = await loadTalosconfig(path);
 * await Deno.remove(path);
 * if (context !== "lab") throw new Error("expected the sandbox's context");
 * ```
 */
export async function loadTalosconfig(path?: string): Promise<Talosconfig> {
  const { loadTalosconfigFile } = await import("./core/client/connect.ts");
  return await loadTalosconfigFile(path, environmentVariable);
}

/**
 * Runs one command line in this process: nothing is ended, and nothing printed but to the streams given.
 *
 * @param argv The words after `talosctl`.
 * @returns The exit status: 0, or what the command reports failures with. Errors are printed to
 * `stderr`, as on the command line; it rejects only when a stream cannot be written to.
 *
 * @example
 * ```ts
 * import { main } from "./mod.ts";
 *
 * const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
 * const status = main(["version", "--client", "--short"], { env: {}, stdout: writable })
 *   .finally(() => writable.close());
 * const text = await new Response(readable).text();
 * if (await status !== 0 || !text.startsWith("Client:\nTalos v1.14")) throw new Error(text);
 * ```
 */
export async function main(argv: readonly string[], options: MainOptions = {}): Promise<number> {
  const { run } = await import("./cli/run.ts");
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  return await run(argv, libraryHost({ root: new URL(".", import.meta.url), extension }, options));
}

export type { Connection, ConnectOptions, MainOptions, Sandbox, SandboxOptions, Talosconfig };
export type { ClientCredentials } from "./core/client/connect.ts";
export type {
  CallOptions,
  DeepPartial,
  FanOutStub,
  MessageCodec,
  MessageOf,
  MethodDefinition,
  NodeResult,
  RequestOf,
  ResponseOf,
  Sent,
  ServiceDefinition,
  ServiceName,
  Stub,
  Talos,
  Target,
  Targets,
  UntypedStub,
} from "./core/client/talos.ts";
export type {
  Args,
  Column,
  Command,
  CommandSpec,
  Completer,
  CompletionResult,
  Context,
  Entry,
  Flag,
  Flags,
  FlagsOf,
  FlagType,
  FlagValues,
  Layout,
  LayoutInput,
  NodeError,
  OutputFormat,
  PluginHost,
  Progress,
  ProgressState,
  Prompt,
  Provisioner,
  RenderContext,
  StreamInfo,
  TableFlush,
  TalosconfigAccess,
  TalosconfigFlags,
  Terminal,
} from "./core/command.ts";
export { CliError, RpcError, statusNames } from "./core/errors.ts";
export type { CliErrorOptions, StatusName } from "./core/errors.ts";
export type { Plugin, Registry } from "./core/plugin.ts";
export type { TalosconfigFile } from "./core/talosconfig/file.ts";
export type { TalosconfigAuth, TalosconfigContext } from "./core/talosconfig/talosconfig.ts";
export type { CallRecord } from "./plugins/sandbox/call.ts";
export type { ClusterPki } from "./plugins/sandbox/certificates.ts";
export type { SandboxClock } from "./plugins/sandbox/clock.ts";
export type { FaultKind } from "./plugins/sandbox/fault_kinds.ts";
export type { FaultOptions } from "./plugins/sandbox/faults.ts";
export type { Platform, SandboxNode } from "./plugins/sandbox/node.ts";
export type { Services } from "./proto/gen/services.ts";
