/** What crosses between the program and a confined plugin, piece by piece. */

import assert from "node:assert/strict";
import { CliError, RpcError } from "../../core/errors.ts";
import { hasOwnImportsOnly, packageImportIn } from "../../core/plugin_imports.ts";
import { BatchReceiver, BatchSender } from "../../core/plugin_worker/batches.ts";
import { plainValue } from "../../core/plugin_worker/plain_value.ts";
import { errorOfWire, wireError } from "../../core/plugin_worker/wire_error.ts";

Deno.test("bytes for a plugin come without the buffer that they stand in", () => {
  const pool = new TextEncoder().encode("a secret, and data");
  const message = { parts: [pool.subarray(14)], more: new Map([["x", pool.subarray(14, 15)]]) };

  const plain = plainValue(message) as typeof message;

  assert.deepEqual(plain, message);
  assert.equal(plain.parts[0]?.buffer.byteLength, 4);
  assert.equal(plain.more.get("x")?.buffer.byteLength, 1);
});

Deno.test("what is no data is not handed to a plugin", () => {
  const circle: Record<string, unknown> = {};
  circle["itself"] = circle;

  assert.throws(() => plainValue({ call: () => {} }), /a function cannot be handed to a plugin/);
  assert.throws(() => plainValue(circle), /nested too deeply/);
});

Deno.test("items come in their order, in few batches, and no more than four wait for their taker", async () => {
  const receiver = new BatchReceiver<number>(() => sender.taken());
  const batches: number[] = [];
  const sender = new BatchSender<number>((items) => {
    batches.push(items.length);
    receiver.add(items);
  });
  const send = async () => {
    for (let item = 0; item < 10_000; item++) await sender.push(item);
    await sender.end();
    receiver.end();
  };

  const sending = send();
  while (batches.length < 4) await new Promise((resolve) => setTimeout(resolve, 1));
  const waiting = batches.length;
  const taken = await Array.fromAsync(receiver.items());
  await sending;

  assert.equal(waiting, 4);
  assert.deepEqual(taken, Array.from({ length: 10_000 }, (_, item) => item));
  assert.ok(batches.length < 60, String(batches.length));
});

Deno.test("large items travel in small batches", () => {
  const batches: number[] = [];
  const sender = new BatchSender<unknown>((items) => batches.push(items.length));

  for (let count = 0; count < 4; count++) sender.push({ record: { bytes: new Uint8Array(1e6) } });

  assert.deepEqual(batches, [1, 1, 1, 1]);
});

Deno.test("a sender that heeds no window is found out", () => {
  const receiver = new BatchReceiver<number>(() => {});
  for (let count = 0; count < 4; count++) receiver.add([1]);

  assert.throws(() => receiver.add([1]), /sends more than it was asked for/);
  assert.throws(() => new BatchReceiver(() => {}).add(Array(257)), /sends more/);
});

Deno.test("errors keep text, hint, status and code on their way, and nothing of what is behind them", () => {
  const cause = new Error("a secret");
  const errors = [
    new RpcError("NotFound", "no such file", { cause }),
    new CliError("it failed", { hint: "try again", exitCode: 3, cause }),
  ];

  for (const error of errors) {
    const wire = wireError(error);
    const again = errorOfWire(structuredClone(wire), "plugin x: ");
    assert.ok(!JSON.stringify(wire).includes("secret"));
    assert.equal(again.constructor, error.constructor);
    assert.deepEqual([again.message, again.hint, again.exitCode], [
      error.message,
      error.hint,
      error.exitCode,
    ]);
  }
  assert.equal(errorOfWire(wireError(new Error("oops")), "plugin x: ").message, "plugin x: oops");
  assert.equal(errorOfWire({ message: 5, exitCode: 999 }).exitCode, 1);
});

const imports: [code: string, isOwn: boolean, isPackage: boolean][] = [
  [`import { a } from "./a.ts";`, true, false],
  [`import type { Plugin } from "../types.d.ts";\nexport * from './b.js'`, true, false],
  [`const here = import.meta.url; // imports from here`, true, false],
  [`import fs from "node:fs";`, false, false],
  [`import"node:fs"`, false, false],
  [`export*from'fs'`, false, false],
  [`await import("./a.ts")`, false, false],
  [`await import\n("./a.ts")`, false, false],
  [`import.source("./a.wasm")`, false, false],
  [`require("fs")`, false, false],
  [`import x from "https://example.com/x.ts"`, false, false],
  [`import x from "npm:x"`, false, true],
  [`await import(\`npm:\${x}\`)`, false, true],
  [`import x from "\\u006epm:x"`, false, true],
  [`import x from /**/ "npm:x"`, false, true],
];

for (const [code, isOwn, isPackage] of imports) {
  Deno.test(`${JSON.stringify(code)} imports ${isPackage ? "a package" : isOwn ? "its own" : "others"}`, () => {
    const bytes = new TextEncoder().encode(code);

    assert.equal(hasOwnImportsOnly("a.ts", bytes), isOwn);
    assert.equal(packageImportIn(bytes) !== undefined, isPackage);
  });
}
