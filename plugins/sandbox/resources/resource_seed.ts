/** From what a source says of a resource to what the store keeps: metadata, and the spec in both encodings. */

import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { toGoYaml } from "../../../core/output/go_yaml.ts";
import type { DerivedDraft } from "../cosi_store.ts";
import definitions from "../data/resource_definitions.json" with { type: "json" };
import { asSpec, completeSpec, type Spec } from "./complete_spec.ts";
import { type SpecField, specFields } from "./spec_fields.ts";
import { encodeSpec, encodeStruct } from "./spec_proto.ts";

/** A resource as its source describes it; the type is said beside it. */
export interface ResourceSeed {
  id: string;
  /** Default: the type's own. */
  namespace?: string;
  owner?: string;
  /** The version it is first seen in; default 1. */
  version?: number;
  labels?: Readonly<Record<string, string>>;
  annotations?: Readonly<Record<string, string>>;
  finalizers?: readonly string[];
  /** Keys that are empty may be left out; the four types without an object have text or a list. */
  spec: unknown;
}

const defaultNamespaces = new Map(definitions.map(({ type, namespace }) => [type, namespace]));

/** The namespace of a resource of this type. */
export function namespaceOf(type: string, seed: ResourceSeed): string {
  return seed.namespace ?? defaultNamespaces.get(type) ?? "";
}

/** The resource with its YAML made and its binary form on demand. */
export function draftOf(type: string, seed: ResourceSeed): DerivedDraft {
  const { spec, ...metadata } = seed;
  return { ...metadata, type, namespace: namespaceOf(type, seed), ...formsOf(type, spec) };
}

/** Types whose specs are objects of somebody else, such as pods: all numbers are floats in them. */
const freeForm = new Set([
  "BaseRuntimeSpecConfigs.cri.talos.dev",
  "StaticPods.kubernetes.talos.dev",
  "StaticPodStatuses.kubernetes.talos.dev",
]);

const machineTypeNumbers: Readonly<Record<string, number>> = {
  init: 1,
  controlplane: 2,
  worker: 3,
};

/** Both encodings of a spec of this type. */
export function formsOf(type: string, spec: unknown): Pick<DerivedDraft, "yamlSpec" | "encode"> {
  if (freeForm.has(type)) {
    return {
      yamlSpec: toGoYaml(spec, { numbersAreFloats: true }),
      encode: () => encodeStruct(asSpec(spec)),
    };
  }
  switch (type) {
    case "Manifests.kubernetes.talos.dev":
      return {
        yamlSpec: toGoYaml(spec, { numbersAreFloats: true }),
        encode: () => manifestBytes(spec),
      };
    case "MachineConfigs.config.talos.dev":
      return {
        yamlSpec: toGoYaml(spec),
        encode: () => new BinaryWriter().tag(1, 2).string(String(spec)).finish(),
      };
    case "MachineTypes.config.talos.dev": {
      const number = machineTypeNumbers[String(spec)] ?? 0;
      return {
        yamlSpec: toGoYaml(spec),
        encode: () => new BinaryWriter().tag(1, 0).uint32(number).finish(),
      };
    }
    default: {
      const fields = specFields(type);
      const complete = completeSpec(fields, asSpec(spec));
      return {
        yamlSpec: toGoYaml(visible(fields, complete)),
        encode: () => encodeSpec(fields, complete),
      };
    }
  }
}

function visible(fields: readonly SpecField[], spec: Spec): Spec {
  const hidden = new Set(fields.filter(({ isHidden }) => isHidden).map(({ key }) => key));
  return Object.fromEntries(Object.entries(spec).filter(([key]) => !hidden.has(key)));
}

function manifestBytes(spec: unknown): Uint8Array {
  const writer = new BinaryWriter();
  for (const item of Array.isArray(spec) ? spec : []) {
    writer.tag(1, 2).bytes(encodeStruct(asSpec(item)));
  }
  return writer.finish();
}
