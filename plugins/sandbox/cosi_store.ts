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

/** A resource that follows from something else; its binary form is made when it is new. */
export interface DerivedDraft extends Omit<ResourceDraft, "protoSpec"> {
  encode: () => Uint8Array;
  /** The version it is first seen in; absent is 1. */
  version?: number;
}

/** Where resources come from that nobody puts. */
export interface ResourceSource {
  /** All of a type as of now; undefined where the type is none of the source's. */
  list(namespace: string, type: string): readonly DerivedDraft[] | undefined;
  /** When what is first seen was created. */
  since: Date;
  /** Calls back when a watched resource may have changed, until the returned function is called. */
  follow(onChange: () => void): () => void;
}

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
  /** Ids that the source gave; what is put or removed by hand is no longer the source's. */
  derived: Set<string>;
  /** Ids that were put or removed by hand. */
  pinned: Set<string>;
  /** Whether the source was asked before. */
  isDerived: boolean;
}

/** Events kept for watchers that come back. */
const historyLength = 1024;

/**
 * Resources by namespace, type and id. Those of the source are made when their type is first read,
 * and every later read brings them up to date, so a node that nobody reads costs nothing. A
 * collection without anything of its own is the base's.
 */
export class CosiStore {
  readonly #clock: SandboxClock;
  readonly #base: CosiStore | undefined;
  readonly #source: ResourceSource | undefined;
  readonly #collections = new Map<string, Collection>();
  #watchers = 0;
  #unfollow: (() => void) | undefined;

  /** @param base What all nodes of a cluster have in common, such as the definitions. */
  constructor(clock: SandboxClock, base?: CosiStore, source?: ResourceSource) {
    this.#clock = clock;
    this.#base = base;
    this.#source = source;
  }

  get(namespace: string, type: string, id: string): Resource | undefined {
    return this.#read(namespace, type)?.items.get(id);
  }

  /** All of a type, sorted by id. */
  list(namespace: string, type: string): readonly Resource[] {
    const items = [...this.#read(namespace, type)?.items.values() ?? []];
    return items.sort((a, b) => a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
  }

  /** Creates the resource, or updates it to its next version, as of `at`. */
  put(draft: ResourceDraft, at: Date = this.#clock.now()): Resource {
    this.#refresh(draft.namespace, draft.type);
    const collection = this.#own(draft.namespace, draft.type);
    collection.pinned.add(draft.id);
    return write(collection, draft, at);
  }

  remove(namespace: string, type: string, id: string): void {
    this.#refresh(namespace, type);
    const collection = this.#own(namespace, type);
    collection.pinned.add(id);
    erase(collection, id);
  }

  /** The kept events of a collection, oldest first, and how many there have been. */
  history(namespace: string, type: string): { events: readonly StoreEvent[]; position: number } {
    const collection = this.#read(namespace, type);
    return { events: collection?.history ?? [], position: collection?.position ?? 0 };
  }

  /** Tells `listener` of every change from now on, until the returned function is called. */
  subscribe(namespace: string, type: string, listener: (event: StoreEvent) => void): () => void {
    const collection = this.#read(namespace, type) ?? this.#own(namespace, type);
    collection.listeners.add(listener);
    if (this.#watchers++ === 0) this.#unfollow = this.#source?.follow(() => this.refreshWatched());
    return () => {
      if (!collection.listeners.delete(listener)) return;
      if (--this.#watchers === 0) this.#unfollow?.();
    };
  }

  /** Brings what is watched up to date, after a change that no event tells of. */
  refreshWatched(): void {
    for (const [key, { listeners }] of this.#collections) {
      const [namespace = "", type = ""] = key.split("/");
      if (listeners.size > 0) this.#refresh(namespace, type);
    }
  }

  #read(namespace: string, type: string): Collection | undefined {
    this.#refresh(namespace, type);
    return this.#find(namespace, type);
  }

  #find(namespace: string, type: string): Collection | undefined {
    const own = this.#collections.get(`${namespace}/${type}`);
    return own ?? (this.#base === undefined ? undefined : this.#base.#find(namespace, type));
  }

  #own(namespace: string, type: string): Collection {
    const key = `${namespace}/${type}`;
    const known = this.#collections.get(key);
    if (known !== undefined) return known;
    const collection: Collection = {
      items: new Map(),
      history: [],
      position: 0,
      listeners: new Set(),
      derived: new Set(),
      pinned: new Set(),
      isDerived: false,
    };
    this.#collections.set(key, collection);
    return collection;
  }

  /** Brings a collection in line with what the source says of it now. */
  #refresh(namespace: string, type: string): void {
    const source = this.#source;
    const drafts = source?.list(namespace, type);
    if (source === undefined || drafts === undefined) return;
    const collection = this.#own(namespace, type);
    const at = collection.isDerived ? this.#clock.now() : source.since;
    collection.isDerived = true;

    const gone = new Set(collection.derived);
    for (const draft of drafts) {
      gone.delete(draft.id);
      if (collection.pinned.has(draft.id)) continue;
      const known = collection.items.get(draft.id);
      if (known !== undefined && known.yamlSpec === draft.yamlSpec) continue;
      collection.derived.add(draft.id);
      const { encode, version, ...rest } = draft;
      write(collection, { ...rest, protoSpec: encode() }, at, version);
    }
    for (const id of gone) {
      collection.derived.delete(id);
      if (!collection.pinned.has(id)) erase(collection, id);
    }
  }
}

function write(
  collection: Collection,
  draft: ResourceDraft,
  at: Date,
  firstVersion = 1,
): Resource {
  const old = collection.items.get(draft.id);
  const resource: Resource = {
    owner: "",
    finalizers: [],
    labels: {},
    annotations: {},
    ...draft,
    version: old === undefined ? firstVersion : old.version + 1,
    phase: "running",
    created: old?.created ?? at,
    updated: at,
  };
  collection.items.set(draft.id, resource);
  if (old === undefined) emit(collection, { kind: "CREATED", resource });
  else emit(collection, { kind: "UPDATED", resource, old });
  return resource;
}

function erase(collection: Collection, id: string): void {
  const resource = collection.items.get(id);
  if (resource === undefined) return;
  collection.items.delete(id);
  emit(collection, { kind: "DESTROYED", resource });
}

function emit(collection: Collection, change: Omit<StoreEvent, "position">): void {
  const event = { ...change, position: ++collection.position };
  collection.history.push(event);
  if (collection.history.length > historyLength) collection.history.shift();
  for (const listener of collection.listeners) listener(event);
}
