/** What the program and a confined plugin tell each other: plain data, in the order in which it was sent. */

import type { Flags, FlagsOf, OutputFormat, ProgressState, StreamInfo } from "../command.ts";
import type { WireError } from "./wire_error.ts";

/** What of `ctx` is known beforehand. */
export interface WireContext {
  flags: FlagsOf<Flags>;
  given: readonly string[];
  args: readonly string[];
  calledAs: string;
  out: { stdout: StreamInfo; stderr: StreamInfo };
  isInteractive: boolean;
  /** The variables it was granted. */
  env: Readonly<Record<string, string>>;
  /** The clock as it stands, in milliseconds since 1970. */
  nowMs: number;
  output: OutputFormat;
  version: string;
  /** Of the connection flags. */
  context: string;
  endpoints: readonly string[];
}

/** Whom a call goes to. */
export type WireTarget =
  | { kind: "any" }
  | { kind: "node" | "maintenance"; node: string }
  | { kind: "nodes"; nodes: readonly string[] };

/** A service of a target; `isOwn`: of the plugin's `.proto` files. */
export interface WireService {
  target: WireTarget;
  service: string;
  isOwn: boolean;
}

/** A method by its name in camelCase, and which sides stream. */
export interface WireMethod {
  key: string;
  sendsMany: boolean;
  answersMany: boolean;
}

/** One call. */
export interface WireCall extends WireService {
  method: string;
  /** Absent where requests follow one by one. */
  request?: unknown;
  timeoutMs?: number;
  joinsData?: boolean;
  metadata?: Readonly<Record<string, string>>;
}

/** Questions with one answer, with what each takes. */
export type Question =
  | { ask: "nodes" }
  | { ask: "config" }
  | { ask: "help"; path: readonly string[] }
  | { ask: "methods"; of: WireService }
  | { ask: "call"; call: WireCall }
  | { ask: "confirm" | "line" | "text" | "secret"; text: string }
  | { ask: "choose"; text: string; choices: readonly string[] };

/** What is answered by any number of items. */
export type StreamQuestion = { ask: "stdin" } | { ask: "stream"; call: WireCall };

/** What `run` yields, as it crosses; a record has what its layout shows, and nothing else. */
export type WireEntry =
  | string
  | Uint8Array
  | { node: string; error: WireError; line?: string }
  | { rows: readonly (readonly string[])[] }
  | { text: string }
  | { record: object; text?: string };

/** How records are shown, settled by the first one. */
export interface WireLayout {
  kind: "columns" | "rows" | "text" | "record";
  /** Of columns. */
  headers?: readonly string[];
  header?: "always" | "first row";
  flush?: "end" | "idle" | "each";
  /** The plugin has written the document or the name of each record itself. */
  hasOwnText?: boolean;
}

/** A line for stderr, or the state of the progress. */
export type WireNote = string | { text: string; state: ProgressState };

/** From the program to the plugin's Worker. */
export type ToWorker =
  /** `folder` is the URL of the one that its imports must not leave, where they are watched. */
  | { kind: "load"; entry: string; folder?: string }
  | { kind: "run"; path: readonly string[]; context: WireContext }
  | { kind: "complete"; completes: string; word: string; context: WireContext }
  | { kind: "abort" }
  | { kind: "answer"; id: number; value: unknown }
  | { kind: "refusal"; id: number; error: WireError }
  | { kind: "items"; id: number; items: readonly unknown[] }
  | { kind: "end"; id: number; error?: WireError }
  /** A batch of entries was taken. */
  | { kind: "taken" }
  /** A batch of requests was taken. */
  | { kind: "requestsTaken"; id: number }
  /** A batch of notes was written. */
  | { kind: "noted" };

/** From the plugin's Worker to the program. */
export type ToHost =
  | { kind: "loaded"; name: string; index: string; protos: readonly string[] }
  /** The plugin is of no use any more. */
  | { kind: "failed"; error: WireError }
  | { kind: "layout"; layout: WireLayout }
  | { kind: "entries"; items: readonly WireEntry[] }
  | { kind: "done"; value?: unknown; error?: WireError }
  | { kind: "ask"; id: number; question: Question }
  | { kind: "open"; id: number; question: StreamQuestion; sendsMany: boolean }
  /** A batch of the items of a stream was taken. */
  | { kind: "itemsTaken"; id: number }
  | { kind: "cancel"; id: number }
  | { kind: "requests"; id: number; items: readonly unknown[] }
  | { kind: "requestsEnd"; id: number; error?: WireError }
  | { kind: "notes"; notes: readonly WireNote[] };
