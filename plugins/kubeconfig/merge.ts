/** Merging a new kubeconfig into one that exists (spec/kubeconfig.md, 5.3). Neither of the two is changed. */

import { compareCodePoints } from "../../core/output/code_point_order.ts";
import type { Value } from "../../core/output/value.ts";
import { entryFields } from "./fields.ts";
import type { Fields, Kubeconfig, ListName } from "./read.ts";
import { fieldsText } from "./write.ts";

/** An entry that is there already, and different. */
export interface Conflict {
  /** The official word for what it is. */
  component: "cluster" | "auth" | "context";
  /** As the node calls it. */
  name: string;
}

/** What becomes of the new entry. */
export type Decision = "rename" | "overwrite";

/** An entry that got another name than the node gave it. */
export interface Rename {
  kind: "cluster" | "user" | "context";
  from: string;
  to: string;
}

/** How to merge. */
export interface MergeOptions {
  /** The name of the new context; `""` leaves it its own. */
  forceContextName: string;
  decide(conflict: Conflict): Promise<Decision>;
}

/** What came of it. */
export interface Merged {
  config: Kubeconfig;
  renamed: readonly Rename[];
  /** The context that is current now. */
  context: string;
}

/** The final names of new entries by those they came with, in their order. */
type Names = ReadonlyMap<string, string>;

/** What the three lists differ in. */
interface List {
  name: ListName;
  kind: Rename["kind"];
  component: Conflict["component"];
}

const clusterList: List = { name: "clusters", kind: "cluster", component: "cluster" };
const userList: List = { name: "users", kind: "user", component: "auth" };
const contextList: List = { name: "contexts", kind: "context", component: "context" };

/** Merges; all names are decided before anything is put together. */
export async function mergeKubeconfigs(
  old: Kubeconfig,
  fresh: Kubeconfig,
  { forceContextName, decide }: MergeOptions,
): Promise<Merged> {
  const both = { old, fresh, decide };
  const clusters = await finalNames(both, clusterList, (name) => name);
  const users = await finalNames(both, userList, (name) => substitute(name, clusters));
  const contexts = await finalNames(
    both,
    contextList,
    (name) => forceContextName || substitute(name, users),
  );
  const pointed = (context: Fields) =>
    withEntries(context, {
      cluster: clusters.get(String(context.get("cluster"))) ?? "",
      user: users.get(String(context.get("user"))) ?? "",
    });
  const context = [...contexts.values()].at(-1) ?? String(old.rest.get("current-context"));
  return {
    config: {
      lists: {
        clusters: mergeList(both, clusterList, clusters, (body) => body),
        users: mergeList(both, userList, users, (body) => body),
        contexts: mergeList(both, contextList, contexts, pointed),
      },
      rest: withEntries(old.rest, { "current-context": context }),
    },
    renamed: [
      ...renamesOf("cluster", clusters),
      ...renamesOf("user", users),
      ...renamesOf("context", contexts),
    ],
    context,
  };
}

interface Both {
  old: Kubeconfig;
  fresh: Kubeconfig;
  decide: MergeOptions["decide"];
}

async function finalNames(
  { old, fresh, decide }: Both,
  { name: list, kind, component }: List,
  wanted: (name: string) => string,
): Promise<Names> {
  const names = new Map<string, string>();
  for (const [name, entry] of inOrder(fresh.lists[list])) {
    const target = wanted(name);
    const there = old.lists[list].get(target);
    const isConflict = there !== undefined && !isSame(there, entry, kind);
    const isRenamed = isConflict && await decide({ component, name }) === "rename";
    names.set(name, isRenamed ? freeName(target, old.lists[list]) : target);
  }
  return names;
}

function inOrder(entries: ReadonlyMap<string, Fields>): [string, Fields][] {
  return [...entries].sort(([left], [right]) => compareCodePoints(left, right));
}

/** The first of `name-1`, `name-2`, … that nobody has. */
function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  for (let index = 1;; index++) {
    if (!taken.has(`${name}-${index}`)) return `${name}-${index}`;
  }
}

/** A name with the new names of what it is made of: `admin@c1` belongs to `c1`. */
function substitute(name: string, names: Names): string {
  return [...names].reduce((text, [from, to]) => text.replaceAll(from, () => to), name);
}

/** Whether the known fields say the same. */
function isSame(left: Fields, right: Fields, kind: Rename["kind"]): boolean {
  const known = (entry: Fields) =>
    fieldsText(
      new Map([...bodyOf(entry, kind)].filter(([key]) => Object.hasOwn(entryFields[kind], key))),
    );
  return known(left) === known(right);
}

function bodyOf(entry: Fields, kind: Rename["kind"]): Fields {
  const body = entry.get(kind);
  if (!(body instanceof Map)) throw new TypeError(`an entry was read and has no "${kind}"`);
  return body;
}

function mergeList(
  { old, fresh }: Both,
  { name: list, kind }: List,
  names: Names,
  change: (body: Fields) => Fields,
): Map<string, Fields> {
  const merged = new Map(old.lists[list]);
  for (const [name, entry] of inOrder(fresh.lists[list])) {
    const to = names.get(name) ?? name;
    const body = change(bodyOf(entry, kind));
    const there = old.lists[list].get(to);
    // What is replaced by its like keeps the fields that only it has.
    const kept = there !== undefined && isSame(there, entry, kind) ? there : undefined;
    const whole = kept === undefined ? body : new Map([...bodyOf(kept, kind), ...body]);
    merged.set(to, new Map([...kept ?? [], ...entry, [kind, whole], ["name", to]]));
  }
  return merged;
}

function withEntries(fields: Fields, changed: Readonly<Record<string, Value>>): Fields {
  return new Map([...fields, ...Object.entries(changed)]);
}

function renamesOf(kind: Rename["kind"], names: Names): Rename[] {
  return [...names].flatMap(([from, to]) => from === to ? [] : [{ kind, from, to }]);
}
