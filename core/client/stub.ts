/** Typed stubs: a service's methods as functions, over anything that carries bytes to one target. */

import { CliError, RpcError } from "../errors.ts";
import { splitAggregated } from "./aggregated.ts";
import { joinData } from "./join_data.ts";
import type { CallOptions, MethodDefinition, ServiceDefinition, Stub } from "./talos.ts";

/** Carries one call to a target, and gives what has arrived, one or more messages at a time; what the target is, and all that goes with it, is its own. */
export type Invoke = (
  path: string,
  requests: readonly Uint8Array[] | AsyncIterable<Uint8Array>,
  options: CallOptions,
) => AsyncIterable<readonly Uint8Array[]>;

/** The service of the target behind `invoke`. */
export function createStub<D extends ServiceDefinition>(definition: D, invoke: Invoke): Stub<D> {
  const methods = Object.entries(definition.methods).map(([key, method]) => {
    const answers = (request: unknown, options: CallOptions = {}) =>
      messagesOf({ service: definition.fullName, method, invoke }, request, options);
    return [
      key,
      method.responseStream ? answers : async (request: unknown, options?: CallOptions) => {
        const { value, error } = splitAggregated(
          definition.fullName,
          await onlyOne(answers(request, options)),
        );
        if (error) throw error;
        return value;
      },
    ];
  });
  // The methods were built from the very definition that the type is made of.
  return Object.fromEntries(methods) as Stub<D>;
}

/** One method, and what carries its calls. */
export interface MethodCall {
  service: string;
  method: MethodDefinition;
  invoke: Invoke;
}

/** Makes a call: requests encoded as they are sent, answers decoded as they are taken. */
export async function* messagesOf(
  { service, method, invoke }: MethodCall,
  request: unknown,
  options: CallOptions,
): AsyncGenerator<unknown> {
  const { requestType, responseType } = method;
  const encode = (message: unknown) =>
    requestType.encode(requestType.fromPartial(message)).finish();
  const requests = method.requestStream
    ? mapEach(request as AsyncIterable<unknown>, encode)
    : [encode(request)];
  for await (const arrived of invoke(`/${service}/${method.name}`, requests, options)) {
    const messages = decodeAll(responseType, arrived);
    yield* options.joinsData ? joinData(messages) : messages;
  }
}

function* decodeAll(
  codec: MethodDefinition["responseType"],
  arrived: readonly Uint8Array[],
): Generator<unknown> {
  for (const bytes of arrived) yield decode(codec, bytes);
}

function decode(codec: MethodDefinition["responseType"], bytes: Uint8Array): unknown {
  try {
    return codec.decode(bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RpcError("Internal", `grpc: failed to unmarshal the received message: ${reason}`, {
      cause,
    });
  }
}

/** The answer of a unary call, taken to the end so that its status counts. */
export async function onlyOne(messages: AsyncIterable<unknown>): Promise<unknown> {
  const taken: unknown[] = [];
  for await (const message of messages) {
    taken.push(message);
    if (taken.length > 1) break;
  }
  if (taken.length === 1) return taken[0];
  throw new RpcError(
    "Internal",
    `cardinality violation: received ${
      taken.length === 0 ? "no" : "more than one"
    } response message from non-server-streaming RPC`,
  );
}

async function* mapEach<T, U>(items: AsyncIterable<T>, change: (item: T) => U): AsyncGenerator<U> {
  for await (const item of items) yield change(item);
}

/** What was thrown, as an error that can travel in the place of an answer. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new CliError(String(thrown));
}
