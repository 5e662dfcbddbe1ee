/** A plain grpc-js client for tests of the sandbox itself: any method, any metadata, raw statuses. */

import * as grpc from "@grpc/grpc-js";
import { Buffer } from "node:buffer";
import type { ServiceName } from "../core/client/talos.ts";
import type { KeyedCertificate } from "../core/pki/authority.ts";
import { keyPemForTls } from "../core/pki/pem.ts";
import { serviceLoaders } from "../proto/gen/services.ts";
import type { Sandbox } from "../plugins/sandbox/start.ts";

/** What to call besides the method. */
export interface CallOptions {
  /** Default: none, so the client certificate has `os:admin`. */
  roles?: readonly string[];
  /** In the place of one for `roles`; null shows none. */
  certificate?: KeyedCertificate | null;
  /** Default: the first. */
  endpoint?: string;
  /** The name in the endpoint's certificate to ask for. Default: that of its node. */
  serverName?: string;
  metadata?: Readonly<Record<string, string | readonly string[]>>;
  request?: unknown;
}

/** What came back: messages, and the status as `CODE: text` in grpc-js' spelling (`OK: `). */
export interface CallResult {
  // deno-lint-ignore no-explicit-any -- tests look at fields of whatever message they asked for
  messages: any[];
  status: string;
}

/** Clients of one sandbox: connections are kept until it is disposed of. */
export function sandboxClient(sandbox: Sandbox, { caPem }: { caPem?: string } = {}) {
  const clients = new Map<string, Promise<grpc.Client>>();

  async function connect(options: CallOptions): Promise<grpc.Client> {
    const endpoint = options.endpoint ?? sandbox.endpoints[0] ?? "";
    const node = sandbox.nodes.find((node) => node.endpoint === endpoint);
    const config = await sandbox.talosconfig(...options.roles ?? []);
    const context = config.contexts.get(config.context);
    if (context === undefined) throw new Error("no context");
    const shown = options.certificate === undefined
      ? { keyPem: atob(context.key), certificatePem: atob(context.crt) }
      : options.certificate;
    const credentials = sandbox.maintenanceEndpoints.includes(endpoint)
      ? grpc.credentials.createSsl(null, null, null, { rejectUnauthorized: false })
      : grpc.credentials.createSsl(
        Buffer.from(caPem ?? atob(context.ca)),
        shown === null ? null : Buffer.from(keyPemForTls(shown.keyPem)),
        shown === null ? null : Buffer.from(shown.certificatePem),
      );
    return new grpc.Client(endpoint, credentials, {
      "grpc.ssl_target_name_override": options.serverName ?? node?.hostname ?? "",
      "grpc.use_local_subchannel_pool": 1,
      "grpc.enable_retries": 0,
      "grpc.max_receive_message_length": -1,
    });
  }

  /** Opens a call of any method as a stream of bytes in both directions. */
  async function open(path: string, options: CallOptions = {}) {
    const { roles, endpoint, serverName, certificate } = options;
    const key = JSON.stringify([roles, endpoint, serverName, certificate]);
    const client = await (clients.get(key) ?? clients.set(key, connect(options)).get(key));
    if (client === undefined) throw new Error("no client");
    const metadata = new grpc.Metadata();
    for (const [name, values] of Object.entries(options.metadata ?? {})) {
      for (const value of [values].flat()) metadata.add(name, value);
    }
    const asBytes = (bytes: Uint8Array) => Buffer.from(bytes);
    return client.makeBidiStreamRequest(path, asBytes, (bytes: Buffer) => bytes, metadata);
  }

  return {
    open,

    /** Calls `Service/Method` by its name and waits for its end. */
    async call(
      service: ServiceName,
      method: string,
      options: CallOptions = {},
    ): Promise<CallResult> {
      const definition = await serviceLoaders[service]();
      const found = Object.values(definition.methods).find(({ name }) => name === method);
      if (found === undefined) throw new Error(`no method ${method}`);
      const request = found.requestType.encode(
        found.requestType.fromPartial(options.request ?? {}),
      );
      const { messages, status } = await this.callBytes(`/${service}/${method}`, {
        ...options,
        request: request.finish(),
      });
      return { messages: messages.map((bytes) => found.responseType.decode(bytes)), status };
    },

    /** The same with bytes in the place of messages, for paths that no definition knows. */
    async callBytes(
      path: string,
      options: CallOptions & { request?: Uint8Array } = {},
    ): Promise<{ messages: Uint8Array[]; status: string }> {
      const call = await open(path, options);
      const messages: Uint8Array[] = [];
      const { promise, resolve } = Promise.withResolvers<string>();
      call.on("data", (bytes) => messages.push(new Uint8Array(bytes)));
      // The status follows, and says the same.
      call.on("error", () => {});
      call.on("status", ({ code, details }) => resolve(`${grpc.status[code]}: ${details}`));
      call.write(options.request ?? new Uint8Array());
      call.end();
      return { status: await promise, messages };
    },

    async [Symbol.asyncDispose]() {
      for (const client of clients.values()) (await client).close();
      await sandbox[Symbol.asyncDispose]();
    },
  };
}
