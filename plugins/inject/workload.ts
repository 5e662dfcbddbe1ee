/** Workloads of Kubernetes, and how they come to the secret of their Talos service account. */

import {
  type ConfigMap,
  type ConfigValue,
  listAt,
  textAt,
  valueAt,
} from "../../core/machine_config/value.ts";
import { asKubernetesType, TypeMismatch } from "./kubernetes_type.ts";

/** The volume, in every workload. */
const volumeName = "talos-secrets";
/** Where programs look for their talosconfig. */
const mountPath = "/var/run/secrets/talos.dev";

/** Where the pods of each kind are described. */
const podSpecPaths: Readonly<Record<string, readonly string[]>> = {
  "v1/Pod": ["spec"],
  "apps/v1/Deployment": ["spec", "template", "spec"],
  "apps/v1/StatefulSet": ["spec", "template", "spec"],
  "apps/v1/DaemonSet": ["spec", "template", "spec"],
  "batch/v1/Job": ["spec", "template", "spec"],
  "batch/v1/CronJob": ["spec", "jobTemplate", "spec", "template", "spec"],
};

/** The secret, and the Talos service account that Talos makes it for. */
export function secretNameFor(workloadName: string): string {
  return `${workloadName}-${volumeName}`;
}

/** A named workload as Kubernetes writes it, its containers seeing the secret; nothing for any other object. */
export function withTalosSecret(object: ConfigMap): ConfigMap | undefined {
  const kind = textAt(object, "kind");
  const podSpecPath = podSpecPaths[`${textAt(object, "apiVersion")}/${kind}`];
  const name = textAt(object, "metadata", "name");
  if (podSpecPath === undefined || name === "") return undefined;

  const workload = typedWorkload(object, kind);
  const podSpec = valueAt(workload, ...podSpecPath);
  if (workload === undefined || !(podSpec instanceof Map)) return undefined;

  const secret = new Map([["secretName", secretNameFor(name)]]);
  replaceNamed(
    podSpec,
    "volumes",
    new Map<string, ConfigValue>([
      ["name", volumeName],
      ["secret", secret],
    ]),
  );
  for (const list of ["initContainers", "containers"]) {
    for (const container of listAt(podSpec, list)) {
      if (!(container instanceof Map)) continue;
      const mount = new Map([["mountPath", mountPath], ["name", volumeName]]);
      replaceNamed(container, "volumeMounts", mount);
    }
  }
  return workload;
}

/** What no reader of Kubernetes would take is passed on as it is. */
function typedWorkload(object: ConfigMap, kind: string): ConfigMap | undefined {
  try {
    return asKubernetesType(object, kind);
  } catch (error) {
    if (error instanceof TypeMismatch) return undefined;
    throw error;
  }
}

/** Appends an item to a list, of which earlier ones of its name are removed. */
function replaceNamed(holder: ConfigMap, list: string, item: ConfigMap): void {
  const others = listAt(holder, list).filter((other) => textAt(other, "name") !== item.get("name"));
  holder.set(list, [...others, item]);
}
