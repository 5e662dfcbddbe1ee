/** Resources as documents: types of scalars, styles, folding, and the exceptions for machine configurations. */

import assert from "node:assert/strict";
import { CliError } from "../../core/errors.ts";
import { Timestamp, type Value, valueToJson } from "../../core/output/value.ts";
import { readItem } from "../../core/resources/item.ts";
import { itemTree } from "../../core/resources/item_tree.ts";
import { plainScalarValue } from "../../core/resources/plain_scalar.ts";
import { treeToValue } from "../../core/resources/tree_value.ts";
import { writeYamlTree } from "../../core/resources/write_tree.ts";
import { loadYamlParser } from "../../core/resources/yaml_tree.ts";
import type { Metadata } from "../../proto/gen/v1alpha1/resource.ts";

function resource(yamlSpec: string, metadata: Partial<Metadata> = {}) {
  return {
    metadata: {
      namespace: "runtime",
      type: "MetaKeys.runtime.talos.dev",
      id: "0x0a",
      version: "2",
      owner: "",
      phase: "running",
      created: { seconds: "1788264049", nanos: 999_999_999 },
      updated: undefined,
      finalizers: [],
      labels: {},
      annotations: {},
      ...metadata,
    },
    spec: { yamlSpec, protoSpec: new Uint8Array() },
  };
}

async function toYaml(...given: Parameters<typeof resource>): Promise<string> {
  return writeYamlTree(itemTree(readItem(resource(...given)), await loadYamlParser()));
}

Deno.test("plain scalars have the types that Go's YAML gives them", () => {
  // spec/resources.md 5.4
  const types: [text: string, value: Value][] = [
    ["010", 8n],
    ["0o10", 8n],
    ["0x0a", 10n],
    ["0b11", 3n],
    ["1_000", 1000n],
    ["+1", 1n],
    ["08", 8],
    ["1e3", 1000],
    ["1e-06", 0.000001],
    [".5", 0.5],
    ["~", null],
    ["null", null],
    ["Null", null],
    ["", null],
    ["true", true],
    ["True", true],
    ["yes", "yes"],
    ["no", "no"],
    ["on", "on"],
    ["off", "off"],
    ["12:30", "12:30"],
    ["0000:00:02.0", "0000:00:02.0"],
    ["2026-09-01", new Timestamp("2026-09-01T00:00:00Z")],
    ["2026-09-01T12:03:11.520Z", new Timestamp("2026-09-01T12:03:11.52Z")],
    ["2026-13-01", "2026-13-01"],
    ["18446744073709551615", 18446744073709551615n],
    ["18446744073709551616", 18446744073709551616],
  ];
  for (const [text, value] of types) assert.deepEqual(plainScalarValue(text), value, text);
});

Deno.test("a value without a JSON form ends in Go's error", () => {
  // spec/resources.md 5.4
  assert.throws(
    () => valueToJson(plainScalarValue(".inf")),
    new CliError("json: unsupported value: +Inf"),
  );
});

Deno.test("metadata is plain wherever plain text can stand", async () => {
  // spec/resources.md 5.3
  const text = await toYaml("value: x\n", {
    owner: "",
    labels: { "talos.dev/system-volume": "", b: "#1 x", a: "true" },
    annotations: { note: "one\ntwo", plain: "a: b" },
    finalizers: ["block.MountController"],
  });

  assert.equal(
    text,
    `\
metadata:
    namespace: runtime
    type: MetaKeys.runtime.talos.dev
    id: 0x0a
    version: 2
    owner:
    phase: running
    created: 2026-09-01T12:00:49Z
    updated: 1970-01-01T00:00:00Z
    labels:
        a: true
        b: '#1 x'
        talos.dev/system-volume:
    annotations:
        note: |-
            one
            two
        plain: 'a: b'
    finalizers:
        - block.MountController
spec:
    value: x
`,
  );
});

Deno.test("a spec keeps its styles and gets an indentation of four", async () => {
  // spec/resources.md 7.1
  const parse = await loadYamlParser();
  const tree = parse(
    "h:\n- x: 1\n  'y':\n  - p\nq: \"1\"\nf: [1, {a: b}]\nn: ~\ne:\nt: |\n  a\n   b\n",
  );
  assert(tree !== undefined);

  const text = writeYamlTree(tree);

  assert.equal(
    text,
    `\
h:
    - x: 1
      'y':
        - p
q: "1"
f: [1, {a: b}]
n: ~
e:
t: |
    a
     b
`,
  );
});

Deno.test("a line is folded at the first single blank beyond 80 columns", async () => {
  // spec/resources.md 7.1
  const description =
    "Virtual extension which specifies the schematic of the image built with Image Factory.";

  const text = await toYaml(`metadata:\n    description: ${description}\n`);

  assert.equal(
    text.slice(text.indexOf("spec:")),
    `\
spec:
    metadata:
        description: Virtual extension which specifies the schematic of the image
            built with Image Factory.
`,
  );
});

Deno.test("a scalar or empty spec stays on the line of its key", async () => {
  // spec/resources.md 5.3
  for (const spec of ["controlplane", "[]", "{}"]) {
    assert.match(await toYaml(`${spec}\n`), new RegExp(`^spec: ${RegExp.escape(spec)}\n$`, "m"));
  }
});

Deno.test("a machine configuration of an old node, without annotations, is one string", async () => {
  // spec/resources.md 5.3
  const text = await toYaml("version: v1alpha1\nmachine:\n  type: worker\n", {
    type: "MachineConfigs.config.talos.dev",
  });

  assert.match(text, /\nspec: \|\n {4}version: v1alpha1\n {4}machine:\n {6}type: worker\n$/);
});

Deno.test("JSON keeps all 64 bits and reads metadata back by type", async () => {
  // spec/resources.md 5.4
  const item = readItem(resource("size: 9223372036854775807\n", { id: "0x0a", version: "2" }));

  const json = valueToJson(treeToValue(itemTree(item, await loadYamlParser())));

  assert.equal(
    json,
    '{"metadata":{"created":"2026-09-01T12:00:49Z","id":10,"namespace":"runtime","owner":null,' +
      '"phase":"running","type":"MetaKeys.runtime.talos.dev","updated":"1970-01-01T00:00:00Z",' +
      '"version":2},"spec":{"size":9223372036854775807}}',
  );
});

Deno.test("what a node must not send is refused in words", async () => {
  const refused: [given: Parameters<typeof resource>, error: RegExp][] = [
    [["a: 1", { version: "x" }], /^error parsing version: /],
    [["a: 1", { phase: "gone" }], /^unknown phase: gone$/],
    [["a: 1", { created: { seconds: "99999999999999", nanos: 0 } }], /no possible time$/],
    [[""], /^go-yaml dump error in representer: YAML spec is not specified$/],
    [["a: &x [1]\nb: *x\n"], /^reading YAML: the alias \*x is not supported$/],
    [["a: [1"], /^reading YAML: /],
    [["[".repeat(5000)], /^reading YAML: /],
  ];
  for (const [given, error] of refused) {
    await assert.rejects(toYaml(...given), (thrown) => {
      assert(thrown instanceof CliError);
      assert.match(thrown.message, error);
      return true;
    });
  }
  assert.throws(() => readItem(undefined), new CliError("metadata is missing"));
});
