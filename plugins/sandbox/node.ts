/** A simulated node: who it is and what it has. What it does is in machined.ts; what changes it, in changes.ts. */

import type { ConfigDocument } from "../../core/machine_config/value.ts";
import type { CosiStore } from "./cosi_store.ts";
import type { EventLog } from "./event_log.ts";
import type { Fault } from "./faults.ts";
import type { NodeService } from "./node_services.ts";
import type { Lifecycle } from "./lifecycle/lifecycle.ts";
import type { NodeApi } from "./lifecycle/node_api.ts";
import type { NodeDisk } from "./lifecycle/node_disk.ts";
import type { ImageStore } from "./system/images.ts";
import type { NodeFiles } from "./system/node_files.ts";
import type { NodeSystem } from "./system/node_system.ts";

/** What a node was told to be; `unknown` without a machine configuration. */
export type MachineType = "controlplane" | "worker" | "unknown";

/** How the node runs: a machine, or a container (which refuses more). */
export type Platform = "metal" | "container";

/** The state of the machine, as MachineStatus spells it. */
export type MachineStage =
  | "unknown"
  | "booting"
  | "installing"
  | "maintenance"
  | "running"
  | "rebooting"
  | "shutting down"
  | "resetting"
  | "upgrading";

/** The software of a node, as Version answers it. */
export interface NodeVersion {
  /** Such as `v1.14.0-beta.1`. */
  tag: string;
  /** The commit it was built from. */
  sha: string;
  /** The compiler. */
  goVersion: string;
  /** `linux`. */
  os: string;
  /** `amd64` or `arm64`. */
  arch: string;
}

/** A machine configuration, and what of it the node is known by. */
export interface NodeConfig {
  /** The documents as one YAML text. */
  readonly text: string;
  readonly documents: readonly ConfigDocument[];
  /** `unknown` where it is not complete: such a one is kept, but the node stays in maintenance mode. */
  readonly machineType: MachineType;
  /** Undefined leaves the node its name. */
  readonly hostname: string | undefined;
  /** The Talos CA in base64, its key empty on workers; undefined is the sandbox's own. */
  readonly authority?: { readonly certificate: string; readonly key: string } | undefined;
}

/** What a machine has come to in its boot, besides its services. */
export interface NodeProgress {
  hasTime: boolean;
  hasNetwork: boolean;
  isReadyInKubernetes: boolean;
  /** The last machine status that was published, to tell it from the next. */
  publishedStatus: string;
}

/** One node. Its services, events and resources are made when first looked at, so that nodes are cheap. */
export interface SandboxNode {
  /** The name the provisioner knows it by, such as `talos-default-controlplane-1`. */
  readonly name: string;
  /** The name it goes by among nodes. */
  hostname: string;
  /** Its own addresses; the first is the one to print. */
  readonly addresses: readonly string[];
  /**
   * What its configuration makes of it.
   * @internal
   */
  machineType: MachineType;
  /** How it runs. */
  readonly platform: Platform;
  /** The software it runs; an upgrade changes it. */
  version: NodeVersion;
  /** Where it is between its start and its end. */
  stage: MachineStage;
  /** A UUID, new at each boot. */
  bootId: string;
  /** Base62, the identity in the cluster. */
  readonly nodeId: string;
  /** By the sandbox's clock. */
  bootedAt: Date;
  /**
   * Its services by id.
   * @internal
   */
  readonly services: Map<string, NodeService>;
  /**
   * What it has told of itself.
   * @internal
   */
  readonly events: EventLog;
  /**
   * What its state API shows.
   * @internal
   */
  readonly resources: CosiStore;
  /**
   * Its files, as they are at each look; `write` puts further ones there.
   * @internal
   */
  readonly files: NodeFiles;
  /**
   * The images that it holds.
   * @internal
   */
  readonly images: ImageStore;
  /**
   * What its boot has brought: another one after each boot.
   * @internal
   */
  readonly system: NodeSystem;
  /**
   * The configuration in force; undefined, or not complete, in maintenance mode.
   * @internal
   */
  config: NodeConfig | undefined;
  /**
   * What outlives a boot.
   * @internal
   */
  readonly disk: NodeDisk;
  /**
   * Whether its API answers.
   * @internal
   */
  readonly api: NodeApi;
  /**
   * Its boots and sequences.
   * @internal
   */
  readonly lifecycle: Lifecycle;
  /**
   * How far its boot has come.
   * @internal
   */
  readonly progress: NodeProgress;
  /** What it hands out in the place of a new admin kubeconfig. */
  kubeconfig?: string;
  /**
   * What is wrong with it, as other nodes see it.
   * @internal
   */
  fault: Fault | undefined;
  /** `host:port` of its listener; undefined where it can only be reached through another node. */
  endpoint: string | undefined;
}

/** Whether the node has no complete machine configuration and serves everybody as a reader (spec/client.md, 5.5). */
export function isInMaintenance(node: SandboxNode): boolean {
  return node.machineType === "unknown";
}
