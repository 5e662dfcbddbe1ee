/** One call to many nodes: all at once, answers as they arrive, failures in their place (spec/client.md, 3.3). */

import { mergeArrivals } from "../merge_arrivals.ts";
import { splitAggregated } from "./aggregated.ts";
import { asError, type Invoke, messagesOf, type MethodCall, onlyOne } from "./stub.ts";
import type { CallOptions, FanOutStub, NodeResult, ServiceDefinition } from "./talos.ts";

/** The service of each of these nodes; a node that stands there twice is asked twice. */
export function createFanOutStub<D extends ServiceDefinition>(
  definition: D,
  nodes: readonly string[],
  invokeOn: (node: string) => Invoke,
): FanOutStub<D> {
  const methods = Object.entries(definition.methods).map(([key, method]) => [
    key,
    (request: unknown, options: CallOptions = {}) =>
      fanOut(
        nodes.map((node) => ({
          node,
          call: { service: definition.fullName, method, invoke: invokeOn(node) },
        })),
        request,
        options,
      ),
  ]);
  // The methods were built from the very definition that the type is made of.
  return Object.fromEntries(methods) as FanOutStub<D>;
}

interface NodeCall {
  node: string;
  call: MethodCall;
}

async function* fanOut(
  calls: readonly NodeCall[],
  request: unknown,
  options: CallOptions,
): AsyncGenerator<NodeResult<unknown>> {
  const left = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, left.signal]) : left.signal;
  try {
    yield* mergeArrivals(
      calls.map((call) => resultsOf(call, request, { ...options, signal })),
    );
  } finally {
    left.abort();
  }
}

/** The results of one node; they end with its failure, which is never thrown. */
async function* resultsOf(
  { node, call }: NodeCall,
  request: unknown,
  options: CallOptions,
): AsyncGenerator<NodeResult<unknown>> {
  try {
    const messages = messagesOf(call, request, options);
    if (call.method.responseStream) {
      for await (const value of messages) yield { node, value };
      return;
    }
    const { value, error } = splitAggregated(call.service, await onlyOne(messages));
    if (value !== undefined) yield { node, value };
    if (error) yield { node, error };
  } catch (error) {
    yield { node, error: asError(error) };
  }
}
