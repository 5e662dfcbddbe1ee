/** The calls that a confined plugin asks for, made with the user's credentials, which it never sees. */

import { serviceLoaders } from "../../proto/gen/services.ts";
import type { CallOptions, ServiceDefinition, Talos } from "../client/talos.ts";
import type { Context } from "../command.ts";
import { CliError, RpcError } from "../errors.ts";
import type { ConfinedPlugin } from "./confined.ts";
import type { WireCall, WireMethod, WireService, WireTarget } from "./messages.ts";
import { plainValue } from "./plain_value.ts";
import { checkGranted } from "./rpc_filter.ts";
import { sensitiveTypes } from "./sensitive_resources.ts";
import { wireError } from "./wire_error.ts";

/** Makes calls for one plugin. */
export interface HostCalls {
  methods(of: WireService): Promise<WireMethod[]>;
  /** One answer. */
  call(call: WireCall, signal: AbortSignal): Promise<unknown>;
  /** Any number of answers; those of many nodes with the failures of nodes as `nodeError`. */
  stream(
    call: WireCall,
    options: { signal: AbortSignal; requests: AsyncIterable<unknown> | undefined },
  ): AsyncGenerator<unknown>;
}

/** What a method was found to be. */
interface Method {
  invoke: (request: unknown, options: CallOptions) => unknown;
  answersMany: boolean;
}

/** @param protos The plugin's `.proto` files, known by the time it calls anything. */
export function hostCalls(
  plugin: ConfinedPlugin,
  context: Context,
  protos: readonly URL[],
): HostCalls {
  const definitions = new Map<string, Promise<ServiceDefinition>>();
  const definitionOf = ({ service, isOwn }: WireService) => {
    const key = `${isOwn} ${service}`;
    const known = definitions.get(key) ??
      (isOwn ? ownDefinition(service, protos, context) : officialDefinition(service));
    definitions.set(key, known);
    return known;
  };

  const sensitive = sensitiveTypes(context.talos);
  const find = async (call: WireCall): Promise<Method> => {
    const definition = await definitionOf(call);
    const method = Object.hasOwn(definition.methods, call.method)
      ? definition.methods[call.method]
      : undefined;
    if (method === undefined) throw new CliError(`${call.service} has no "${call.method}"`);
    checkGranted(plugin, definition.fullName, method.name);
    await checkTarget(call.target, context);
    if (plugin.rights.rpcs === "read-only" && definition.fullName === "cosi.resource.State") {
      if (call.isOwn) throw new CliError(`${call.service} is no service of the plugin's own`);
      const { target: { kind, ...named }, request } = call;
      const [node] = "nodes" in named ? named.nodes : "node" in named ? [named.node] : [];
      // A node in maintenance mode is not asked this way: it shows nothing sensitive to anybody.
      if (kind !== "maintenance") await sensitive.check(Object(request).type, node);
    }
    const target = targetOf(context.talos, call.target);
    const stub: Record<string, unknown> = call.isOwn
      ? await target.ownService(call.service)
      : await target.service(call.service as never);
    const invoke = stub[call.method];
    if (typeof invoke !== "function") throw new CliError(`${call.service} has no ${call.method}`);
    return {
      invoke: (request, options) => invoke(request, options),
      answersMany: method.responseStream || call.target.kind === "nodes",
    };
  };

  return {
    async methods(of) {
      const { methods } = await definitionOf(of);
      return Object.entries(methods).map(([key, { requestStream, responseStream }]) => ({
        key,
        sendsMany: requestStream,
        answersMany: responseStream,
      }));
    },

    async call(call, signal) {
      const { invoke } = await find(call);
      return plainValue(await invoke(call.request, callOptions(call, signal)));
    },

    async *stream(call, { signal, requests }) {
      const { invoke, answersMany } = await find(call);
      const answers = invoke(requests ?? call.request, callOptions(call, signal));
      if (!answersMany) return yield plainValue(await answers);
      for await (const answer of answers as AsyncIterable<unknown>) yield plainAnswer(answer);
    },
  };
}

function plainAnswer(answer: unknown): unknown {
  const { node, error } = Object(answer);
  return error instanceof Error
    ? { nodeError: { node, error: wireError(error) } }
    : plainValue(answer);
}

async function officialDefinition(service: string): Promise<ServiceDefinition> {
  if (Object.hasOwn(serviceLoaders, service)) {
    return await serviceLoaders[service as keyof typeof serviceLoaders]();
  }
  throw new CliError(`calling service "${service}": no such service is known`, {
    hint: `a plugin's own services are had by ownService("${service}")`,
  });
}

/** A parser's complaint quotes the file, which need not be the plugin's: it is for the user alone. */
async function ownDefinition(
  service: string,
  protos: readonly URL[],
  context: Context,
): Promise<ServiceDefinition> {
  const { loadPluginService } = await import("../client/plugin_services.ts");
  try {
    return await loadPluginService(service, protos);
  } catch (error) {
    if (!(error instanceof CliError) || error.cause === undefined) throw error;
    context.note(error.message);
    throw new CliError(`calling service "${service}": the plugin's .proto files cannot be read`);
  }
}

function targetOf(talos: Talos, target: WireTarget) {
  switch (target.kind) {
    case "any":
      return talos;
    case "node":
      return talos.node(target.node);
    case "maintenance":
      return talos.maintenance(target.node);
    case "nodes":
      return talos.nodes(target.nodes);
  }
}

/**
 * Nodes in maintenance mode are dialled themselves, which would lead a plugin to any address: only those that the user
 * has named are.
 */
async function checkTarget(target: WireTarget, context: Context): Promise<void> {
  const isInsecure = Reflect.get(context.flags, "insecure") === true;
  if (target.kind === "any" || (target.kind !== "maintenance" && !isInsecure)) return;
  const wanted = target.kind === "nodes" ? target.nodes : [target.node];
  const named = await context.nodes();
  const other = wanted.find((node) => !named.includes(node));
  if (other === undefined) return;
  throw new CliError(`dialling node ${other}: a plugin may do so only with nodes of --nodes`);
}

/** Metadata decides who is asked, and as whom: that is the user's. */
function callOptions(
  { timeoutMs, joinsData, metadata = {} }: WireCall,
  signal: AbortSignal,
): CallOptions {
  const taken = Object.keys(metadata).find((key) => !/^x-(?!sidero|talos)/.test(key));
  if (taken !== undefined) {
    throw new RpcError("InvalidArgument", `metadata "${taken}" is not a plugin's to set`);
  }
  return {
    signal,
    ...(typeof timeoutMs === "number" ? { timeoutMs } : {}),
    ...(joinsData === true ? { joinsData } : {}),
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
  };
}
