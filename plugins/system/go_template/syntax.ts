/** The parts of a template of Go's text/template, as the parser leaves them. */

import type { TemplateFunction } from "./functions.ts";

/** What a pipeline is made of: a value, the names of its fields, and where it stands for errors. */
export interface Operand {
  base:
    | { kind: "dot" }
    | { kind: "literal"; value: string | bigint | number | boolean | undefined }
    | { kind: "variable"; name: string }
    | { kind: "function"; call: TemplateFunction }
    | { kind: "pipeline"; pipeline: Pipeline };
  /** `.CPUStat.user_usec` are two. */
  fields: readonly string[];
  /** As it was written. */
  source: string;
  /** `line:column` in the template, as errors name it. */
  place: string;
}

/** Commands, each but the first with the value before it as its last argument; a value may get names. */
export interface Pipeline {
  names: readonly string[];
  /** With `=`: the name exists already. */
  isAssignment: boolean;
  /** A function or method with its arguments, or one value. */
  commands: readonly (readonly Operand[])[];
}

/** One piece of a template. */
export type TemplateNode =
  | { kind: "text"; text: string }
  | { kind: "action"; pipeline: Pipeline }
  | BlockNode;

/** What is run once, never, or for each item. */
export interface BlockNode {
  kind: "if" | "with" | "range";
  pipeline: Pipeline;
  body: readonly TemplateNode[];
  /** Without a true value, or without items. */
  otherwise: readonly TemplateNode[];
}

/** A template that can be run. */
export interface Template {
  name: string;
  nodes: readonly TemplateNode[];
}
