/** A TLS endpoint whose calls a test answers by hand, byte for byte: for streams and breaks that a cluster does not produce. */

import * as grpc from "@grpc/grpc-js";
import { Buffer } from "node:buffer";
import { createAuthority } from "../core/pki/authority.ts";
import { keyPemForTls } from "../core/pki/pem.ts";
import type { TestClientOptions } from "./talos_client.ts";

/** One call, as grpc-js hands it to a server: messages are bytes. */
export type EndpointCall = grpc.ServerDuplexStream<Buffer, Buffer>;

/** An endpoint and what a client needs to trust it. */
export interface GrpcEndpoint extends AsyncDisposable {
  address: string;
  server: grpc.Server;
  /** The context for `testClient`. */
  context: NonNullable<TestClientOptions["context"]>;
}

/** Serves these methods of `machine.MachineService`, by their names in the `.proto` file. */
export async function startEndpoint(
  methods: Record<string, (call: EndpointCall) => void>,
): Promise<GrpcEndpoint> {
  const validity = { notBefore: new Date(Date.now() - 60_000), lifetimeMs: 3_600_000 };
  const authority = await createAuthority({ organization: "talos", ...validity });
  const own = await authority.issue({
    ...validity,
    usage: ["serverAuth"],
    ipAddresses: ["127.0.0.1"],
  });
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1 });
  for (const [name, handle] of Object.entries(methods)) {
    const same = (bytes: Buffer) => bytes;
    server.register(`/machine.MachineService/${name}`, handle, same, same, "bidi");
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(
      "127.0.0.1:0",
      grpc.ServerCredentials.createSsl(Buffer.from(authority.certificatePem), [{
        cert_chain: Buffer.from(own.certificatePem),
        private_key: Buffer.from(keyPemForTls(own.keyPem)),
      }]),
      (error, port) => error ? reject(error) : resolve(port),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    server,
    context: { ca: btoa(authority.certificatePem), endpoints: [`127.0.0.1:${port}`] },
    [Symbol.asyncDispose]: () => Promise.resolve(server.forceShutdown()),
  };
}
