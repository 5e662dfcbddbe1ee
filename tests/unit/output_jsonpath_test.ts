/** kubectl's jsonpath dialect: what templates find, how results read, and each error text. */

import assert from "node:assert/strict";
import { CliError } from "../../core/errors.ts";
import {
  compileColumn,
  compileJsonpath,
  compileOnceRangingJsonpath,
} from "../../core/output/jsonpath/jsonpath.ts";
import { Timestamp, toValue } from "../../core/output/value.ts";

const member = {
  event: "created",
  node: "172.20.0.2",
  metadata: {
    created: new Timestamp("2026-09-01T12:00:01Z"),
    id: "w-1",
    labels: { "talos.dev/x": "1" },
    owner: null,
  },
  spec: {
    addresses: ["172.20.0.5", "fd83::889d"],
    hostname: "w-1",
    empty: [],
    nothing: null,
    conditions: [
      { type: "Ready", status: "True", since: null, count: 2 },
      { type: "Synced", status: "False", count: 10 },
    ],
    user: 274.55,
  },
};

Deno.test("jsonpath prints every result and every text on a line of its own", () => {
  // spec/resources.md 6.1 and 6.3
  const lines: [template: string, expected: string[]][] = [
    ["", []],
    ["{.spec.hostname}", ["w-1"]],
    ["{['spec']['hostname']}", ["w-1"]],
    ["{.event} {.metadata.id}", ["created", " ", "w-1"]],
    ["h={.spec.hostname}", ["h=", "w-1"]],
    ['{.spec.hostname}{"\\t"}{.node}', ["w-1", "\t", "172.20.0.2"]],
    ["{.metadata.created}", ['"2026-09-01T12:00:01Z"']],
    ["{.metadata.owner}", ["<nil>"]],
    ["{.metadata.labels.talos\\.dev/x}", ["1"]],
    ["{.metadata.labels['talos\\.dev/x']}", ["1"]],
    ["{.spec.addresses}", ['[\n    "172.20.0.5",\n    "fd83::889d"\n]']],
    ["{.spec.addresses[*]}", ["172.20.0.5", "fd83::889d"]],
    ["{.spec.addresses.*}", ["172.20.0.5", "fd83::889d"]],
    ["{.spec.addresses[-1]}", ["fd83::889d"]],
    ["{.spec.addresses[0:1]}", ["172.20.0.5"]],
    ["{.spec.addresses[::2]}", ["172.20.0.5"]],
    ["{.spec.addresses[1,0]}", ["fd83::889d", "172.20.0.5"]],
    ["{.spec['hostname','user']}", ["w-1", "274.55"]],
    ["{..status}", ["True", "False"]],
    ['{.spec.conditions[?(@.type=="Ready")].status}', ["True"]],
    ["{.spec.conditions[?(@.count>=2)].type}", ["Ready", "Synced"]],
    ["{.spec.conditions[?(@.count<10)].type}", ["Ready"]],
    ['{.spec.conditions[?(@.type!="Ready")].type}', ["Synced"]],
    ["{.spec.conditions[?(@.since)].type}", ["Ready"]],
    ["{$.spec.hostname}", ["w-1"]],
    ["{5}{1.5}{true}", ["5", "1.5", "true"]],
    ['{range .spec.addresses[*]}{@}{"\\n"}{end}', ["172.20.0.5", "\n", "fd83::889d", "\n"]],
    ["{range .spec.empty[*]}{@}{end}done", ["done"]],
  ];
  for (const [template, expected] of lines) {
    const text = compileJsonpath(template)(member);

    assert.equal(text, expected.map((line) => `${line}\n`).join(""), template);
  }
});

Deno.test("{} prints the whole object as sorted JSON", () => {
  const text = compileJsonpath("{}")({ b: "<", a: { n: 1n << 62n } });

  assert.equal(
    text,
    '{\n    "a": {\n        "n": 4611686018427387904\n    },\n    "b": "\\u003c"\n}\n',
  );
});

Deno.test("a jsonpath that cannot be read says what is wrong with it", () => {
  // spec/resources.md 6.1
  const errors: [template: string, error: string][] = [
    ["{.x", "unclosed action"],
    ["{.a[", "unterminated array"],
    ["{.a[x]}", "invalid array index x"],
    ["{.a[?(@.x", "unterminated filter"],
    ["{.a[?(@.x) ]}", "unclosed array expect ]"],
    ['{"x', "unterminated quoted string"],
    ["{1.2.3}", "cannot parse number 1.2.3"],
    ["{#}", "unrecognized character in action: U+0023 '#'"],
    ["{.. ..name}", "invalid multiple recursive descent"],
  ];
  for (const [template, error] of errors) {
    assert.throws(
      () => compileJsonpath(template),
      new CliError(`error parsing jsonpath: ${error}`),
      template,
    );
  }
});

Deno.test("a jsonpath that finds nothing says what is missing", () => {
  // spec/resources.md 6.1
  const errors: [template: string, error: string][] = [
    ["{.spec.nope}", "nope is not found"],
    ["{.spec.nothing.x}", "x is not found"],
    ["{.spec.addresses[5]}", "array index out of bounds: index 5, length 2"],
    ["{.spec.empty[0]}", "array index out of bounds: index 0, length 0"],
    ["{foo}", "unrecognized identifier foo"],
    ["{end}", "not in range, nothing to end"],
    ["{.spec[0]}", "map[string]interface {} is not array or slice"],
    ["{.spec.addresses[0:2:0]}", "step must be > 0"],
    ["{.spec.addresses[2:1]}", "array index out of bounds: index 2, length 2"],
    ["{.spec.conditions[?(@.*==1)]}", "can only compare one element at a time"],
    ["{.spec.conditions[?(@.count=1)]}", "unrecognized filter operator ="],
    ['{.spec.conditions[?(@.count=="2")]}', "incompatible types for comparison"],
    ["{.spec.conditions[?(@.count>1.5)]}", "incompatible types for comparison"],
  ];
  for (const [template, error] of errors) {
    assert.throws(
      () => compileJsonpath(template)(member),
      new CliError(`error finding result for jsonpath: ${error}`),
      template,
    );
  }
  assert.throws(
    () => compileJsonpath("{.a[2:1]}")({ a: [1, 2, 3] }),
    /: starting index 2 is greater than ending index 1$/,
  );
});

Deno.test("a range of get fails for every item after the first", () => {
  // spec/resources.md 6.3
  const print = compileOnceRangingJsonpath('{range .a[*]}{@}{"\\n"}{end}');

  const first = print(toValue({ a: ["172.20.0.2"] }));

  assert.equal(first, "172.20.0.2\n\n\n");
  const error = "error finding result for jsonpath: not in range, nothing to end";
  assert.throws(() => print(toValue({ a: ["172.20.0.3"] })), new CliError(error));
  assert.throws(() => print(toValue({ a: ["172.20.0.4"] })), new CliError(error));
});

Deno.test("a table cell shows scalars as Go does and the rest as compact JSON", () => {
  // spec/resources.md 6.2
  const cells: [template: string, spec: unknown, expected: string][] = [
    ["{.nope}", {}, ""],
    ["{.v}", { v: 274.55 }, "274.55"],
    ["{.v}", { v: 123456.5 }, "123456.5"],
    ["{.v}", { v: 1234567.5 }, "1.2345675e+06"],
    ["{.v}", { v: 0.000001 }, "1e-06"],
    ["{.v}", { v: 18446744073709551615n }, "18446744073709551615"],
    ["{.v}", { v: true }, "true"],
    ["{.v}", { v: null }, "null"],
    ["{.v}", { v: ["172.20.0.2"] }, '["172.20.0.2"]'],
    ["{.v}", { v: { b: "<", a: 1 } }, '{"a":1,"b":"\\u003c"}'],
    ["{.v}", { v: [] }, "[]"],
    ["{.v[:]}", { v: ["rd", "rds"] }, "rd rds"],
    ["{.v[:]}", { v: [] }, ""],
    ["{.v}/{.w}", { v: 1, w: "x" }, "1/x"],
    ["{.v}", { v: new Timestamp("2026-09-01T00:00:00Z") }, '"2026-09-01T00:00:00Z"'],
    ["{@}", "controlplane", "controlplane"],
    ["{.nope[?(@.x)]}", {}, ""],
  ];
  for (const [template, spec, expected] of cells) {
    assert.equal(compileColumn(template)(toValue(spec)), expected, template);
  }
  // A whole number that YAML holds as a float shows no point.
  assert.equal(compileColumn("{.v}")(new Map([["v", 1]])), "1");
});

Deno.test("a table cell that cannot be made gives the bare error", () => {
  // spec/resources.md 6.2
  assert.throws(
    () => compileColumn("{.e[0]}")(toValue({ e: [] })),
    new CliError("array index out of bounds: index 0, length 0"),
  );
  assert.throws(
    () => compileColumn("{.e[?(@.x)]}")(toValue({ e: 1 })),
    new CliError("1 is not array or slice and cannot be filtered"),
  );
});
