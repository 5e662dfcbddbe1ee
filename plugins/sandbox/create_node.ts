/** Makes a node as it is some seconds after its boot: identity at once, all that it has when first asked for. */

import { applyChange } from "./changes.ts";
import type { SandboxClock } from "./clock.ts";
import { CosiStore } from "./cosi_store.ts";
import { createEventLog } from "./event_log.ts";
import { nodeIdentity, xidSource } from "./ids.ts";
import { Lifecycle } from "./lifecycle/lifecycle.ts";
import { NodeApi } from "./lifecycle/node_api.ts";
import { NodeDisk } from "./lifecycle/node_disk.ts";
import type { TaskHooks } from "./lifecycle/tasks.ts";
import { type ConfiguredType, type InitialConfigs, withHostname } from "./machine_config.ts";
import type {
  MachineType,
  NodeConfig,
  NodeProgress,
  NodeVersion,
  Platform,
  SandboxNode,
} from "./node.ts";
import { lazyNodeConfig } from "./node_config.ts";
import type { NodeService } from "./node_services.ts";
import type { PlannedNode } from "./plan.ts";
import { seededRandom } from "./random.ts";
import type { ClusterFacts } from "./resources/node_facts.ts";
import { nodeResources } from "./resources/node_resources.ts";
import { bootImages, type ImageStore } from "./system/images.ts";
import { createNodeFiles, type NodeFiles } from "./system/node_files.ts";
import { createNodeSystem, type NodeSystem } from "./system/node_system.ts";
import { rootFiles } from "./system/root_files.ts";

/** What a node is to be. */
export interface NodeOptions extends PlannedNode {
  platform: Platform;
  version: NodeVersion;
  seed: number;
  clock: SandboxClock;
  /** Resources that all nodes of the cluster have. */
  sharedResources: () => CosiStore;
  /** What its resources say of the cluster. */
  cluster: ClusterFacts;
  /** What its lifecycle asks the cluster. */
  hooks: TaskHooks;
  /** What it is configured with at first. */
  initialConfigs: InitialConfigs;
  /** Aborts with the sandbox. */
  signal: AbortSignal;
}

/** How long the services of a fresh sandbox have been up. */
const uptimeMs = 40_000;

/** Makes one node. */
export function createNode(options: NodeOptions): SandboxNode {
  const { name, address, machineType, platform, version, seed, clock, hooks, signal } = options;
  const random = seededRandom(seed, name);
  const nextEventId = xidSource(random);
  const bootedAt = new Date(clock.now().getTime() - uptimeMs);
  let lifecycle: Lifecycle | undefined;
  let activity: Pick<SandboxNode, "services" | "events"> | undefined;
  let resources: CosiStore | undefined;
  let files: NodeFiles | undefined;
  let images: { machineType: MachineType; store: ImageStore } | undefined;
  let system: { boot: string; parts: NodeSystem } | undefined;
  let config = machineType === "unknown" ? undefined : initialConfig(machineType);
  const disk = new NodeDisk(version, config, (labels) => hooks.wiped(node, labels));

  const node: SandboxNode = {
    name,
    hostname: name,
    addresses: [address],
    machineType,
    platform,
    version,
    stage: machineType === "unknown" ? "maintenance" : "running",
    bootId: random.uuid(),
    nodeId: nodeIdentity(random),
    bootedAt,
    get services() {
      return (activity ??= firstBoot()).services;
    },
    get events() {
      return (activity ??= firstBoot()).events;
    },
    get resources() {
      return resources ??= new CosiStore(
        clock,
        options.sharedResources(),
        nodeResources(node, options.cluster),
      );
    },
    get files() {
      return files ??= createNodeFiles(() => rootFiles(node, clock), clock.now);
    },
    get images() {
      // A node that is given its first configuration pulls what it then runs.
      if (images?.machineType !== node.machineType) {
        images = { machineType: node.machineType, store: bootImages(node) };
      }
      return images.store;
    },
    get system() {
      const boot = `${node.bootId} as ${node.machineType}`;
      if (system?.boot !== boot) system = { boot, parts: createNodeSystem(node, clock) };
      return system.parts;
    },
    get config() {
      return config;
    },
    set config(next) {
      config = next;
      node.machineType = next?.machineType ?? "unknown";
      node.hostname = next?.hostname ?? name;
    },
    disk,
    api: new NodeApi(),
    get lifecycle() {
      return lifecycle ??= new Lifecycle(node, { clock, signal, hooks, newBoot });
    },
    progress: freshProgress(),
    fault: undefined,
    endpoint: undefined,
  };
  return node;

  function initialConfig(type: ConfiguredType): NodeConfig {
    return lazyNodeConfig(type, () => withHostname(options.initialConfigs(type), node.hostname));
  }

  function freshActivity(): Pick<SandboxNode, "services" | "events"> {
    return { services: new Map<string, NodeService>(), events: createEventLog(nextEventId) };
  }

  function firstBoot(): Pick<SandboxNode, "services" | "events"> {
    activity = freshActivity();
    node.lifecycle.bootAtOnce(bootedAt);
    return activity;
  }

  function newBoot(at: Date): void {
    node.bootId = random.uuid();
    node.bootedAt = at;
    node.version = disk.system;
    node.config = disk.config;
    Object.assign(node.progress, freshProgress());
    activity = freshActivity();
    resources = undefined;
    applyChange(node, { kind: "stage", stage: "unknown" }, { at });
  }
}

function freshProgress(): NodeProgress {
  return { hasTime: false, hasNetwork: false, isReadyInKubernetes: false, publishedStatus: "" };
}
