/** A written talosconfig, byte for byte (spec/client.md, 1.3). */

import assert from "node:assert/strict";
import { compareNaturally } from "../../core/talosconfig/name_order.ts";
import { renderTalosconfig } from "../../core/talosconfig/save.ts";
import { emptyTalosconfig, emptyTalosconfigContext } from "../../core/talosconfig/talosconfig.ts";

Deno.test("a saved talosconfig without contexts is the file that is created new", () => {
  assert.equal(renderTalosconfig(emptyTalosconfig()), 'context: ""\ncontexts: {}\n');
});

Deno.test("a saved talosconfig quotes what would read back as something else", () => {
  const nodes = ["true", "1234", "fd00::1", "a: b", "", "*"];
  const prod = { ...emptyTalosconfigContext(), endpoints: ["10.0.0.2"], nodes };
  const text = renderTalosconfig({ context: "prod", contexts: new Map([["prod", prod]]) });
  assert.equal(
    text,
    `\
context: prod
contexts:
    prod:
        endpoints:
            - 10.0.0.2
        nodes:
            - "true"
            - "1234"
            - fd00::1
            - 'a: b'
            - ""
            - '*'
`,
  );
});

Deno.test("a saved context has its fields in the official order", () => {
  const context = {
    proxyUrl: "direct",
    cluster: "c",
    auth: { siderov1: { identity: "i" }, basic: { username: "", password: "p" } },
    key: "a2V5",
    crt: "Y3J0",
    ca: "Y2E=",
    nodes: ["n1"],
  };
  const text = renderTalosconfig({ context: "", contexts: new Map([["x", context]]) });
  assert.equal(
    text,
    `\
context: ""
contexts:
    x:
        endpoints: []
        nodes:
            - n1
        ca: Y2E=
        crt: Y3J0
        key: a2V5
        auth:
            basic:
                username: ""
                password: p
            siderov1:
                identity: i
        cluster: c
        proxy-url: direct
`,
  );
});

Deno.test("contexts are saved in natural order", () => {
  const ordered = [
    ..."_x ~t 1 2 10 A1 B a".split(" "),
    "a 1",
    ..."a-1 a.b a2 a2b a02 a10 admin@prod admin@prod-1 b é".split(" "),
  ];
  for (const seed of [1, 7, 11]) {
    const shuffled = ordered.map((name, index) => ({ name, key: (index * seed * 37) % 19 }))
      .sort((left, right) => left.key - right.key).map(({ name }) => name);
    assert.deepEqual(shuffled.sort(compareNaturally), ordered);
  }
});

Deno.test("a zero inside a number counts when contexts are ordered", () => {
  // From where they differ on: 5 and 00, which would put a100 first; with the 1 before them 15 and 100.
  assert.deepEqual(["a15", "a100"].sort(compareNaturally), ["a15", "a100"]);
});
