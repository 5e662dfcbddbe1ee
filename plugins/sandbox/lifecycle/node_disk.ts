/** What outlives a boot: the installed system with the one before it, the configuration, META. */

import type { NodeConfig, NodeVersion } from "../node.ts";
import { createBlockStorage } from "../system/block_storage.ts";

/** The system disk of a node. */
export class NodeDisk {
  /** What boots. */
  #system: NodeVersion;
  /** What a rollback boots. */
  #fallback: NodeVersion | undefined;
  /** The configuration of the next boot; undefined for a machine without one. */
  config: NodeConfig | undefined;
  /** META by key. */
  readonly meta = new Map<number, string>();
  /** User disks, and what is on all of them beside Talos. */
  readonly storage = createBlockStorage();
  readonly #wiped: (labels: readonly string[]) => void;

  /** @param wiped Told which partitions have lost their content. */
  constructor(
    system: NodeVersion,
    config: NodeConfig | undefined,
    wiped: (labels: readonly string[]) => void,
  ) {
    this.#system = system;
    this.config = config;
    this.#wiped = wiped;
  }

  /** The software of the next boot. */
  get system(): NodeVersion {
    return this.#system;
  }

  /** Whether there is something to go back to. */
  get hasFallback(): boolean {
    return this.#fallback !== undefined;
  }

  /** Installs the version that the tag of an installer image names; the one before stays as the fallback. */
  install(image: string): void {
    this.#fallback = this.#system;
    this.#system = { ...this.#system, tag: tagOf(image) ?? this.#system.tag };
  }

  /** Makes the fallback boot next. */
  rollBack(): void {
    if (this.#fallback === undefined) return;
    [this.#system, this.#fallback] = [this.#fallback, this.#system];
  }

  /** Empties partitions, by label. */
  wipe(labels: readonly string[]): void {
    if (labels.includes("STATE")) this.config = undefined;
    if (labels.includes("META")) this.meta.clear();
    this.#wiped(labels);
  }
}

/** The version in an image reference: its tag, if that is one. */
function tagOf(image: string): string | undefined {
  return /:(v\d+\.\d+\.\d+[^/@]*)(?:@|$)/.exec(image)?.[1];
}
