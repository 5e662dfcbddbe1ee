/** JSON as the official client prints it. */

import assert from "node:assert/strict";
import { protobufJson, toGoJson } from "../../core/output/json.ts";

Deno.test("a record prints as JSON with the indentation and escapes of the official client", () => {
  const record = { context: "a<b>&c\u2028", nodes: ["10.5.0.2"], roles: null, none: [], map: {} };

  const text = toGoJson({ ...record, gone: undefined }, { indent: 2 });

  assert.equal(
    text,
    `\
{
  "context": "a\\u003cb\\u003e\\u0026c\\u2028",
  "nodes": [
    "10.5.0.2"
  ],
  "roles": null,
  "none": [],
  "map": {}
}`,
  );
});

Deno.test("a resource prints as JSON with sorted keys and whole 64-bit integers", () => {
  const spec = new Map<string, unknown>([["\u{1f600}", 1], ["\uff5e", 2], ["b", 2n ** 64n - 1n]]);

  const text = toGoJson({ spec, metadata: { id: 10 } }, { indent: 4, sortKeys: true });

  assert.equal(
    text,
    `\
{
    "metadata": {
        "id": 10
    },
    "spec": {
        "b": 18446744073709551615,
        "\uff5e": 2,
        "\u{1f600}": 1
    }
}`,
  );
});

Deno.test("compact JSON shows bytes as base64, control characters and halves of surrogates as Go", () => {
  const text = toGoJson([
    new Uint8Array([102, 111, 111]),
    "\x01\b\n\x7f",
    "\ud800",
    1e-7,
    1e21,
    -0,
  ]);

  assert.equal(text, '["Zm9v","\\u0001\\b\\n\x7f","\ufffd",1e-7,1e+21,-0]');
});

Deno.test("a number that is not finite fails with Go's text", () => {
  assert.throws(() => toGoJson({ a: Infinity }), { message: "json: unsupported value: +Inf" });
});

Deno.test("version --json leaves out what holds its default", () => {
  // recordings/commands/version-insecure-json
  const message = {
    metadata: undefined,
    version: {
      tag: "v1.14.0-beta.1",
      sha: "undefined",
      built: "",
      goVersion: "go1.26.8",
      os: "linux",
      arch: "amd64",
    },
    platform: { name: "container", mode: "container" },
    features: undefined,
  };

  const text = protobufJson(message);

  assert.equal(
    text,
    '{"version":{"tag":"v1.14.0-beta.1","sha":"undefined","goVersion":"go1.26.8","os":"linux","arch":"amd64"},"platform":{"name":"container","mode":"container"}}',
  );
});

Deno.test("a message's zero enum value is left out when its defaults are given", () => {
  const message = {
    state: "UNKNOWN",
    size: "0",
    list: ["", "0"],
    bytes: new Uint8Array(),
    on: false,
  };

  assert.equal(protobufJson(message, { state: "UNKNOWN", size: "0" }), '{"list":["","0"]}');
});
