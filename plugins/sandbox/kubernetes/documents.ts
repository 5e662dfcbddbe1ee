/** Nodes, pods and failures in the form of the Kubernetes API. */

import { kubernetesVersion } from "../system/pods.ts";
import type { SandboxNode } from "../node.ts";
import type { KubernetesPod, KubernetesState } from "./state.ts";

/** A `Node`. */
export function nodeDocument(node: SandboxNode, state: KubernetesState): object {
  const { hostname, addresses, version, machineType, nodeId } = node;
  const isReady = state.isReady(node);
  const role = machineType === "controlplane"
    ? { "node-role.kubernetes.io/control-plane": "" }
    : {};
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: hostname,
      uid: nodeId,
      labels: { "kubernetes.io/hostname": hostname, ...role },
    },
    spec: state.isCordoned(node) ? { unschedulable: true } : {},
    status: {
      addresses: [
        ...addresses.map((address) => ({ type: "InternalIP", address })),
        { type: "Hostname", address: hostname },
      ],
      conditions: [{
        type: "Ready",
        status: isReady ? "True" : "False",
        reason: isReady ? "KubeletReady" : "KubeletNotReady",
      }],
      nodeInfo: {
        bootID: node.bootId,
        kubeletVersion: kubernetesVersion,
        operatingSystem: "linux",
        architecture: version.arch,
        osImage: `Talos (${version.tag})`,
      },
    },
  };
}

/** A `Pod`. */
export function podDocument(
  { namespace, name, uid, app, kind, node, goneAt }: KubernetesPod,
): object {
  const owner = { apiVersion: "apps/v1", kind, name: app, controller: true };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      namespace,
      name,
      uid,
      labels: { app },
      ...(kind === "static"
        ? { annotations: { "kubernetes.io/config.mirror": uid } }
        : { ownerReferences: [owner] }),
      ...(goneAt === undefined ? {} : { deletionTimestamp: goneAt.toISOString() }),
    },
    spec: node === undefined ? {} : { nodeName: node.hostname },
    status: { phase: node === undefined ? "Pending" : "Running" },
  };
}

/** A list of these. */
export function listDocument(kind: string, items: readonly object[]): object {
  return { apiVersion: "v1", kind, metadata: {}, items };
}

/** What a client finds first: versions, groups and resources; by path. */
export const discovery: Readonly<Record<string, object>> = {
  "/version": { major: "1", minor: "37", gitVersion: kubernetesVersion },
  "/api": { kind: "APIVersions", versions: ["v1"] },
  "/apis": {
    kind: "APIGroupList",
    apiVersion: "v1",
    groups: [{
      name: "policy",
      versions: [{ groupVersion: "policy/v1", version: "v1" }],
      preferredVersion: { groupVersion: "policy/v1", version: "v1" },
    }],
  },
  "/apis/policy/v1": {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: "policy/v1",
    resources: [],
  },
  "/api/v1": {
    kind: "APIResourceList",
    groupVersion: "v1",
    resources: [
      resource("nodes", "Node", { namespaced: false, verbs: ["get", "list", "patch"] }),
      resource("pods", "Pod", { namespaced: true, verbs: ["get", "list", "delete"] }),
      {
        ...resource("pods/eviction", "Eviction", { namespaced: true, verbs: ["create"] }),
        group: "policy",
        version: "v1",
      },
    ],
  },
};

function resource(
  name: string,
  kind: string,
  { namespaced, verbs }: { namespaced: boolean; verbs: readonly string[] },
) {
  return { name, singularName: kind.toLowerCase(), namespaced, kind, verbs };
}

/** An answer that is a failure. */
export class KubernetesFailure extends Error {
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }

  /** A `Status`. */
  get document(): object {
    const { status: code, reason, message } = this;
    return {
      apiVersion: "v1",
      kind: "Status",
      metadata: {},
      status: "Failure",
      message,
      reason,
      code,
    };
  }
}
