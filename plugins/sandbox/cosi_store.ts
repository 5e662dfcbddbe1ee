/** The resources of a node: versions, timestamps, history and watchers (spec/resources.md, 1 and 2). */

import type { SandboxClock } from "./clock.ts";

/** A resource as the node keeps it. */
export interface Resource {
  namespace: string;
  type: string;
  id: string;
  /** Counts from 1; 0 stands for `undefined`, the version of tombstones. */
  version: number;
  owner: string;
  phase: "running" | "tearingDown";
  created: Date;
  updated: Date;
  finalizers: readonly string[];
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  yamlSpec: string;
  protoSpec: Uint8Array;
}

/** What is given to {@linkcode CosiStore.put}; the rest is the store's. */
export type ResourceDraft =
  & Pick<Resource, "namespace" | "type" | "id" | "yamlSpec" | "protoSpec">
  & Partial<Pick<Resource, "owner" | "finalizers" | "labels" | "annotations">>;

/** One change of a collection. */
export interface StoreEvent {
  kind: "CREATED" | "UPDATED" | "DESTROYED";
  resource: Resource;
  old?: Resource;
  /** Counts the events of the collection from 1. */
  position: number;
}

/** The resources of one type in one namespace. */
interface Collection {
  items: Map<string, Resource>;
  history: StoreEvent[];
  position: number;
  listeners: Set<(event: StoreEvent) => void>;
}

/** Events kept for watchers that come back. */
const historyLength = 1024;

/** Resources by namespace, type and id. A collection that the store itself never wrote to is the base's. */
export class CosiStore {
  readonly #clock: SandboxClock;
  readonly #base: CosiStore | undefined;
  readonly #collections = new Map<string, Collection>();

  /** @param base What all nodes of a cluster have in common, such as the definitions. */
  constructor(clock: SandboxClock, base?: CosiStore) {
    this.#clock = clock;
    this.#base = base;
  }

  get(namespace: string, type: string, id: string): Resource | undefined {
    return this.#find(namespace, type)?.items.get(id);
  }

  /** All of a type, sorted by id. */
  list(namespace: string, type: string): readonly Resource[] {
    const items = [...this.#find(namespace, type)?.items.values() ?? []];
    return items.sort((a, b) => a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
  }

  /** Creates the resource, or updates it to its next version, as of `at`. */
  put(draft: ResourceDraft, at: Date = this.#clock.now()): Resource {
    const collection = this.#own(draft.namespace, draft.type);
    const old = collection.items.get(draft.id);
    const resource: Resource = {
      owner: "",
      finalizers: [],
      labels: {},
      annotations: {},
      ...draft,
      version: (old?.version ?? 0) + 1,
      phase: "running",
      created: old?.created ?? at,
      updated: at,
    };
    collection.items.set(draft.id, resource);
    if (old === undefined) emit(collection, { kind: "CREATED", resource });
    else emit(collection, { kind: "UPDATED", resource, old });
    return resource;
  }

  remove(namespace: string, type: string, id: string): void {
    const collection = this.#own(namespace, type);
    const resource = collection.items.get(id);
    if (resource === undefined) return;
    collection.items.delete(id);
    emit(collection, { kind: "DESTROYED", resource });
  }

  /** The kept events of a collection, oldest first, and how many there have been. */
  history(namespace: string, type: string): { events: readonly StoreEvent[]; position: number } {
    const collection = this.#find(namespace, type);
    return { events: collection?.history ?? [], position: collection?.position ?? 0 };
  }

  /** Tells `listener` of every change from now on, until the returned function is called. */
  subscribe(namespace: string, type: string, listener: (event: StoreEvent) => void): () => void {
    const collection = this.#find(namespace, type) ?? this.#own(namespace, type);
    collection.listeners.add(listener);
    return () => collection.listeners.delete(listener);
  }

  #find(namespace: string, type: string): Collection | undefined {
    const own = this.#collections.get(`${namespace}/${type}`);
    return own ?? (this.#base === undefined ? undefined : this.#base.#find(namespace, type));
  }

  #own(namespace: string, type: string): Collection {
    const key = `${namespace}/${type}`;
    const known = this.#collections.get(key);
    if (known !== undefined) return known;
    const collection = { items: new Map(), history: [], position: 0, listeners: new Set<never>() };
    this.#collections.set(key, collection);
    return collection;
  }
}

function emit(collection: Collection, change: Omit<StoreEvent, "position">): void {
  const event = { ...change, position: ++collection.position };
  collection.history.push(event);
  if (collection.history.length > historyLength) collection.history.shift();
  for (const listener of collection.listeners) listener(event);
}
