/** The generated codecs against bytes written by hand from the field numbers of the API. */

import assert from "node:assert/strict";
import type { ServiceDefinition } from "../../core/client/talos.ts";
import { Metadata } from "../../proto/gen/common/common.ts";
import { Timestamp } from "../../proto/gen/google/protobuf/timestamp.ts";
import { serviceLoaders, type Services } from "../../proto/gen/services.ts";

/** Bytes from hexadecimal digits and quoted text: `0a 02 "cp"`. */
function wire(notation: string): Uint8Array {
  const parts = notation.matchAll(/"([^"]*)"|[0-9a-f]{2}/g);
  return new Uint8Array(
    [...parts].flatMap(([part, text]) =>
      text === undefined ? [parseInt(part, 16)] : [...new TextEncoder().encode(text)]
    ),
  );
}

/** Every service with its number of methods. */
const methodCounts: Record<keyof Services, number> = {
  "auth.AuthService": 2,
  "cluster.ClusterService": 1,
  "cosi.resource.State": 8,
  "inspect.InspectService": 1,
  "machine.DebugService": 1,
  "machine.ImageService": 5,
  "machine.LVMService": 3,
  "machine.LifecycleService": 2,
  "machine.MDService": 1,
  "machine.MachineService": 54,
  "machine.StorageService": 1,
  "securityapi.SecurityService": 1,
  "signerapi.SignerService": 3,
  "storage.StorageService": 2,
  "time.TimeService": 2,
};

Deno.test("every service of the API loads with all its methods", async () => {
  const loaders: Record<string, () => Promise<ServiceDefinition>> = serviceLoaders;

  const loaded: Record<string, number> = {};
  for (const [name, load] of Object.entries(loaders)) {
    const { fullName, methods } = await load();
    assert.equal(fullName, name);
    loaded[name] = Object.keys(methods).length;
  }

  assert.deepEqual(loaded, methodCounts);
});

Deno.test("a method keeps its wire name and tells what it streams", async () => {
  const { etcdRecover, serviceList } = (await serviceLoaders["machine.MachineService"]()).methods;
  const { containerRun } = (await serviceLoaders["machine.DebugService"]()).methods;
  const { watch } = (await serviceLoaders["cosi.resource.State"]()).methods;

  const streams = [etcdRecover, serviceList, containerRun, watch].map((
    { name, requestStream, responseStream },
  ) => [name, requestStream, responseStream]);

  assert.deepEqual(streams, [
    ["EtcdRecover", true, false],
    ["ServiceList", false, false],
    ["ContainerRun", true, true],
    ["Watch", false, true],
  ]);
});

Deno.test("a version answer crosses the wire by its field numbers", async () => {
  const { version } = (await serviceLoaders["machine.MachineService"]()).methods;
  // VersionResponse.messages=1 { metadata=1 { hostname=1 }, version=2 { tag=1, go_version=4 } }
  const bytes = wire('0a 14 0a 06 0a 04 "cp-1" 12 0a 0a 02 "v1" 22 04 "go1 "');
  const partial = {
    messages: [{ metadata: { hostname: "cp-1" }, version: { tag: "v1", goVersion: "go1 " } }],
  };

  const encoded = version.responseType.encode(version.responseType.fromPartial(partial)).finish();
  const [message] = version.responseType.decode(bytes).messages;

  assert.deepEqual(encoded, bytes);
  assert.equal(message?.metadata?.hostname, "cp-1");
  assert.equal(message?.version?.goVersion, "go1 ");
  assert.equal(message?.version?.sha, "");
  assert.equal(message?.platform, undefined);
});

Deno.test("64-bit integers are decimal strings, exact beyond 2^53 and below zero", () => {
  // int64 seconds=1, int32 nanos=2; a varint holds seven bits a byte, a negative one ten bytes.
  const cases: [seconds: string, bytes: string][] = [
    ["0", ""],
    ["1", "08 01"],
    ["-1", "08 ff ff ff ff ff ff ff ff ff 01"],
    ["9007199254740993", "08 81 80 80 80 80 80 80 10"],
    ["9223372036854775807", "08 ff ff ff ff ff ff ff ff 7f"],
    ["-9223372036854775808", "08 80 80 80 80 80 80 80 80 80 01"],
  ];

  for (const [seconds, bytes] of cases) {
    assert.deepEqual(Timestamp.encode({ seconds, nanos: 0 }).finish(), wire(bytes));
    assert.deepEqual(Timestamp.decode(wire(bytes)), { seconds, nanos: 0 });
  }
});

Deno.test("an unsigned member id keeps all its 64 bits", async () => {
  const { etcdRemoveMemberByID } = (await serviceLoaders["machine.MachineService"]()).methods;
  const { requestType } = etcdRemoveMemberByID;
  const bytes = wire("08 ff ff ff ff ff ff ff ff ff 01");

  const encoded = requestType.encode({ memberId: "18446744073709551615" }).finish();

  assert.deepEqual(encoded, bytes);
  assert.deepEqual(requestType.decode(bytes), { memberId: "18446744073709551615" });
});

Deno.test("an enum is the name of its value, and a number of a newer server is UNRECOGNIZED", async () => {
  const { reboot } = (await serviceLoaders["machine.MachineService"]()).methods;

  // RebootRequest.mode=1: DEFAULT 0, POWERCYCLE 1, FORCE 2
  assert.deepEqual(reboot.requestType.encode({ mode: "FORCE" }).finish(), wire("08 02"));
  assert.deepEqual(reboot.requestType.decode(wire("08 01")), { mode: "POWERCYCLE" });
  assert.deepEqual(reboot.requestType.decode(wire("08 63")), { mode: "UNRECOGNIZED" });
});

Deno.test("of a oneof only the field that was sent is set", async () => {
  const { containerRun } = (await serviceLoaders["machine.DebugService"]()).methods;

  // DebugContainerRunResponse: stdout_data=2, exit_code=3
  const ended = containerRun.responseType.decode(wire("18 00"));
  const printed = containerRun.responseType.decode(wire('12 02 "ok"'));

  assert.equal(ended.exitCode, 0);
  assert.equal(ended.stdoutData, undefined);
  assert.equal(printed.exitCode, undefined);
  assert.deepEqual(new Uint8Array(printed.stdoutData ?? []), wire('"ok"'));
});

Deno.test("labels of a resource are a map", async () => {
  const { get } = (await serviceLoaders["cosi.resource.State"]()).methods;
  // GetResponse.resource=1 { metadata=1 { labels=10 { key=1, value=2 } } }
  const bytes = wire('0a 0a 0a 08 52 06 0a 01 "k" 12 01 "v"');

  const { resource } = get.responseType.decode(bytes);

  assert.deepEqual(resource?.metadata?.labels, { k: "v" });
  assert.deepEqual(
    get.responseType.encode(
      get.responseType.fromPartial({ resource: { metadata: { labels: { k: "v" } } } }),
    ).finish(),
    bytes,
  );
});

Deno.test("fields of a newer server are skipped, whatever their wire type", () => {
  const unknown = [
    "a0 06 ff 01",
    'a2 06 02 "xy"',
    "a5 06 00 00 00 00",
    "a1 06 00 00 00 00 00 00 00 00",
    // hostname=1 as a number: not the type we know
    "08 07",
  ];

  for (const field of unknown) {
    const metadata = Metadata.decode(wire(`${field} 0a 02 "cp"`));
    assert.deepEqual(metadata, { hostname: "cp", error: "", status: undefined });
  }
});

Deno.test("malformed bytes are an error, never a shorter answer", async () => {
  const { version } = (await serviceLoaders["machine.MachineService"]()).methods;
  const malformed: [what: string, bytes: string][] = [
    ["cut in a tag", "8a"],
    ["cut in a length", "0a 80"],
    ["cut in a text", '0a 04 0a 02 0a 05 "cp"'],
    ["a message longer than the rest", "0a 7f 0a 00"],
    ["a text longer than its message", '0a 04 0a 02 0a 02 "cp"'],
    ["a skipped field longer than the rest", "a2 06 7f 00"],
    ["a varint without an end", "0a ff ff ff ff ff ff ff ff ff ff ff 01"],
    ["field number zero", "00"],
    ["field number zero with a wire type", "02 00"],
    ["the end of a group that never began", "0c"],
    ["an unknown wire type", "0f 00"],
  ];

  for (const [what, bytes] of malformed) {
    assert.throws(() => version.responseType.decode(wire(bytes)), Error, what);
  }
});

Deno.test("messages nested without end are an error, not an overflow", async () => {
  const { Expr } = await import("../../proto/gen/google/api/expr/v1alpha1/syntax.ts");
  // Expr.select_expr=5 { operand=1 { select_expr=5 { …
  const depth = 20_000;
  let size = 0;
  const prefixes: number[][] = [];
  for (let level = 0; level < depth; level++) {
    const prefix = [level % 2 === 0 ? 0x0a : 0x2a, ...varint(size)];
    prefixes.push(prefix);
    size += prefix.length;
  }
  const bytes = new Uint8Array(prefixes.reverse().flat());

  assert.throws(() => Expr.decode(bytes), /recursion limit/);
});

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}
