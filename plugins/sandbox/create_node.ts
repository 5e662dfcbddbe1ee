/** Makes a node as it is some seconds after its boot: identity at once, all that it has when first asked for. */

import { runBoot } from "./boot_sequence.ts";
import type { SandboxClock } from "./clock.ts";
import { CosiStore } from "./cosi_store.ts";
import { createEventLog } from "./event_log.ts";
import { nodeIdentity, xidSource } from "./ids.ts";
import { initialMachineConfig } from "./machine_config.ts";
import type { MachineType, NodeVersion, Platform, SandboxNode } from "./node.ts";
import { type NodeService, serviceKinds } from "./node_services.ts";
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
}

/** How long the services of a fresh sandbox have been up. */
const uptimeMs = 40_000;

/** Makes one node. */
export function createNode(options: NodeOptions): SandboxNode {
  const { name, address, machineType, platform, version, seed, clock } = options;
  const random = seededRandom(seed, name);
  const bootedAt = new Date(clock.now().getTime() - uptimeMs);
  let activity: Pick<SandboxNode, "services" | "events"> | undefined;
  let resources: CosiStore | undefined;
  let files: NodeFiles | undefined;
  let images: { machineType: MachineType; store: ImageStore } | undefined;
  let system: { boot: string; parts: NodeSystem } | undefined;
  let machineConfig: { text: string | undefined } | undefined;

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
      return (activity ??= boot()).services;
    },
    get events() {
      return (activity ??= boot()).events;
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
    get machineConfig() {
      machineConfig ??= { text: initialMachineConfig(node, options.cluster) };
      return machineConfig.text;
    },
    set machineConfig(text) {
      machineConfig = { text };
    },
    fault: undefined,
    endpoint: undefined,
  };

  function boot(): Pick<SandboxNode, "services" | "events"> {
    const services = new Map<string, NodeService>();
    activity = { services, events: createEventLog(xidSource(random)) };
    for (const kind of serviceKinds(node)) {
      services.set(kind.id, {
        kind,
        state: "Initialized",
        isHealthy: undefined,
        lastHealthMessage: "",
        lastHealthChange: bootedAt,
        events: [],
      });
    }
    runBoot(node, { at: bootedAt });
    return activity;
  }
  return node;
}
