/** What each path of the simulated Kubernetes API answers. */

import {
  discovery,
  KubernetesFailure,
  listDocument,
  nodeDocument,
  podDocument,
} from "./documents.ts";
import type { KubernetesPod, KubernetesState } from "./state.ts";

/** A request, as far as it matters. */
export interface ApiRequest {
  method: string;
  url: URL;
  /** Parsed JSON; undefined where there is none. */
  body: unknown;
}

/** The document to answer; throws a {@linkcode KubernetesFailure} for what is not there or cannot be. */
export function answerRequest({ method, url, body }: ApiRequest, state: KubernetesState): object {
  const known = discovery[url.pathname];
  if (known !== undefined && method === "GET") return known;
  const [version, ...path] = url.pathname.replace(/^\/api\//, "").split("/");
  if (version !== "v1") throw noResource();
  const [kind, name, ...rest] = path;
  if (kind === "nodes") return answerNodes({ method, name, body }, state);
  const { pods } = state;
  if (kind === "pods" && name === undefined) return listDocument("PodList", selected(pods, url));
  const [resource, pod, action] = rest;
  if (kind !== "namespaces" || resource !== "pods") throw noResource();
  const own = pods.filter(({ namespace }) => namespace === name);
  if (pod === undefined) return listDocument("PodList", selected(own, url));
  return answerPod({ method, action, pod: found(own, pod) }, state);
}

function answerNodes(
  { method, name, body }: { method: string; name: string | undefined; body: unknown },
  state: KubernetesState,
): object {
  if (name === undefined) {
    return listDocument("NodeList", state.nodes.map((node) => nodeDocument(node, state)));
  }
  const node = state.findNode(name);
  if (node === undefined) throw notFound("nodes", name);
  if (method === "PATCH") {
    const spec = field(body, "spec");
    const wanted = field(spec, "unschedulable");
    if (wanted !== undefined) state.setCordoned(node, wanted === true);
  } else if (method !== "GET") throw notAllowed();
  return nodeDocument(node, state);
}

function answerPod(
  { method, action, pod }: { method: string; action: string | undefined; pod: KubernetesPod },
  state: KubernetesState,
): object {
  if (action === undefined && method === "GET") return podDocument(pod);
  if (action === undefined && method === "DELETE") {
    state.delete(pod);
    return podDocument(pod);
  }
  if (action !== "eviction" || method !== "POST") throw notAllowed();
  if (!state.evict(pod)) {
    const text = "Cannot evict pod as it would violate the pod's disruption budget.";
    throw new KubernetesFailure(429, "TooManyRequests", text);
  }
  return { apiVersion: "v1", kind: "Status", metadata: {}, status: "Success", code: 201 };
}

/** Selectors of fields as far as clients of nodes use them. */
function selected(pods: readonly KubernetesPod[], url: URL): readonly object[] {
  const [, nodeName] = /^spec\.nodeName=(.*)$/.exec(url.searchParams.get("fieldSelector") ?? "") ??
    [];
  return pods.filter(({ node }) => nodeName === undefined || node?.hostname === nodeName)
    .map(podDocument);
}

function found(pods: readonly KubernetesPod[], name: string): KubernetesPod {
  const pod = pods.find((pod) => pod.name === name);
  if (pod === undefined) throw notFound("pods", name);
  return pod;
}

function field(parent: unknown, key: string): unknown {
  return typeof parent === "object" && parent !== null ? Reflect.get(parent, key) : undefined;
}

function notFound(resource: string, name: string): KubernetesFailure {
  return new KubernetesFailure(404, "NotFound", `${resource} "${name}" not found`);
}

function noResource(): KubernetesFailure {
  return new KubernetesFailure(404, "NotFound", "the server could not find the requested resource");
}

function notAllowed(): KubernetesFailure {
  const text = "the server does not allow this method on the requested resource";
  return new KubernetesFailure(405, "MethodNotAllowed", text);
}
