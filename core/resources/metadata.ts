/** What all resources have in common (spec/resources.md, 1.2). */

/** What is known of a resource besides its spec. */
export interface ResourceMetadata {
  /** Where it lives, such as `runtime`. */
  namespace: string;
  /** The full type, such as `Members.cluster.talos.dev`. */
  type: string;
  /** Its name: one of a type in a namespace. */
  id: string;
  /** A decimal number that grows with each change, or `undefined` for what does not exist. */
  version: string;
  /** The controller that keeps it; empty for what a user has made. */
  owner: string;
  /** `running`, or `tearingDown` for what is about to go. */
  phase: string;
  /** RFC 3339, whole seconds. */
  created: string;
  /** RFC 3339, whole seconds: when its spec changed last. */
  updated: string;
  /** What it can be selected by. */
  labels: Readonly<Record<string, string>>;
  /** Further notes on it. */
  annotations: Readonly<Record<string, string>>;
  /** Who has to agree before it goes. */
  finalizers: readonly string[];
}
