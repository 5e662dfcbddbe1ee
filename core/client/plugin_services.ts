/** Services that plugins bring as `.proto` files, in the shape of generated ones, so that the same stubs call them. */

// Not imported dynamically: in a bundle a CommonJS package has named exports only this way. This module is.
import { type AnyDefinition, load, type MethodDefinition } from "@grpc/proto-loader";
import { CliError } from "../errors.ts";
import type { MessageCodec, ServiceDefinition } from "./talos.ts";

/** Messages as the generated codecs have them: camelCase, 64-bit integers as strings, enums by name. */
const conventions = {
  keepCase: false,
  longs: String,
  enums: String,
  defaults: true,
  oneofs: true,
} as const;

/**
 * Finds a service in `.proto` files. They may import each other by paths relative to their own folder, and the
 * `google/protobuf` ones.
 *
 * @param name With its package, such as `acme.Echo`.
 * @throws {CliError} When a file cannot be read, or none of them has the service.
 */
export async function loadPluginService(
  name: string,
  files: readonly URL[],
): Promise<ServiceDefinition> {
  for (const file of files) {
    const service = (await loadDefinitions(file))[name];
    if (service !== undefined && !("format" in service)) return definitionOf(name, service);
  }
  throw new CliError(`calling service "${name}": no such service is known`, {
    hint: "a plugin names the .proto files of its own services with registry.proto(file)",
  });
}

async function loadDefinitions(file: URL): Promise<Record<string, AnyDefinition>> {
  const path = decodeURIComponent(file.pathname);
  const folder = path.slice(0, path.lastIndexOf("/"));
  try {
    return await load(path, { ...conventions, includeDirs: [folder] });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(`reading ${path}: ${reason}`, { cause });
  }
}

function definitionOf(
  fullName: string,
  service: Exclude<AnyDefinition, { format: string }>,
): ServiceDefinition {
  const methods = Object.entries(service).map(([name, method]) => [
    method.originalName ?? name,
    {
      name,
      requestType: codec(method.requestSerialize, method.requestDeserialize),
      requestStream: method.requestStream,
      responseType: codec(method.responseSerialize, method.responseDeserialize),
      responseStream: method.responseStream,
    },
  ]);
  return { fullName, methods: Object.fromEntries(methods) };
}

type Serialize = MethodDefinition<object, object>["requestSerialize"];
type Deserialize = MethodDefinition<object, object>["requestDeserialize"];

function codec(serialize: Serialize, deserialize: Deserialize): MessageCodec<object> {
  // It is typed for Node.js' own bytes, and reads any.
  const read = deserialize as (bytes: Uint8Array) => object;
  return {
    encode: (message) => ({ finish: () => serialize(message) }),
    decode: (bytes) => read(bytes),
    fromPartial: (partial) => partial, // serializing fills in what is absent
  };
}
