/** What `version` is measured against: the same call with grpc-js and nothing else, credentials from PEM files. */

import { ChannelCredentials, Client } from "@grpc/grpc-js";

const [endpoint = "", serverName = "", folder = ""] = Deno.args;
const read = (name: string) => Buffer.from(Deno.readFileSync(`${folder}/${name}`));
const credentials = ChannelCredentials.createSsl(read("ca.pem"), read("key.pem"), read("crt.pem"));
const client = new Client(endpoint, credentials, { "grpc.ssl_target_name_override": serverName });

client.makeUnaryRequest<Uint8Array, Uint8Array>(
  "/machine.MachineService/Version",
  (message) => Buffer.from(message),
  (bytes) => bytes,
  new Uint8Array(),
  (error, answer) => {
    if (error) throw error;
    Deno.stdout.writeSync(new TextEncoder().encode(`${answer?.length} bytes\n`));
    Deno.exit(0);
  },
);
