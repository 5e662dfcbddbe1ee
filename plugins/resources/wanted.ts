/** What a user asks a node for. */

/** One resource, or with an empty id all of a type. */
export interface Wanted {
  namespace: string;
  /** The full type, such as `Members.cluster.talos.dev`. */
  type: string;
  id: string;
}
