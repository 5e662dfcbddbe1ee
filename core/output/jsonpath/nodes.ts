/** What a jsonpath template consists of, as the parser gives it and the finder walks it. */

/** The three numbers of `[from:to:step]`; absent ones were not written. */
export interface Slice {
  from?: number;
  to?: number;
  step?: number;
  /** Written as `[i]`: one item, which must be there. */
  isIndex: boolean;
}

/** One step of a template. */
export type Step =
  | { kind: "text"; text: string }
  | { kind: "literal"; value: bigint | number | boolean }
  | { kind: "field"; name: string }
  | { kind: "slice"; slice: Slice }
  | { kind: "union"; paths: readonly Path[] }
  | { kind: "filter"; left: Path; operator: string; right: Path }
  | { kind: "wildcard" }
  | { kind: "recursive" }
  /** `range`, `end`, or a word that means nothing. */
  | { kind: "word"; word: string }
  | Path;

/** The steps of one `{…}`, taken one after the other. */
export interface Path {
  kind: "path";
  steps: readonly Step[];
}
