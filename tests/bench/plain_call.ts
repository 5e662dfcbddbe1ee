/**
 * What we are measured against: one call with grpc-js and nothing else, credentials from files. Words: their folder, the
 * method, its request in base64. Messages are counted and dropped, undecoded.
 */

import { ChannelCredentials, Client, Metadata } from "@grpc/grpc-js";

const [folder = "", path = "", request = ""] = Deno.args;
const read = (name: string) => Buffer.from(Deno.readFileSync(`${folder}/${name}`));
const server: { address: string; name: string } = JSON.parse(
  Deno.readTextFileSync(`${folder}/server.json`),
);
const credentials = ChannelCredentials.createSsl(read("ca.pem"), read("key.pem"), read("crt.pem"));
const client = new Client(server.address, credentials, {
  "grpc.ssl_target_name_override": server.name,
  "grpc-node.flow_control_window": 4 * 1024 * 1024,
});
const same = (bytes: Uint8Array) => Buffer.from(bytes);
const metadata = new Metadata();
const call = client.makeServerStreamRequest<Uint8Array, Uint8Array>(
  path,
  same,
  (bytes) => bytes,
  Uint8Array.fromBase64(request),
  metadata,
);

let sizeBytes = 0;
for await (const message of call) sizeBytes += message.length;
Deno.stdout.writeSync(new TextEncoder().encode(`${sizeBytes} bytes\n`));
Deno.exit(0);
