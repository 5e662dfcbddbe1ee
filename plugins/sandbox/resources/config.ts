/** The machine configuration of a node, and its type. */

import type { Sources } from "./sources.ts";

/** The sources of this area. */
export const configSources: Sources = {
  "MachineConfigs.config.talos.dev": ({ node: { config, disk } }) =>
    Object.entries({ persistent: disk.config, v1alpha1: config }).flatMap(([id, each]) =>
      each === undefined
        ? []
        : [{ id, annotations: { "talos.dev/yaml-spec": "1" }, spec: each.text }]
    ),
  "MachineTypes.config.talos.dev": ({ node: { machineType } }) => [{
    id: "machine-type",
    owner: "config.MachineTypeController",
    version: machineType === "unknown" ? 1 : 2,
    spec: machineType,
  }],
};
