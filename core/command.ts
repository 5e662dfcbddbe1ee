/** The command model: what a plugin declares, and the `ctx` its `run` is given. Plain data and calls. */

import type { CliError } from "./errors.ts";
import type { Talos } from "./client/talos.ts";
import type { PluginRights } from "./plugin_manifest.ts";
import type { TalosconfigFile } from "./talosconfig/file.ts";
import type { Talosconfig } from "./talosconfig/talosconfig.ts";

/** The typed value of a flag, by its type (spec/cli.md, 6.4). */
export interface FlagValues {
  /** Without a value on the command line: true. */
  bool: boolean;
  /** As typed; may be empty. */
  string: string;
  /** One CSV record a use, collected. */
  strings: string[];
  /** One word a use, never split, collected. */
  stringArray: string[];
  /** Within the safe integers of JavaScript. */
  int: number;
  /** Within 32 bits, as those below are within the bits of their name. */
  int32: number;
  /** Within the safe integers of JavaScript. */
  int64: number;
  /** From 0, within the safe integers of JavaScript. */
  uint: number;
  /** 0 to 65535. */
  uint16: number;
  /** 0 to 4294967295. */
  uint32: number;
  /** Separated by commas, and collected over all uses. */
  ints: number[];
  /** With or without a fraction. */
  float: number;
  /** An address, IPv4 or IPv6, as it is printed usually. */
  ip: string;
  /** Addresses, separated by commas, and collected over all uses. */
  ips: string[];
  /** Milliseconds, with fractions below. */
  duration: number;
  /** Bytes. */
  bytesize: number;
  /** What the text stands for, decoded. */
  base64: Uint8Array;
  /** As typed, so with or without `v`. */
  semver: string;
  /** One of the flag's `values`, spelled as there. */
  enum: string;
  /** Disks of a local machine, as `cluster create` takes them. */
  disks: string;
  /** Shared folders of a local machine, as `cluster create` takes them. */
  virtiofs: string;
  /** The way a local machine's agent is configured, as `cluster create` takes it. */
  agent: string;
  /** Mounts of a container, in Docker's words, one a use. */
  mount: string[];
}

/** The name of a flag type. */
export type FlagType = keyof FlagValues;

/** One flag, as data; its long name is its key in {@linkcode Flags} in kebab-case. */
export interface Flag {
  /** What values it takes. */
  type: FlagType;
  /** One letter. */
  short?: string;
  /** One line: what happens with it. */
  help: string;
  /** As a user would type it, lists as lists; absent is the zero value. `{talosVersion}` and the like are filled in. */
  default?: boolean | number | string | readonly string[];
  /** The word for the value in help, where it is not the type's usual one. */
  typeName?: string;
  /** Applies to the commands below this one too. */
  persistent?: boolean;
  /** Left out of help and completion; default false. */
  hidden?: boolean;
  /** The command fails without it; default false. */
  required?: boolean;
  /** What follows `Flag --x has been deprecated, `; such a flag is hidden. */
  deprecated?: string;
  /** For `enum`: the values, whether their case matters (default no), and the error's cause. */
  values?: readonly string[];
  /** Whether the case of `values` matters; default false. */
  caseSensitive?: boolean;
  /** The error's cause for what is none of `values`, where it has its own. */
  valuesError?: string;
  /** Completion of the value: a kind of spec/cli.md 8, or `values` with the fixed list in `completionValues`. */
  completion?: string;
  /** What `values` as `completion` offers. */
  completionValues?: readonly string[];
}

/** Flags by their name in camelCase: `certFingerprint` is `--cert-fingerprint`. */
export type Flags = Readonly<Record<string, Flag>>;

/** What `ctx.flags` holds for given {@linkcode Flags}. */
export type FlagsOf<F extends Flags> = { -readonly [K in keyof F]: FlagValues[F[K]["type"]] };

/** How many positional arguments a command takes (spec/cli.md, 5). */
export interface Args {
  /** How the number is checked: the ones with a bound use `min` or `max`, and `exact` uses `min`. */
  rule: "none" | "exact" | "range" | "max" | "min" | "any" | "unchecked";
  /** The fewest there may be. */
  min?: number;
  /** The most there may be. */
  max?: number;
  /** Completion kinds by position, then of all further words (spec/cli.md, 8). */
  completion?: { positions: readonly string[]; rest: string };
}

/** What is known of a command without its code: the index holds exactly this. */
export interface CommandSpec {
  /** The words after `talosctl`. */
  path: readonly string[];
  /** Other last words that mean the same command. */
  aliases?: readonly string[];
  /** The argument pattern in the usage line, such as `<type> [<id>]`. */
  usage?: string;
  /** ` [flags]` is not added to the usage line. */
  flagsNotInUsage?: boolean;
  /** One line, a verb first. */
  summary: string;
  /** Shown by help instead of the summary. */
  description?: string;
  /** Shown verbatim under `Examples:`. */
  example?: string;
  /** Root section of a top-level command; `talos` also gives it the six connection flags. */
  group?: "talos" | "mgmt" | "cluster";
  /** Left out of help and completion; it runs all the same. Default false. */
  hidden?: boolean;
  /** A command that only fails, with this text. */
  deprecatedError?: string;
  /** The words besides flags. */
  args: Args;
  /** Its own flags; those of groups above it come on top. */
  flags: Flags;
  /** Groups of flags (long names) of which only one may be given. */
  exclusive?: readonly (readonly string[])[];
  /** How many nodes it asks; `one` and `many` fail when none is named. */
  targets: "none" | "one" | "many";
  /** It yields records, so the frame adds `--output` (see {@linkcode Command}). */
  printsData?: boolean;
  /** Absent or true: it can be run; false: it only groups its children. */
  runnable?: boolean;
}

/** One column of a table. */
export interface Column<R> {
  /** The official header. */
  header: string;
  /** The cell's text: pure, and without padding. */
  cell: (record: R, ctx: RenderContext) => string;
}

/** What cells and texts may depend on besides the record. */
export interface RenderContext {
  /** The time of the run, for ages. */
  now: Date;
}

/** What a layout may be chosen by. */
export interface LayoutInput<R, F extends Flags> {
  /** The words besides flags. */
  args: readonly string[];
  /** As in the context. */
  flags: FlagsOf<F>;
  /** Absent when the run ended without a record. */
  first: R | undefined;
  /** The nodes that the command asked for; empty when it did not. */
  nodes: readonly string[];
}

/**
 * When a table's rows are aligned and written: once, whenever no answer came for 500 ms (spec/machine-read.md, 1.3), or
 * record by record.
 */
export type TableFlush = "end" | "idle" | "each";

/** How records are shown where no output format is asked for. */
export type Layout<R> =
  | { columns: readonly Column<R>[]; header?: "always" | "first row"; flush?: TableFlush }
  | { rows: (record: R, ctx: RenderContext) => readonly (readonly string[])[]; flush?: TableFlush }
  | { text: (record: R, ctx: RenderContext) => string };

/** One node's failure, in the place of its answer. */
export interface NodeError {
  /** As the user spelled it. */
  node: string;
  /** Why it has no answer; an `RpcError` where the call failed. */
  error: Error;
}

/** What `run` may yield: a record, a failed node, ready text (escaped on terminals) or raw bytes. */
export type Entry<R> = R | NodeError | string | Uint8Array;

/** The names of the output formats every command with records has. */
export type OutputFormat = "table" | "json" | "yaml" | "name" | `jsonpath=${string}`;

/**
 * A command: data, and a `run` that is given everything.
 *
 * @typeParam R The record it yields.
 * @typeParam F Its own flags; pass `typeof flags`.
 * @typeParam I Flags it inherits from a group above it.
 */
// deno-lint-ignore ban-types -- an empty record means "none", as in FlagsOf<{}>
export interface Command<R extends object = object, F extends Flags = {}, I extends Flags = {}>
  extends Omit<CommandSpec, "flags" | "printsData" | "runnable"> {
  /** Its own flags. */
  flags: F;
  /** The table, with its header also when there is no row, written at the end. */
  columns?: readonly Column<R>[];
  /** Blocks instead of a table; with its trailing newline. */
  text?: (record: R, ctx: RenderContext) => string;
  /** For tables of another kind, or chosen by arguments or the first record; asked once a run. */
  layout?: (given: LayoutInput<R, F & I>) => Layout<R>;
  /** What `-o name` prints for a record; default its `id`, `name` or `node`. */
  nameOf?: (record: R) => string;
  /** Official layouts of a format, where the command has its own; else the frame's. */
  formats?: Partial<Record<"json" | "yaml", (record: R) => string>>;
  /** The line of a failed node; default `error from node <node>: <error>` (spec/client.md, 3.4). */
  nodeError?: (node: string, error: Error) => string;
  /** It expects nodes to vanish and come back: connections are watched and dialled anew without a pause. */
  tracking?: boolean;
  /** Absent: a group, which prints its help. */
  run?: (ctx: Context<F & I>) => AsyncIterable<Entry<R>> | Iterable<Entry<R>> | Promise<R | void>;
}

/** What stdout or stderr is. */
export interface StreamInfo {
  /** Whether a person may be looking: else it is a file or a pipe. */
  isTerminal: boolean;
  /** Columns; 80 where it is no terminal or cannot be known. */
  width: number;
  /** Colour may be used: decided by stdout for both (spec/cli.md, 12). */
  color: boolean;
}

/** Questions to the user. Each fails with a clear error where there is nobody to ask. */
export interface Prompt {
  /** Prints `question` on stdout, reads one word; true for `y` or `yes` in any case. Works without a terminal too. */
  confirm(question: string): Promise<boolean>;
  /** Prints `question` on stdout, reads one line; undefined at the end of input. Works without a terminal too. */
  line(question: string): Promise<string | undefined>;
  /** Free text from a terminal. */
  text(question: string): Promise<string>;
  /** Text from a terminal, not echoed. */
  secret(question: string): Promise<string>;
  /** One of `choices`, from a terminal. */
  choose(question: string, choices: readonly string[]): Promise<string>;
}

/** The state of a progress update (spec/cli.md, 11.1). */
export type ProgressState = "running" | "succeeded" | "skipped" | "error";

/** The reporter of spec/cli.md 11.1: updates one place on a terminal, lines elsewhere; on stderr. */
export interface Progress {
  /** Shows where something has got to; `state` is `running` unless said otherwise. */
  update(text: string, state?: ProgressState): void;
}

/** Raw use of the screen, for full-screen commands and editors. */
export interface Terminal {
  /** Whether somebody can type: standard input is a terminal. */
  readonly isInteractive: boolean;
  /** Runs `command` on the user's terminal and waits for its end; the exit status. */
  runForeground(command: readonly string[]): Promise<number>;
  /**
   * Takes the terminal over: keys arrive on `stdin` as they are typed, unechoed, Ctrl-C among them, and signals that
   * would end the program arrive as events. Disposing gives it back.
   */
  takeOver(): Promise<TerminalHold>;
}

/** How many characters a terminal shows. */
export interface TerminalSize {
  /** Characters in a line. */
  columns: number;
  /** Lines. */
  rows: number;
}

/** What comes to a program besides input: signals by their POSIX number, and changes of the terminal's size. */
export type TerminalEvent =
  | { kind: "signal"; number: number }
  | { kind: "resize"; size: TerminalSize };

/** A terminal that was taken over; it may be disposed of more than once. */
export interface TerminalHold extends AsyncDisposable {
  /** As of now; undefined where standard input is no terminal. */
  readonly size: TerminalSize | undefined;
  /** Ends when the terminal is given back. To be read once. */
  readonly events: AsyncIterable<TerminalEvent>;
}

/** The connection flags that choose a talosconfig and what of it is used (spec/cli.md, 13). */
export interface TalosconfigFlags {
  /** The path of the file; empty lets the lookup rules find it. */
  talosconfig: string;
  /** The context to use in the place of the current one. */
  context: string;
  /** What is connected to in the place of the context's endpoints. */
  endpoints: readonly string[];
}

/** The user's talosconfig, found by the lookup rules, honouring `--talosconfig` (spec/client.md, 1). */
export interface TalosconfigAccess {
  /** What the connection flags say about it; absent strings are `""`. */
  readonly flags: TalosconfigFlags;
  /** Opens it; an absent one is created empty, as the official client does. Errors bear no prefix. */
  open(): Promise<TalosconfigFile>;
  /** Opens another talosconfig in the same way. */
  openPath(path: string): Promise<TalosconfigFile>;
  /**
   * Reads it anew, changes and saves it while others who edit it wait. Errors of files are prefixed
   * `error reading config: ` or `error writing config: `; what `change` throws passes through.
   * It is called twice, the second time on what is saved.
   */
  edit(change: (config: Talosconfig) => void): Promise<void>;
}

/** All that a command gets: plain data, calls and async iterables, so that it can cross to a Worker. */
// deno-lint-ignore ban-types -- see Command
export interface Context<F extends Flags = {}> {
  /** The values of all flags, defaults filled in. */
  flags: FlagsOf<F>;
  /** Long names of the flags that stood on the command line. */
  given: ReadonlySet<string>;
  /** The words besides flags, as many as `args` of the command allows. */
  args: readonly string[];
  /** The word that named the command, where it has aliases too; empty while a word is completed. */
  calledAs: string;
  /**
   * The nodes to ask, as the user spelled them: `-n`, else the context's (spec/client.md, 3.2).
   * Fails where the command's `targets` are not met; asked once, remembered.
   */
  nodes(): Promise<readonly string[]>;
  /** The services of nodes. It connects with the first call, and its errors are those of calls. */
  talos: Talos;
  /** The user's talosconfig. */
  config: TalosconfigAccess;
  /** Aborts on the first SIGINT or SIGTERM. */
  signal: AbortSignal;
  /** What its output goes to, for what only makes sense on a terminal. */
  out: { stdout: StreamInfo; stderr: StreamInfo };
  /** What is piped in, as it comes; it can be read once. */
  stdin: AsyncIterable<Uint8Array>;
  /** Questions to the user. */
  prompt: Prompt;
  /** How far a long command has come. */
  progress: Progress;
  /** The whole screen. */
  terminal: Terminal;
  /** A line on stderr; a newline is added. */
  note(line: string): void;
  /** An environment variable. */
  env(name: string): string | undefined;
  /** The time; tests move it. */
  now(): Date;
  /** The output format in force. */
  output: OutputFormat;
  /** The version of this program, such as `v1.14.0-beta.1`. */
  version: string;
  /** What is installed, and what it offers: for commands about plugins and provisioners. */
  host: PluginHost;
}

/** A way to run local clusters; it keeps `state.yaml` in each cluster's folder (see `core/cluster_state.ts`). */
export interface Provisioner {
  /** As `state.yaml` names it. */
  name: string;
  /** Ends the cluster kept in `folder`; the caller removes the folder afterwards. */
  destroy(folder: string, ctx: Pick<Context, "note" | "signal" | "env">): Promise<void>;
}

/** What a third-party plugin declares. */
export interface InspectedPlugin {
  /** Those it would have. */
  commands: readonly CommandSpec[];
  /** The kinds of words it completes. */
  completers: readonly string[];
  /** A line for each command and alias that clashes with another one. */
  warnings: readonly string[];
}

/** What plugins ask the host for. */
export interface PluginHost {
  /** All provisioners that any plugin registered. */
  provisioners(): Promise<readonly Provisioner[]>;
  /** What `--help` prints for a command; its words are those after `talosctl`. */
  helpOf(path: readonly string[]): Promise<string>;
  /** The path of what a first word after `talosctl` runs; undefined where an executable on PATH may have it. */
  commandCalled(word: string): readonly string[] | undefined;
  /**
   * What the third-party plugin in a folder declares. Its `register` is run, confined to these rights; no grant is
   * looked for. What it cannot have beside built-in commands and installed plugins of other folders is told in
   * `warnings`, in words for the user.
   *
   * @param options `replaces` is the folder of an installed plugin whose place it is about to take.
   * @throws {CliError} With what is wrong with it; it ends after 5 s at the latest.
   */
  inspectPlugin(
    folder: string,
    rights: PluginRights,
    options?: { replaces?: string },
  ): Promise<InspectedPlugin>;
}

/** Completes words of one kind; yields `word` or `word<TAB>description` (spec/cli.md, 8). */
export type Completer = (ctx: Context, word: string) => Promise<CompletionResult>;

/** Candidates and the bit set of spec/cli.md 8. */
export interface CompletionResult {
  /** Words, each with its description behind a tab where it has one. */
  candidates: readonly string[];
  /** What the shell is to do with them, as bits (spec/cli.md, 8). */
  directive: number;
  /** Problems, for stderr and the debug file; never fatal. */
  errors?: readonly CliError[];
}
