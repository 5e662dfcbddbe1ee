/** Uploads: what is sent waits for its reader, and does not pile up in the process. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { openConnection } from "../../core/client/connect.ts";
import { watchSendRoom } from "../../core/client/send_room.ts";
import { ImageServiceImportResponse } from "../../proto/gen/machine/image.ts";
import { type EndpointCall, startEndpoint } from "../grpc_endpoint.ts";
import { withContext } from "../talos_client.ts";
import { emptyTalosconfigContext } from "../../core/talosconfig/talosconfig.ts";

const mebibyte = 1024 * 1024;

Deno.test("room to send is there again when bytes have left the socket, or the call has ended", async () => {
  const socket = { bytesWritten: 500, destroyed: false };
  const room = watchSendRoom(socket);
  const ended = new AbortController();
  await room.free(ended.signal);

  room.take(2 * mebibyte);
  let isFree = false;
  const freed = room.free(ended.signal).then(() => isFree = true);
  socket.bytesWritten += mebibyte / 2;
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.equal(isFree, false);
  socket.bytesWritten += mebibyte;
  await freed;

  room.take(2 * mebibyte);
  const ending = room.free(ended.signal);
  ended.abort();
  await ending;
});

Deno.test("an upload of 16 MiB is never more than some MiB ahead of a slow reader, and arrives whole", async () => {
  const chunk = new Uint8Array(32 * 1024);
  const count = 16 * mebibyte / chunk.length;
  let sentBytes = 0;
  let readBytes = 0;
  let mostAheadBytes = 0;
  await using endpoint = await startEndpoint({});
  const same = (bytes: Buffer) => bytes;
  const handle = (call: EndpointCall) => {
    call.on("data", (bytes: Buffer) => {
      readBytes += bytes.length;
      call.pause();
      setTimeout(() => call.resume(), 0);
    });
    call.on("end", () => {
      call.write(Buffer.from(ImageServiceImportResponse.encode({ name: "whole" }).finish()));
      call.end();
    });
  };
  endpoint.server.register("/machine.ImageService/Import", handle, same, same, "bidi");
  const context = { ...emptyTalosconfigContext(), ...endpoint.context };
  await using connection = openConnection(
    { talosconfig: withContext("test", context) },
    () => undefined,
  );
  const images = await connection.node("10.0.0.1").service("machine.ImageService");

  const { name } = await images.import(async function* () {
    for (let index = 0; index < count; index++) {
      yield { imageChunk: { bytes: chunk } };
      sentBytes += chunk.length;
      mostAheadBytes = Math.max(mostAheadBytes, sentBytes - readBytes);
    }
  }());

  assert.equal(name, "whole");
  assert.ok(readBytes > count * chunk.length);
  assert.ok(mostAheadBytes < 4 * mebibyte, `${mostAheadBytes} bytes ahead`);
});
