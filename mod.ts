/**
 * Talos Linux from TypeScript: contexts, calls to nodes, the command line, and simulated clusters.
 *
 * @module
 */

import { environmentVariable } from "./cli/host.ts";
import { libraryHost, type MainOptions } from "./cli/library_host.ts";
import type { Connection, ConnectOptions } from "./core/client/connect.ts";
import type { Talos } from "./core/client/talos.ts";
import type { GenerateInput } from "./core/machine_config/generate/input.ts";
import type { MachineConfigCheck, MachineConfigProblem } from "./core/machine_config/library.ts";
import type { SecretsBundle } from "./core/machine_config/secrets.ts";
import type { ConfigDocument } from "./core/machine_config/value.ts";
import type { ResourceEvent, ResourceQuery } from "./core/resources/library.ts";
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
 * Watches resources of a node: first those that are there, each as created, then `synced` (not for one alone), then
 * every change as it comes. A broken connection is made anew without a gap, for up to 15 minutes.
 *
 * @param talos What {@linkcode connect} gives, or a command's `ctx.talos`.
 * @returns Changes until the loop is left, which ends the call, or the signal aborts. It throws {@linkcode RpcError}
 * when the node refuses or knows no such type, and {@linkcode CliError} when the watch cannot go on.
 *
 * @example The members that a node knows now
 * ```ts
 * import { connect, startSandbox, watchResources } from "./mod.ts";
 *
 * await using sandbox = await startSandbox({ controlPlanes: 1, workers: 1 });
 * await using talos = await connect({ talosconfig: await sandbox.talosconfig() });
 * const members = new Set<string>();
 * for await (const event of watchResources(talos, { node: "10.5.0.2", type: "members" })) {
 *   if (event.kind === "synced") break;
 *   members.add(event.resource.id);
 * }
 * if (members.size !== 2) throw new Error("expected both nodes");
 * ```
 */
export async function* watchResources(
  talos: Talos,
  query: ResourceQuery,
): AsyncGenerator<ResourceEvent> {
  const { resourceEvents } = await import("./core/resources/library.ts");
  yield* resourceEvents(talos, query);
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

/**
 * Makes the secrets of a new cluster. It takes seconds, for an RSA key.
 *
 * @param talosVersion Such as `v1.12`: what the nodes run; default the current one.
 * @throws {CliError} When that is no version.
 *
 * @example
 * ```ts
 * import { generateSecrets } from "./mod.ts";
 *
 * const { certificates } = await generateSecrets("v1.6");
 * if (!certificates.os?.certificatePem.startsWith("-----BEGIN")) throw new Error("expected a CA");
 * ```
 */
export async function generateSecrets(talosVersion = ""): Promise<SecretsBundle> {
  const { generateSecrets } = await import("./core/machine_config/secrets_generate.ts");
  const { parseVersionContract } = await import("./core/machine_config/version_contract.ts");
  return await generateSecrets({ contract: parseVersionContract(talosVersion), now: new Date() });
}

/**
 * Reads a secrets file, as `talosctl gen secrets` writes it, and checks every key and certificate in it.
 *
 * @throws {CliError} With all that is wrong.
 *
 * @example
 * ```ts
 * import { CliError, parseSecrets } from "./mod.ts";
 *
 * const error = await parseSecrets("cluster: {}").catch((error) => error);
 * if (!(error instanceof CliError)) throw new Error("expected a list of what is required");
 * ```
 */
export async function parseSecrets(text: string): Promise<SecretsBundle> {
  const { loadSecrets } = await import("./core/machine_config/secrets_load.ts");
  const options = { skipsKubernetes: false, now: new Date() };
  return await loadSecrets(new TextEncoder().encode(text), options);
}

/**
 * Makes the machine configuration of a node, as `talosctl gen config` does; nothing in it is random.
 *
 * @returns YAML of one or more documents, without comments.
 * @throws {CliError} When the endpoint is no URL.
 *
 * @example A worker for Talos 1.6
 * ```ts
 * import { generateMachineConfig, generateSecrets, validateMachineConfig } from "./mod.ts";
 *
 * const config = await generateMachineConfig({
 *   machineType: "worker",
 *   clusterName: "lab",
 *   endpoint: "https://10.5.0.1:6443",
 *   secrets: await generateSecrets("v1.6"),
 *   contract: { major: 1, minor: 6 },
 * });
 * const problems = await validateMachineConfig(config, { mode: "metal" });
 * if (problems.length !== 0) throw new Error(problems[0]?.text);
 * ```
 */
export async function generateMachineConfig(input: GenerateInput): Promise<string> {
  const { machineConfigText } = await import("./core/machine_config/library.ts");
  return machineConfigText(input);
}

/**
 * Loads a machine configuration into its documents, each of a known kind.
 *
 * @returns Values by key as Maps; what is not set is not there.
 * @throws {CliError} With line and column, for the first thing that cannot be read.
 *
 * @example
 * ```ts
 * import { loadMachineConfig } from "./mod.ts";
 *
 * const [document] = await loadMachineConfig("apiVersion: v1alpha1\nkind: LinkConfig\nname: eth0\n");
 * if (document?.kind !== "LinkConfig" || document.name !== "eth0") throw new Error("expected eth0");
 * ```
 */
export async function loadMachineConfig(text: string): Promise<ConfigDocument[]> {
  const { loadConfig } = await import("./core/machine_config/load.ts");
  return await loadConfig(text);
}

/**
 * Applies patches in their order, as `talosctl machineconfig patch` does.
 *
 * @param patches Each a piece of configuration to merge or a list of JSON patch operations; `@file` reads one.
 * @throws {CliError} When configuration or patch cannot be read, or the patch does not apply.
 *
 * @example
 * ```ts
 * import { patchMachineConfig } from "./mod.ts";
 *
 * const config = "machine:\n    type: worker\n    token: t\ncluster: {}\n";
 * const patched = await patchMachineConfig(config, ["machine: {sysctls: {vm.swappiness: '1'}}"]);
 * if (!patched.includes('vm.swappiness: "1"')) throw new Error(patched);
 * ```
 */
export async function patchMachineConfig(
  text: string,
  patches: readonly string[],
): Promise<string> {
  const { patchText } = await import("./core/machine_config/library.ts");
  return await patchText(text, patches);
}

/**
 * Checks a machine configuration, as `talosctl validate` does: everything at once.
 *
 * @returns Errors and warnings, each with its line and column; none for a configuration that nodes take.
 *
 * @example
 * ```ts
 * import { validateMachineConfig } from "./mod.ts";
 *
 * const text = "apiVersion: v1alpha1\nkind: LinkConfig\nname: eth0\nmut: 1500\n";
 * const [problem] = await validateMachineConfig(text, { mode: "metal" });
 * if (problem?.severity !== "error" || problem.line !== 1) throw new Error(problem?.text);
 * ```
 */
export async function validateMachineConfig(
  text: string,
  check: MachineConfigCheck,
): Promise<MachineConfigProblem[]> {
  const { problemsOf } = await import("./core/machine_config/library.ts");
  return await problemsOf(text, check);
}

export type {
  ConfigDocument,
  GenerateInput,
  MachineConfigCheck,
  MachineConfigProblem,
  SecretsBundle,
};
export type { MachineType } from "./core/machine_config/generate/input.ts";
export type { ConfigMap, ConfigValue } from "./core/machine_config/value.ts";
export type { VersionContract } from "./core/machine_config/version_contract.ts";
export type {
  Authority,
  KeyedCertificate,
  KeyUsage,
  LeafRequest,
  Validity,
} from "./core/pki/authority.ts";
export type {
  Connection,
  ConnectOptions,
  MainOptions,
  Sandbox,
  SandboxOptions,
  Talos,
  Talosconfig,
};
export type { ResourceEvent, ResourceQuery };
export type { PlainData, TalosResource } from "./core/resources/library.ts";
export type { ResourceMetadata } from "./core/resources/metadata.ts";
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
  InspectedPlugin,
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
  TerminalEvent,
  TerminalHold,
  TerminalSize,
} from "./core/command.ts";
export { CliError, RpcError, statusNames } from "./core/errors.ts";
export type { CliErrorOptions, StatusName } from "./core/errors.ts";
export type { Plugin, Registry } from "./core/plugin.ts";
export type {
  PermissionList,
  PluginPermissions,
  PluginRights,
  RpcGrant,
} from "./core/plugin_manifest.ts";
export type { TalosconfigFile } from "./core/talosconfig/file.ts";
export type { TalosconfigAuth, TalosconfigContext } from "./core/talosconfig/talosconfig.ts";
export type { CallRecord } from "./plugins/sandbox/call.ts";
export type { ClusterPki } from "./plugins/sandbox/certificates.ts";
export type { SandboxClock } from "./plugins/sandbox/clock.ts";
export type { FaultKind, faultKinds } from "./plugins/sandbox/fault_kinds.ts";
export type { FaultOptions } from "./plugins/sandbox/faults.ts";
export type { ConfigPatches } from "./plugins/sandbox/machine_config.ts";
export type { MachineStage, NodeVersion, Platform, SandboxNode } from "./plugins/sandbox/node.ts";
export type { Services } from "./proto/gen/services.ts";
