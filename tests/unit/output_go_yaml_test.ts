/** YAML as the official client writes it: forms of the golden case `patch-sm-scalars`, layout, folding. */

import assert from "node:assert/strict";
import { load } from "js-yaml";
import { parse } from "yaml";
import { toGoYaml } from "../../core/output/go_yaml.ts";

Deno.test("a talosconfig's scalars are quoted only where plain text would read back otherwise", () => {
  // spec/client.md 1.3
  const config = {
    context: "prod",
    contexts: new Map([
      ["prod", {
        endpoints: ["10.0.0.2"],
        nodes: ["true", "1234", "fd00::1", "a: b", "", "*"],
        ca: undefined,
      }],
    ]),
  };

  const text = toGoYaml(config);

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

Deno.test("every kind of string gets the style Go's writer gives it", () => {
  // golden machine-config/patch-sm-scalars; spec/machine-config.md 7.1
  const cases: [text: string, written: string][] = [
    ...["NaN", "inf", "=", "a:b", "a#b", "-a", "?a", "a,b", "it's", 'say "x"', "é", "日本", "a\\b"]
      .concat([
        "1.2.3",
        "1,000",
        "376567988ad370138ad8b2698212367b",
        "2026-09-01 12:00:00 +0000 UTC",
      ])
      .map((text): [string, string] => [text, text]),
    ...["1", "-1", "+1", "1.5", "1e3", ".5", "1.", "0x1F", "0o17", "017", "0b1", "1_000", "1__0"]
      .concat([
        "true",
        "True",
        "TRUE",
        "null",
        "Null",
        "~",
        "",
        ".nan",
        ".inf",
        "-.inf",
        "0.0",
        "08",
      ])
      .concat(["2001-01-01", "2001-01-01T00:00:00Z", "2001-1-1"])
      .map((text): [string, string] => [text, `"${text}"`]),
    ...["yes", "Yes", "no", "on", "off", "y", "n", "Y", "N", "12:30:45", "1:30", "<<"]
      .concat(["0000:00:02.0", "00:00:00:00:00:00"])
      .concat([
        "a: b",
        "a:",
        "# x",
        "a #b",
        "- a",
        "-",
        "?",
        "? a",
        "|",
        "|a",
        ">",
        "[a",
        "]a",
        "{",
      ])
      .concat(["}", "@a", "`a", "%", "*", "&a", "!", '"', " lead", "trail ", "...", "---", "--- a"])
      .map((text): [string, string] => [text, `'${text}'`]),
    ["'", "''''"],
    ["\n", '"\\n"'],
    ["\t", '"\\t"'],
    ["a\ttab", '"a\\ttab"'],
    ["\u{1F600}", '"\\U0001F600"'],
    ["\x07", '"\\a"'],
    ["\x1b[31m", '"\\e[31m"'],
    ["\x7f", '"\\x7F"'],
    ["a\r\nb", '"a\\r\\nb"'],
    [" \n a", '" \\n a"'],
    ["multi\nline", "|-\n    multi\n    line"],
    ["trailing\n", "|\n    trailing"],
    ["multi\n\n\n", "|+\n    multi\n\n"],
    ["\nlead", "|-\n\n    lead"],
    ["  ind\nx", "|4-\n      ind\n    x"],
    ["tab\t\nx", "|-\n    tab\t\n    x"],
    ["a\u2028b", "'a\u2028    b'"],
  ];

  for (const [text, written] of cases) assert.equal(toGoYaml({ k: text }), `k: ${written}\n`);
});

Deno.test("keys are quoted like values, and nothing is written for what is undefined", () => {
  const value = {
    "": "v",
    "1": "v",
    A: "v",
    true: "v",
    y: "v",
    "z/1": "v",
    é: "v",
    gone: undefined,
  };

  const text = toGoYaml(value);

  assert.equal(text, `"1": v\n"": v\nA: v\n"true": v\n'y': v\nz/1: v\né: v\n`);
});

Deno.test("lists stand a level deeper than their key, and two columns after a dash", () => {
  // golden machine-config/patch-sm-scalars
  const interfaces = [
    {
      interface: "eth0",
      addresses: ["192.168.2.2/24"],
      routes: [{ network: "0.0.0.0/0" }],
      vlans: [{ routes: [], dhcp: true, vlanId: 10, empty: {}, none: null }],
    },
    ["a", ["b"]],
  ];

  const text = toGoYaml({ machine: { network: { interfaces } } });

  assert.equal(
    text,
    `\
machine:
    network:
        interfaces:
            - interface: eth0
              addresses:
                - 192.168.2.2/24
              routes:
                - network: 0.0.0.0/0
              vlans:
                - routes: []
                  dhcp: true
                  vlanId: 10
                  empty: {}
                  none: null
            - - a
              - - b
`,
  );
});

Deno.test("a kubeconfig has lists in the column of their key and double quotes around yes", () => {
  // golden kubeconfig/exec-null-lists; spec/kubeconfig.md 7
  const config = {
    kind: "Config",
    users: [{
      name: "u",
      user: { exec: { args: null, command: "aws", env: ["yes"], provideClusterInfo: false } },
    }],
  };

  const text = toGoYaml(config, { indent: 2, sequenceIndent: false, oldTypeQuotes: "double" });

  assert.equal(
    text,
    `\
kind: Config
users:
- name: u
  user:
    exec:
      args: null
      command: aws
      env:
      - "yes"
      provideClusterInfo: false
`,
  );
});

Deno.test("long text is folded at the first blank beyond column 80 when a width is given", () => {
  // spec/resources.md 7.1
  const description =
    "Virtual extension which specifies the schematic of the image built with Image Factory.";

  const text = toGoYaml({ spec: { metadata: { description } } }, { lineWidth: 80 });

  assert.equal(
    text,
    `\
spec:
    metadata:
        description: Virtual extension which specifies the schematic of the image
            built with Image Factory.
`,
  );
});

Deno.test("a blank at column 80 stays, one at column 81 becomes a line break", () => {
  // spec/resources.md 7.1: the line already has 81 or more characters
  const fold = (length: number) => toGoYaml({ k: "x".repeat(length) + " y" }, { lineWidth: 80 });

  assert.equal(fold(77), `k: ${"x".repeat(77)} y\n`);
  assert.equal(fold(78), `k: ${"x".repeat(78)}\n    y\n`);
});

Deno.test("numbers keep 64 bits as bigint and print fractions in Go's shortest form", () => {
  const text = toGoYaml([18446744073709551615n, 1e6, 274.55, 1234567.5, 1e-6, -Infinity]);

  assert.equal(
    text,
    "- 18446744073709551615\n- 1000000\n- 274.55\n- 1.2345675e+06\n- 1e-06\n- -.inf\n",
  );
});

Deno.test("whatever is written reads back as the same value in two YAML readers", () => {
  const random = randomFrom(20261121);
  const layouts = [
    {},
    { lineWidth: 80 },
    { indent: 2, sequenceIndent: false, lineWidth: 80, oldTypeQuotes: "double" },
  ] as const;

  for (let round = 0; round < 1_500; round++) {
    const value = randomValue(random, 4);
    for (const layout of layouts) {
      const text = toGoYaml(value, layout);
      assert.deepEqual(load(text), value, text);
      assert.deepEqual(parse(text), value, text);
    }
  }
});

/** A small linear congruential generator: the same values in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const pieces = [
  " ",
  "  ",
  "\n",
  "\n\n",
  "a",
  "b: ",
  ":",
  "#",
  " #",
  "- ",
  "-",
  "'",
  '"',
  "\\",
  "\t",
]
  .concat(["1", "0x1", "_", ".", "~", "null", "true", "yes", "e5", "é", "日本", "\u{1f600}", "\r"])
  .concat(["\x07", "\x85", "\ufeff", "{", "[", "*", "&", "!", "|", ">", "%", "@", "`", "?", ","])
  .concat(["]", "}", "---", "...", "2001-01-01", "12:30", "<<", "=", "some longer text here "]);

function randomText(random: () => number): string {
  const length = Math.floor(random() * random() * 30);
  const piece = () => pieces[Math.floor(random() * pieces.length)] ?? "";
  return Array.from({ length }, piece).join("");
}

function randomValue(random: () => number, depth: number): unknown {
  const kind = random();
  const length = Math.floor(random() * 4);
  if (depth > 0 && kind < 0.25) {
    return Array.from({ length }, () => randomValue(random, depth - 1));
  }
  if (depth > 0 && kind < 0.55) {
    const entry = () => [randomText(random), randomValue(random, depth - 1)];
    return Object.fromEntries(Array.from({ length }, entry));
  }
  if (kind < 0.9) return randomText(random);
  return [
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e-7,
    123456789,
    1234567.5,
    1e300,
  ][Math.floor(random() * 10)];
}
