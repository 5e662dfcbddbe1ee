/** The two encodings of a resource's spec, against what sample nodes of tests/golden/resources send. */

import { parse } from "@std/yaml";
import assert from "node:assert/strict";
import { asSpec } from "../../plugins/sandbox/resources/complete_spec.ts";
import { formsOf } from "../../plugins/sandbox/resources/resource_seed.ts";
import { specFields } from "../../plugins/sandbox/resources/spec_fields.ts";
import { topLevelFields } from "../../plugins/sandbox/wire.ts";
import { Struct } from "../../proto/gen/google/protobuf/struct.ts";
import { readSeededNodes } from "../resources_seeds.ts";

Deno.test("every sample resource is encoded as the node that sent it did, in YAML and in protobuf", async () => {
  const types = new Set<string>();
  for (const { resources } of await readSeededNodes()) {
    for (const { metadata: { type, id } = { type: "", id: "" }, spec } of resources) {
      if (type === "" || spec === undefined || isOnEveryNode(type)) continue;
      types.add(type);
      const forms = formsOf(type, withHidden(type, withTimes(type, parse(spec.yamlSpec))));

      assert.equal(forms.yamlSpec, spec.yamlSpec, `${type} ${id}`);
      assert.deepEqual(
        comparable(type, forms.encode()),
        comparable(type, spec.protoSpec),
        `${type} ${id}`,
      );
    }
  }
  assert.equal(types.size, 64);
});

Deno.test("a spec of nothing has a YAML form for every type, and no bytes in protobuf", async () => {
  const { default: data } = await import("../../plugins/sandbox/data/spec_fields.json", {
    with: { type: "json" },
  });
  for (const type of Object.keys(data)) {
    const { yamlSpec, encode } = formsOf(type, {});

    assert.doesNotMatch(yamlSpec, /undefined/, type);
    assert.equal(encode().length, 0, type);
  }
});

Deno.test("a key that a type does not have is our mistake and says so", () => {
  assert.throws(() => formsOf("Identities.cluster.talos.dev", { nodeID: "x" }), {
    message: 'spec: there is no key "nodeID"',
  });
});

/** Definitions and namespaces have encoders of their own. */
function isOnEveryNode(type: string): boolean {
  return type.endsWith(".meta.cosi.dev");
}

/** Times are dates before they are written. */
function withTimes(type: string, spec: unknown): unknown {
  const times = specFields(type).filter(({ kind }) => kind === "time").map(({ key }) => key);
  if (times.length === 0) return spec;
  return Object.fromEntries(
    Object.entries(asSpec(spec)).map(([key, value]) => [
      key,
      times.includes(key) ? new Date(String(value)) : value,
    ]),
  );
}

/** What the samples say in protobuf alone: the local and the broadcast address of an IPv4 address, and where pods find DNS. */
function withHidden(type: string, spec: unknown): unknown {
  if (type === "HostDNSConfigs.net.talos.dev") {
    return { ...asSpec(spec), serviceHostDNSAddress: "169.254.116.108" };
  }
  if (type !== "AddressStatuses.net.talos.dev") return spec;
  const { address, linkName, family } = asSpec(spec);
  if (family !== "inet4" || linkName === "") return spec;
  const [local = ""] = String(address).split("/");
  const broadcast = linkName === "lo" ? "" : local.replace(/\d+$/, "255");
  return { ...asSpec(spec), local, broadcast };
}

/** Maps have no order in protobuf: their bytes are compared as a set, free-form objects as objects. */
function comparable(type: string, bytes: Uint8Array): unknown {
  if (type.startsWith("StaticPod")) {
    const [field] = topLevelFields(bytes);
    return Struct.unwrap(Struct.decode(field?.payload ?? new Uint8Array()));
  }
  if (specFields(type).some(({ shape }) => shape === "map")) return bytes.toSorted();
  return bytes;
}
