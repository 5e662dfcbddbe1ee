/** A plugin with gRPC services of its own: a `.proto` file beside its code, called through `ctx.talos`. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { BinaryReader, BinaryWriter } from "@bufbuild/protobuf/wire";
import { renderTalosconfig } from "../../core/talosconfig/save.ts";
import { emptyTalosconfigContext } from "../../core/talosconfig/talosconfig.ts";
import { type EndpointCall, startEndpoint } from "../grpc_endpoint.ts";
import { createPluginHome } from "../plugin_folder.ts";
import { withContext } from "../talos_client.ts";

const proto = `
syntax = "proto3";
package acme;
import "google/protobuf/empty.proto";

enum Mood { UNKNOWN = 0; GLAD = 1; }
message Question { string first_word = 1; }
message Reply { string whole_text = 1; int64 big_number = 2; Mood mood = 3; bool polite = 4; }

service Echo {
  rpc SayOnce(Question) returns (Reply);
  rpc SayOften(google.protobuf.Empty) returns (stream Reply);
}
`;

const plugin = `export default {
  name: "echo",
  apiVersion: 1,
  register(registry) {
    registry.proto(new URL("echo.proto", import.meta.url));
    registry.command({
      path: ["echo"],
      summary: "Echo",
      group: "talos",
      args: { rule: "none" },
      flags: {},
      targets: "many",
      text: ({ reply }) => JSON.stringify(reply) + "\\n",
      async *run({ nodes, talos }) {
        const [node] = await nodes();
        const one = await talos.node(node).ownService("acme.Echo");
        yield { reply: await one.sayOnce({ firstWord: "hello" }) };
        for await (const reply of one.sayOften({})) yield { reply };
        const many = await talos.nodes(await nodes()).ownService("acme.Echo");
        for await (const answer of many.sayOnce({ firstWord: "hello" })) yield { reply: answer };
        await talos.node(node).ownService("acme.Nothing");
      },
    });
  },
};
`;

/** Answers with the word it was asked with, as the bytes of a \`Reply\`. */
function reply(text: string): Buffer {
  const writer = new BinaryWriter().uint32(10).string(text).uint32(16).int64("9007199254740993");
  return Buffer.from(writer.uint32(24).int32(1).finish());
}

function answer(times: number) {
  return (call: EndpointCall) =>
    call.on("data", (bytes: Buffer) => {
      const reader = new BinaryReader(bytes);
      const word = bytes.length > 0 && reader.uint32() === 10 ? reader.string() : "nothing";
      for (let count = 0; count < times; count++) call.write(reply(word));
      call.end();
    });
}

Deno.test("a plugin calls services of its own .proto file, on one node and on many", async () => {
  await using home = await createPluginHome();
  await home.install("echo", plugin, { rpcs: ["acme.Echo/SayOnce", "acme.Echo/SayOften"] });
  await Deno.writeTextFile(`${home.plugins}/echo/echo.proto`, proto);
  await home.approve("echo");
  await using endpoint = await startEndpoint({});
  const same = (bytes: Buffer) => bytes;
  endpoint.server.register("/acme.Echo/SayOnce", answer(1), same, same, "bidi");
  endpoint.server.register("/acme.Echo/SayOften", answer(2), same, same, "bidi");
  const context = { ...emptyTalosconfigContext(), ...endpoint.context };
  const talosconfig = `${home.path}/talosconfig`;
  await Deno.writeTextFile(talosconfig, renderTalosconfig(withContext("acme", context)));

  const { code, stdout, stderr } = await home.run(["echo", "-n", "n1"], {
    TALOSCONFIG: talosconfig,
  });

  const said = (wholeText: string) => ({
    wholeText,
    bigNumber: "9007199254740993",
    mood: "GLAD",
    polite: false,
  });
  assert.deepEqual(stdout.trimEnd().split("\n").map((line) => JSON.parse(line)), [
    said("hello"),
    said("nothing"),
    said("nothing"),
    { node: "n1", value: said("hello") },
  ]);
  assert.equal(
    stderr,
    'calling service "acme.Nothing": no such service is known\n' +
      "a plugin names the .proto files of its own services with registry.proto(file)\n",
  );
  assert.equal(code, 1);
});
