/** Resources in the form of the wire (spec/resources.md, 1). */

import type { DeepPartial } from "../../core/client/talos.ts";
import type { Resource as ResourceMessage } from "../../proto/gen/v1alpha1/resource.ts";
import { timestamp } from "./changes.ts";
import type { Resource } from "./cosi_store.ts";

/** A resource, or a tombstone with version 0. */
export function toProto(resource: Resource): DeepPartial<ResourceMessage> {
  const { protoSpec, yamlSpec, version, created, updated, finalizers, ...metadata } = resource;
  return {
    metadata: {
      ...metadata,
      version: version === 0 ? "undefined" : String(version),
      created: timestamp(created),
      updated: timestamp(updated),
      finalizers: [...finalizers],
    },
    spec: { protoSpec, yamlSpec },
  };
}

/** What stands for a resource that is not there. */
export function tombstone(
  { namespace, type, id }: { namespace: string; type: string; id: string },
  now: Date,
): DeepPartial<ResourceMessage> {
  return toProto({
    namespace,
    type,
    id,
    version: 0,
    owner: "",
    phase: "running",
    created: now,
    updated: now,
    finalizers: [],
    labels: {},
    annotations: {},
    yamlSpec: "",
    protoSpec: new Uint8Array(),
  });
}
