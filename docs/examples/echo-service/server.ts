/** A server of `echo.proto`, for the tests: on a real machine a system extension would serve it. */

import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

type SayRequest = { text: string };
type RepeatRequest = { text: string; count: number };
type SayResponse = { text: string; answerNumber: string };

/** Adds the service to a gRPC server. */
export function serveEcho(server: grpc.Server): void {
  let answerCount = 0;
  const answer = (text: string): SayResponse => ({ text, answerNumber: String(++answerCount) });
  const definition = loadSync(new URL("echo.proto", import.meta.url).pathname, { longs: String });
  const service = grpc.loadPackageDefinition(definition)["acme"] as unknown as {
    echo: { v1: { Echo: { service: grpc.ServiceDefinition } } };
  };
  server.addService(service.echo.v1.Echo.service, {
    say: (
      { request }: grpc.ServerUnaryCall<SayRequest, SayResponse>,
      respond: grpc.sendUnaryData<SayResponse>,
    ) => respond(null, answer(request.text)),
    repeat: (call: grpc.ServerWritableStream<RepeatRequest, SayResponse>) => {
      for (let count = 0; count < call.request.count; count++) {
        call.write(answer(call.request.text));
      }
      call.end();
    },
    join: (
      call: grpc.ServerReadableStream<SayRequest, SayResponse>,
      respond: grpc.sendUnaryData<SayResponse>,
    ) => {
      const words: string[] = [];
      call.on("data", ({ text }: SayRequest) => words.push(text));
      call.on("end", () => respond(null, answer(words.join(" "))));
    },
  });
}
