/** Which resource type a word means. */

import assert from "node:assert/strict";
import { findDefinition, type ResourceDefinition } from "../../core/resources/definitions.ts";

function definition(type: string, ...aliases: string[]): ResourceDefinition {
  const id = type.toLowerCase();
  const columns: ResourceDefinition["columns"] = [];
  return {
    id,
    type,
    displayType: "X",
    defaultNamespace: "x",
    aliases,
    allAliases: aliases,
    columns,
  };
}

const definitions = [
  definition("MachineStatuses.runtime.talos.dev", "machinestatuses", "ms"),
  definition("Members.cluster.talos.dev", "members", "members.cluster", "member"),
  definition("MemoryStats.perf.talos.dev", "memorystats", "ms"),
];

Deno.test("a type is found by its id and its aliases, whatever their case", () => {
  // spec/resources.md 4
  for (const word of ["MEMBERS", "members.cluster", "Members.cluster.talos.dev", "Member"]) {
    assert.equal(findDefinition(definitions, word).type, "Members.cluster.talos.dev", word);
  }
});

Deno.test("an unknown or ambiguous type is refused as a node would", () => {
  // spec/resources.md 4
  const errors: [word: string, error: string][] = [
    ["foo", 'rpc error: code = NotFound desc = resource "foo" is not registered'],
    ["", 'rpc error: code = NotFound desc = resource "" is not registered'],
    [
      "ms",
      'rpc error: code = InvalidArgument desc = resource type "ms" is ambiguous: ' +
      "[machinestatuses.runtime.talos.dev memorystats.perf.talos.dev]",
    ],
  ];
  for (const [word, message] of errors) {
    assert.throws(() => findDefinition(definitions, word), { name: "CliError", message });
  }
});
