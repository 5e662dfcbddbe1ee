/** What each type of flag accepts, what becomes of it, and the official words for what it refuses. */

import assert from "node:assert/strict";
import type { Flag } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { defaultValue, parseValue } from "../../core/flags/values.ts";
import { testPlaceholders } from "../command_tree.ts";

/** The cause `parseValue` fails with. */
function causeOf(flag: Flag, text: string): string {
  try {
    return `no failure: ${parseValue(flag, text)}`;
  } catch (error) {
    assert.ok(error instanceof CliError);
    return error.message;
  }
}

function flag(type: Flag["type"], more: Partial<Flag> = {}): Flag {
  return { type, help: "", ...more };
}

const accepted: [Flag["type"], string, unknown][] = [
  ["bool", "T", true],
  ["bool", "1", true],
  ["bool", "True", true],
  ["bool", "f", false],
  ["bool", "FALSE", false],
  ["int", "-12", -12],
  ["int", "+7", 7],
  ["int", "0x1F", 31],
  ["int", "0o17", 15],
  ["int", "017", 15],
  ["int", "0_17", 15],
  ["int", "0b101", 5],
  ["int", "1_000", 1000],
  ["int", "0x_f", 15],
  ["int32", "-2147483648", -2147483648],
  ["uint16", "65535", 65535],
  ["uint32", "4294967295", 4294967295],
  ["int64", "9007199254740991", 9007199254740991],
  ["ints", "1,-2,010", [1, -2, 10]],
  ["float", "1.5e3", 1500],
  ["float", ".5", 0.5],
  ["float", "5.", 5],
  ["float", "-inf", -Infinity],
  ["string", " a,b ", " a,b "],
  ["stringArray", "a,b", ["a,b"]],
  ["strings", "", []],
  ["strings", "a, b", ["a", " b"]],
  ["strings", '"a,b",c', ["a,b", "c"]],
  ["strings", '"say ""x"""', ['say "x"']],
  ["strings", "\n\na,b\nc", ["a", "b"]],
  ["strings", '"a\nb",c', ["a\nb", "c"]],
  ["strings", "a,", ["a", ""]],
  ["strings", '"a"\r\nb', ["a"]],
  ["ip", " 10.0.0.1 ", "10.0.0.1"],
  ["ip", "fe80::1", "fe80::1"],
  ["ip", "::ffff:1.2.3.4", "::ffff:1.2.3.4"],
  ["ip", "", undefined],
  ["ips", '"10.0.0.1", ::1', ["10.0.0.1", "::1"]],
  ["ips", "`10.0.0.1`,'10.0.0.2'", ["10.0.0.1", "10.0.0.2"]],
  ["ips", "", []],
  ["duration", "0", 0],
  ["duration", "1h2m3.5s", 3_723_500],
  ["duration", "-1.5s", -1500],
  ["duration", "250ms", 250],
  ["duration", "1us500ns", 0.0015],
  ["duration", "2µs", 0.002],
  ["duration", "2μs", 0.002],
  ["duration", ".5m", 30_000],
  ["bytesize", "", 0],
  ["bytesize", "0", 0],
  ["bytesize", "2", 2 * 1024 ** 2],
  ["bytesize", "2.0GiB", 2 * 1024 ** 3],
  ["bytesize", "1,024 kb", 1_024_000],
  ["bytesize", "1.5k", 1500],
  ["bytesize", "3b", 3],
  ["bytesize", "2Ti", 2 * 1024 ** 4],
  ["bytesize", "1.9999b", 1],
  ["base64", " aGk= ", new TextEncoder().encode("hi")],
  ["base64", "aG\nkh", new TextEncoder().encode("hi!")],
  ["base64", "", new Uint8Array()],
  [
    "disks",
    "virtio:10GiB:serial=a,nvme:6,virtiofs:1GiB:tag=t",
    "virtio:10GiB:serial=a,nvme:6,virtiofs:1GiB:tag=t",
  ],
  ["virtiofs", "/a:/b:/c", "/a:/b:/c"],
  ["agent", "grpc-tunnel+tls", "grpc-tunnel+tls"],
  ["mount", "type=bind,source=/a,target=/b,readonly", ["type=bind,source=/a,target=/b,readonly"]],
];

Deno.test("flag values of each type are read as the official client reads them", () => {
  const read = accepted.map(([type, text]) => [type, text, parseValue(flag(type), text)]);

  assert.deepEqual(read, accepted);
});

const refused: [Flag["type"], string, string][] = [
  ["bool", "no", 'strconv.ParseBool: parsing "no": invalid syntax'],
  ["bool", "", 'strconv.ParseBool: parsing "": invalid syntax'],
  ["int", "x", 'strconv.ParseInt: parsing "x": invalid syntax'],
  ["int", "", 'strconv.ParseInt: parsing "": invalid syntax'],
  ["int", "-", 'strconv.ParseInt: parsing "-": invalid syntax'],
  ["int", "08", 'strconv.ParseInt: parsing "08": invalid syntax'],
  ["int", "0x", 'strconv.ParseInt: parsing "0x": invalid syntax'],
  ["int", "1__0", 'strconv.ParseInt: parsing "1__0": invalid syntax'],
  ["int", "1_", 'strconv.ParseInt: parsing "1_": invalid syntax'],
  ["int", "_1", 'strconv.ParseInt: parsing "_1": invalid syntax'],
  ["int", "1.0", 'strconv.ParseInt: parsing "1.0": invalid syntax'],
  [
    "int",
    "9223372036854775808",
    'strconv.ParseInt: parsing "9223372036854775808": value out of range',
  ],
  ["int64", "9007199254740993", "more than this program can count: the limit is 9007199254740991"],
  ["int32", "2147483648", 'strconv.ParseInt: parsing "2147483648": value out of range'],
  ["int32", "99999999999", 'strconv.ParseInt: parsing "99999999999": value out of range'],
  ["uint", "-1", 'strconv.ParseUint: parsing "-1": invalid syntax'],
  ["uint", "+1", 'strconv.ParseUint: parsing "+1": invalid syntax'],
  ["uint16", "65536", 'strconv.ParseUint: parsing "65536": value out of range'],
  ["uint32", "4294967296", 'strconv.ParseUint: parsing "4294967296": value out of range'],
  ["float", "1.2.3", 'strconv.ParseFloat: parsing "1.2.3": invalid syntax'],
  ["float", ".", 'strconv.ParseFloat: parsing ".": invalid syntax'],
  ["float", "1e999", 'strconv.ParseFloat: parsing "1e999": value out of range'],
  ["ints", "1, 2", 'strconv.Atoi: parsing " 2": invalid syntax'],
  ["ints", "0x1", 'strconv.Atoi: parsing "0x1": invalid syntax'],
  ["ints", "", 'strconv.Atoi: parsing "": invalid syntax'],
  ["strings", 'x"y', 'parse error on line 1, column 2: bare " in non-quoted-field'],
  ["strings", 'é,x"y', 'parse error on line 1, column 5: bare " in non-quoted-field'],
  ["strings", '"x"y', 'parse error on line 1, column 3: extraneous or missing " in quoted-field'],
  ["strings", '"x,y', 'parse error on line 1, column 5: extraneous or missing " in quoted-field'],
  ["strings", "\n\n", "EOF"],
  ["ip", " x ", 'failed to parse IP: " x "'],
  ["ip", "1.2.3", 'failed to parse IP: "1.2.3"'],
  ["ip", "01.2.3.4", 'failed to parse IP: "01.2.3.4"'],
  ["ip", "1::2::3", 'failed to parse IP: "1::2::3"'],
  ["ip", "1::2::3:4:5:6:7:8", 'failed to parse IP: "1::2::3:4:5:6:7:8"'],
  ["ip", "1:2:3:4::5:6:7:8", 'failed to parse IP: "1:2:3:4::5:6:7:8"'],
  ["ip", "1:2:3:4:5:6:7", 'failed to parse IP: "1:2:3:4:5:6:7"'],
  ["ip", "12345::", 'failed to parse IP: "12345::"'],
  ["ip", "::1.2.3.4.5", 'failed to parse IP: "::1.2.3.4.5"'],
  ["ip", "fe80::1%eth0", 'failed to parse IP: "fe80::1%eth0"'],
  ["ips", "1.1.1.1, nope", "invalid string being converted to IP address:  nope"],
  ["duration", "5", 'time: missing unit in duration "5"'],
  ["duration", "5d", 'time: unknown unit "d" in duration "5d"'],
  ["duration", "1h5days", 'time: unknown unit "days" in duration "1h5days"'],
  ["duration", "", 'time: invalid duration ""'],
  ["duration", "-", 'time: invalid duration "-"'],
  ["duration", ".s", 'time: invalid duration ".s"'],
  ["duration", "h", 'time: invalid duration "h"'],
  ["duration", "9999999h", 'time: invalid duration "9999999h"'],
  ["bytesize", "10x", "unhandled size name: x"],
  ["bytesize", "GiB", 'strconv.ParseFloat: parsing "": invalid syntax'],
  ["bytesize", "-5", 'strconv.ParseFloat: parsing "": invalid syntax'],
  ["bytesize", "1.2.3k", 'strconv.ParseFloat: parsing "1.2.3": invalid syntax'],
  ["bytesize", "99EiB", "too large: 99EiB"],
  ["bytesize", "99999999999999", "too large: 99999999999999MiB"],
  ["base64", "aGk", "illegal base64 data at input byte 0"],
  ["base64", "aGkh*", "illegal base64 data at input byte 4"],
  ["base64", "aGk=x", "illegal base64 data at input byte 4"],
  ["base64", "a===", "illegal base64 data at input byte 1"],
  ["base64", "====", "illegal base64 data at input byte 0"],
  ["base64", "A=AA", "illegal base64 data at input byte 1"],
  ["base64", "AA=A", "illegal base64 data at input byte 2"],
  ["base64", "AAAAAA=", "illegal base64 data at input byte 7"],
  ["base64", "YWJjZA=====", "illegal base64 data at input byte 8"],
  ["base64", "aG=", "illegal base64 data at input byte 3"],
  ["disks", " ", "disk value must not be empty"],
  ["disks", "virtio", 'invalid disk format: "virtio"'],
  ["disks", "virtio:1GiB,nvme:x", 'invalid size in disk spec: "nvme:x"'],
  ["disks", "virtio:1:t", 'invalid disk option in spec: "t": "virtio:1:t"'],
  [
    "disks",
    "virtio:1:tag=t",
    'tag option is only supported for [virtiofs] drivers in spec: "virtio:1:tag=t"',
  ],
  [
    "disks",
    "nvme:1:serial=t",
    'serial option is only supported for [virtio] drivers in spec: "nvme:1:serial=t"',
  ],
  ["disks", "nvme:1:x=t", 'unknown disk option "x" in spec: "nvme:1:x=t"'],
  ["virtiofs", "", "virtiofs value must not be empty"],
  ["virtiofs", "/a:/b,/c", 'invalid disk format: "/c"'],
  [
    "agent",
    "x",
    "unknown type: x, possible values: 'true', 'wireguard' for the usual WG; 'tunnel' for WG over GRPC, add '+tls' to enable TLS for API",
  ],
  ["mount", "x", "invalid field 'x' must be a key=value pair"],
  ["mount", "x=y", "unexpected key 'x' in 'x=y'"],
  ["mount", "type=bind", "target is required"],
];

Deno.test("flag values that are wrong are refused with the official cause", () => {
  const causes = refused.map(([type, text]) => [type, text, causeOf(flag(type), text)]);

  assert.deepEqual(causes, refused);
});

const versions: [text: string, read: string][] = [
  ["1.2.3", "1.2.3"],
  [" v1.2 ", "v1.2.0"],
  ["1", "1.0.0"],
  ["01.002.3", "1.2.3"],
  ["v1.2.3-rc.1+b.2", "v1.2.3-rc.1+b.2"],
  ["1.2.3.4", 'Invalid character(s) found in patch number "3.4"'],
  ["foo", 'Invalid character(s) found in major number "0foo"'],
  ["x", 'Invalid character(s) found in major number "x"'],
  ["1.foo", 'Invalid character(s) found in minor number "0foo"'],
  ["1.2-rc", "Short version cannot contain PreRelease/Build meta data"],
  ["1.2.3-", "Prerelease is empty"],
  ["1.2.3-a..b", "Prerelease is empty"],
  ["1.2.3+", "Build meta data is empty"],
  ["1.2.3-a_b", 'Invalid character(s) found in prerelease "a_b"'],
  ["1.2.3+a_b", 'Invalid character(s) found in build meta data "a_b"'],
];

Deno.test("flag values that are versions are completed, or refused with the official cause", () => {
  const read = versions.map(([text]) => [
    text,
    causeOf(flag("semver", { default: "3.7.1" }), text).replace("no failure: ", ""),
  ]);

  assert.deepEqual(read, versions);
});

Deno.test("a version flag whose default has a v always gives one", () => {
  assert.equal(parseValue(flag("semver", { default: "v1.14.7" }), "1.2"), "v1.2.0");
});

Deno.test("a flag with fixed values matches their case only where it matters", () => {
  const values = ["default", "force"];
  const loose = flag("enum", { values, valuesError: "must be one of [default force]" });
  const strict = flag("enum", { values, caseSensitive: true, valuesError: "possible: default" });

  assert.equal(parseValue(loose, "FORCE"), "force");
  assert.equal(causeOf(loose, "x"), "must be one of [default force]");
  assert.equal(causeOf(strict, "FORCE"), "possible: default");
});

Deno.test("flags that are not given have their default, or nothing", () => {
  const cases: [Flag, unknown][] = [
    [flag("bool"), false],
    [flag("bool", { default: true }), true],
    [flag("string"), ""],
    [flag("strings"), []],
    [flag("base64", { default: "" }), new Uint8Array()],
    [flag("mount", { default: "" }), []],
    [flag("ints", { default: ["6443"] }), [6443]],
    [flag("duration", { default: "1m0s" }), 60_000],
    [flag("bytesize", { default: "2.0GiB" }), 2 * 1024 ** 3],
    [flag("agent", { default: "none" }), "none"],
    [flag("string", { default: "{talosDir}/clusters" }), "/home/u/.talos/clusters"],
    [flag("strings", { default: ["{talosDir}/cni/bin"] }), ["/home/u/.talos/cni/bin"]],
    [
      flag("string", { default: "https://x/{talosVersion}/cni-${ARCH}.tar.gz" }),
      "https://x/v1.14.0-beta.1/cni-${ARCH}.tar.gz",
    ],
  ];

  const values = cases.map(([flag]) => defaultValue(flag, testPlaceholders));

  assert.deepEqual(values, cases.map(([, value]) => value));
});
