/** What the simulated Kubernetes knows: which nodes take pods, and which pods are where. */

import type { SandboxClock } from "../clock.ts";
import type { SandboxNode } from "../node.ts";
import { seededRandom } from "../random.ts";
import type { Pod } from "../system/pods.ts";

/** A pod as the API shows it. */
export interface KubernetesPod {
  namespace: string;
  name: string;
  uid: string;
  /** The name of what runs it: a deployment, a daemon set, a static manifest. */
  app: string;
  kind: "ReplicaSet" | "DaemonSet" | "static";
  /** Undefined while no node takes it. */
  node: SandboxNode | undefined;
  /** When it will have ended, once it was told to. */
  goneAt: Date | undefined;
}

/** What it is made from. */
export interface KubernetesParts {
  name: string;
  nodes: readonly SandboxNode[];
  clock: SandboxClock;
}

const daemonSets = ["kube-flannel", "kube-proxy"];
const nameAlphabet = "bcdfghjklmnpqrstvwxz2456789";
/** From the word to a pod that it has to go until it is gone. */
const terminationMs = 2000;

/** The nodes and pods of a cluster; pods move as time goes by and somebody looks. */
export class KubernetesState {
  /** By `namespace/app`, how many of its pods may be away at once; what is not listed has no budget. */
  readonly budgets = new Map<string, number>();
  readonly #parts: KubernetesParts;
  readonly #cordoned = new Set<SandboxNode>();
  #replicas: KubernetesPod[] | undefined;
  #madeCount = 0;

  constructor(parts: KubernetesParts) {
    this.#parts = parts;
  }

  /** Those that have a configuration. */
  get nodes(): readonly SandboxNode[] {
    return this.#parts.nodes.filter(({ config }) => config !== undefined);
  }

  findNode(name: string): SandboxNode | undefined {
    return this.nodes.find(({ hostname }) => hostname === name);
  }

  isCordoned(node: SandboxNode): boolean {
    return this.#cordoned.has(node);
  }

  setCordoned(node: SandboxNode, isCordoned: boolean): void {
    if (isCordoned) this.#cordoned.add(node);
    else this.#cordoned.delete(node);
  }

  isReady(node: SandboxNode): boolean {
    // Its services are there from the first look on, and readiness with them.
    return node.services.size > 0 && node.progress.isReadyInKubernetes;
  }

  /** All pods as of now. */
  get pods(): readonly KubernetesPod[] {
    this.#settle();
    return [...this.nodes.flatMap((node) => fixedPods(node)), ...this.#replicas ?? []];
  }

  /** Ends a pod, unless a disruption budget is in the way: then false. */
  evict(pod: KubernetesPod): boolean {
    const allowed = this.budgets.get(`${pod.namespace}/${pod.app}`) ?? Infinity;
    const isAway = ({ app, namespace, node, goneAt }: KubernetesPod) =>
      app === pod.app && namespace === pod.namespace &&
      (node === undefined || goneAt !== undefined);
    if (pod.goneAt === undefined && this.pods.filter(isAway).length >= allowed) return false;
    this.delete(pod);
    return true;
  }

  /** Ends a pod; those of daemon sets and manifests are there again at once. */
  delete(pod: KubernetesPod): void {
    pod.goneAt ??= new Date(this.#parts.clock.now().getTime() + terminationMs);
  }

  /** Pods that have ended are replaced, and those without a node look for one. */
  #settle(): void {
    const now = this.#parts.clock.now();
    const replicas = (this.#replicas ?? this.#firstReplicas()).map((pod) =>
      pod.goneAt !== undefined && pod.goneAt <= now ? this.#replacement(pod) : pod
    );
    this.#replicas = replicas;
    for (const pod of replicas) pod.node ??= this.#leastUsed(replicas);
  }

  /** The name servers, and a deployment with one pod a node. */
  #firstReplicas(): KubernetesPod[] {
    return this.nodes.flatMap((node) => {
      const own = node.system.pods.filter((pod) => kindOf(node, pod) === "ReplicaSet")
        .map((pod) => shownPod(node, pod));
      const web = this.#replacement({ namespace: "default", app: "web" });
      return [...own, { ...web, node }];
    });
  }

  #replacement({ namespace, app }: Pick<KubernetesPod, "namespace" | "app">): KubernetesPod {
    const template = seededRandom(0, `${this.#parts.name}/${namespace}/${app}`);
    const own = seededRandom(++this.#madeCount, `${this.#parts.name}/${namespace}/${app}`);
    const letters = (bytes: Uint8Array) =>
      [...bytes].map((byte) => nameAlphabet[byte % nameAlphabet.length]).join("");
    return {
      namespace,
      name: `${app}-${letters(template.bytes(10))}-${letters(own.bytes(5))}`,
      uid: own.uuid(),
      app,
      kind: "ReplicaSet",
      node: undefined,
      goneAt: undefined,
    };
  }

  #leastUsed(replicas: readonly KubernetesPod[]): SandboxNode | undefined {
    const count = (node: SandboxNode) => replicas.filter((pod) => pod.node === node).length;
    return this.nodes.filter((node) => !this.isCordoned(node) && this.isReady(node))
      .sort((one, other) => count(one) - count(other))[0];
  }
}

/** The pods that belong to their node. */
function fixedPods(node: SandboxNode): readonly KubernetesPod[] {
  return node.system.pods.filter((pod) => kindOf(node, pod) !== "ReplicaSet")
    .map((pod) => shownPod(node, pod));
}

function kindOf({ hostname }: SandboxNode, { name, containers }: Pod): KubernetesPod["kind"] {
  const app = containers[0]?.name ?? "";
  if (name === `${app}-${hostname}`) return "static";
  return daemonSets.includes(app) ? "DaemonSet" : "ReplicaSet";
}

function shownPod(node: SandboxNode, pod: Pod): KubernetesPod {
  const { namespace, name, uid, containers } = pod;
  const app = containers[0]?.name ?? name;
  return { namespace, name, uid, app, kind: kindOf(node, pod), node, goneAt: undefined };
}
