/**
 * The types of talosctl's plugin contract, version 1, and of every service that nodes have. "talosctl plugin new" writes
 * this file, so it needs no package and no network; the program itself never reads it. Generated: not to be edited.
 */
// deno-lint-ignore-file -- generated

/** A failed call: what a call of a node throws. `code` is what decisions are made on. */
export interface RpcError extends CliError {
  readonly code: StatusName;
  /** The status's own text. */
  readonly description: string;
}

/** An error whose text is meant for the user. */
export interface CliError extends Error {
  readonly exitCode: number;
  /** One sentence that says what helps. */
  readonly hint: string | undefined;
}

/** What `register` is handed. */
export interface Registry {
  /** Adds a command; a plugin cannot replace one that exists. */
  command(command: Command<any, any, any>): void;
  /** Offers completion of one kind of word. */
  completer(kind: string, complete: Completer): void;
  /** Offers a way to run local clusters. */
  provisioner(provisioner: Provisioner): void;
  /** Adds the gRPC services of a `.proto` file beside the plugin: `ctx.talos` has them as `ownService(name)`. */
  proto(file: URL): void;
}

/** A plugin's default export. `register` imports nothing heavy and opens nothing. */
export interface Plugin {
  /** As its manifest says. */
  name: string;
  /** The version of this contract. */
  apiVersion: 1;
  /** Declares all it has; called once. */
  register(registry: Registry): void;
}

/** The typed value of a flag, by its type. */
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

/** How many positional arguments a command takes. */
export interface Args {
  /** How the number is checked: the ones with a bound use `min` or `max`, and `exact` uses `min`. */
  rule: "none" | "exact" | "range" | "max" | "min" | "any" | "unchecked";
  /** The fewest there may be. */
  min?: number;
  /** The most there may be. */
  max?: number;
  /** Completion kinds by position, then of all further words. */
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
 * When a table's rows are aligned and written: once, whenever no answer came for 500 ms, or
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
  /** The line of a failed node; default `error from node <node>: <error>`. */
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
  /** Colour may be used: decided by stdout for both. */
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

/** The state of a progress update. */
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

/** The connection flags that choose a talosconfig and what of it is used. */
export interface TalosconfigFlags {
  /** The path of the file; empty lets the lookup rules find it. */
  talosconfig: string;
  /** The context to use in the place of the current one. */
  context: string;
  /** What is connected to in the place of the context's endpoints. */
  endpoints: readonly string[];
}

/** The user's talosconfig, found by the lookup rules, honouring `--talosconfig`. */
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
   * The nodes to ask, as the user spelled them: `-n`, else the context's.
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

/** Completes words of one kind; yields `word` or `word<TAB>description`. */
export type Completer = (ctx: Context, word: string) => Promise<CompletionResult>;

/** Candidates and the bit set of spec/cli.md 8. */
export interface CompletionResult {
  /** Words, each with its description behind a tab where it has one. */
  candidates: readonly string[];
  /** What the shell is to do with them, as bits. */
  directive: number;
  /** Problems, for stderr and the debug file; never fatal. */
  errors?: readonly CliError[];
}

/** The name of a service the program has codecs for, such as `machine.MachineService`. */
export type ServiceName = keyof Services;

/** How a message crosses the wire. */
export interface MessageCodec<T> {
  /** To bytes, which `finish` gives. */
  encode(message: T): { finish(): Uint8Array };
  /** From bytes; throws on what is no such message. */
  decode(bytes: Uint8Array): T;
  /** Fills what is absent with the protobuf defaults. */
  fromPartial(partial: any): T;
}

/** One method, as generated code describes it. */
export interface MethodDefinition<I = unknown, O = unknown> {
  /** As in the `.proto` file: `ServiceList`. */
  readonly name: string;
  /** What is sent. */
  readonly requestType: MessageCodec<I>;
  /** Any number of requests is sent, not one. */
  readonly requestStream: boolean;
  /** What comes back. */
  readonly responseType: MessageCodec<O>;
  /** Any number of answers comes back, not one. */
  readonly responseStream: boolean;
}

/** One service: its full name and its methods by their names in camelCase. */
export interface ServiceDefinition {
  /** With its package: `machine.MachineService`. */
  readonly fullName: string;
  /** By their names in camelCase. */
  readonly methods: Readonly<Record<string, MethodDefinition<any, any>>>;
}

/** A request with any of its fields left out. */
export type DeepPartial<T> = T extends Uint8Array | string | number | boolean | undefined ? T
  : T extends (infer E)[] ? DeepPartial<E>[]
  : { [K in keyof T]?: DeepPartial<T[K]> | undefined };

/** What any call may be given. */
export interface CallOptions {
  /** Cancels the call; the command's own signal always does. */
  signal?: AbortSignal;
  /** The call fails with DeadlineExceeded after this. Default: none. */
  timeoutMs?: number;
  /**
   * Of a stream of `common.Data`, messages that arrived together come as one: for bytes that are cut anywhere. Default:
   * each message as it was sent.
   */
  joinsData?: boolean;
  /** Further request metadata. */
  metadata?: Readonly<Record<string, string>>;
}

/** One node's answer (one message of it, for a stream), or its failure; `node` is spelled as the user wrote it. */
export type NodeResult<T> = { node: string; value: T } | NodeError;

/** The message that a codec is for. */
export type MessageOf<C> = C extends MessageCodec<infer T> ? T : never;

/** What a method is asked with. */
export type RequestOf<M extends MethodDefinition> = DeepPartial<MessageOf<M["requestType"]>>;

/** What a method answers. */
export type ResponseOf<M extends MethodDefinition> = MessageOf<M["responseType"]>;

/** What a call of a method takes: one request, or a stream of them. */
export type Sent<M extends MethodDefinition> = M["requestStream"] extends true
  ? AsyncIterable<RequestOf<M>>
  : RequestOf<M>;

/** A service of one target: unary methods give a promise, streaming ones an async iterable. Failures are `RpcError`s. */
export type Stub<D extends ServiceDefinition> = {
  [K in keyof D["methods"]]: (
    request: Sent<D["methods"][K]>,
    options?: CallOptions,
  ) => D["methods"][K]["responseStream"] extends true ? AsyncIterable<ResponseOf<D["methods"][K]>>
    : Promise<ResponseOf<D["methods"][K]>>;
};

/**
 * A service of many nodes at once: one concurrent call a node, answers in order of arrival, never
 * an exception for a node's failure. Leaving the loop cancels what still runs.
 */
export type FanOutStub<D extends ServiceDefinition> = {
  [K in keyof D["methods"]]: D["methods"][K]["requestStream"] extends true ? never : (
    request: RequestOf<D["methods"][K]>,
    options?: CallOptions,
  ) => AsyncIterable<NodeResult<ResponseOf<D["methods"][K]>>>;
};

/** A service that no type describes: its methods by their names in camelCase, called as those of a stub. */
export type UntypedStub = Readonly<Record<string, any>>;

/** The services of one target. */
export interface Target {
  /** One of the services of Talos. */
  service<N extends ServiceName>(name: N): Promise<Stub<Services[N]>>;
  /** A service of the plugin's own, from a file it named with `registry.proto`. */
  ownService(name: string): Promise<UntypedStub>;
}

/** The services of several targets at once. */
export interface Targets {
  /** One of the services of Talos. */
  service<N extends ServiceName>(name: N): Promise<FanOutStub<Services[N]>>;
  /** A service of the plugin's own; each method gives an async iterable of {@linkcode NodeResult}s. */
  ownService(name: string): Promise<UntypedStub>;
}

/**
 * The client registry: lazily connected, one connection shared by all that ask. Its own services are those of whichever
 * endpoint is picked; that is not available with `--insecure`.
 */
export interface Talos extends Target {
  /** The services of one node, proxied by an endpoint. */
  node(node: string): Target;
  /** The services of each of these nodes; duplicates are asked twice. */
  nodes(nodes: readonly string[]): Targets;
  /** A node in maintenance mode, dialled itself: its certificate is not looked at, and nobody says who calls. */
  maintenance(node: string): Target;
}

/** What a plugin's code may reach; what is absent it may not. */
export interface PluginPermissions {
  /** `host` or `host:port`. */
  net?: PermissionList;
  /** Paths of files and folders with what is below them; a relative one starts where the program runs. */
  read?: PermissionList;
  /** As `read`. */
  write?: PermissionList;
  /** Names of environment variables. */
  env?: PermissionList;
  /** Programs by name or path. */
  run?: PermissionList;
}

/** These, or with `true` all there are. */
export type PermissionList = true | readonly string[];

/**
 * The calls a plugin may make: all, those that a holder of `os:reader` may make, or these, as `package.Service/Method`;
 * an empty list is none.
 */
export type RpcGrant = "all" | "read-only" | readonly string[];

/** What a plugin may do: asked for by its manifest, given by a grant. */
export interface PluginRights {
  /** What its code may reach. */
  permissions: PluginPermissions;
  /** Which calls to nodes it may make. */
  rpcs: RpcGrant;
}

/** What was read, and from where. */
export interface TalosconfigFile {
  /** Where it lies. */
  readonly path: string;
  /** What is in it. */
  readonly config: Talosconfig;
}

/** The client configuration: how to reach and authenticate with clusters. */
export interface Talosconfig {
  /** The current context's name; `""` when none is set. */
  context: string;
  /** By their names. */
  contexts: Map<string, TalosconfigContext>;
}

/** One way to reach a cluster. */
export interface TalosconfigContext {
  /** Addresses of the API; absent where the file has no such key. */
  endpoints?: string[];
  /** The nodes that commands ask when none is named. */
  nodes?: string[];
  /** Base64 of the PEM bundle of CA certificates, as it stands in the file. */
  ca: string;
  /** Base64 of the PEM client certificate. */
  crt: string;
  /** Base64 of the PEM client key. */
  key: string;
  /** What is sent with each call besides. */
  auth: TalosconfigAuth;
  /** The cluster's name, for an endpoint that serves several. */
  cluster: string;
  /** `socks5://…`, `http://…`, `https://…` or `direct`. */
  proxyUrl: string;
}

/** Ways to authenticate besides the client certificate. */
export interface TalosconfigAuth {
  /** Name and password, sent with each call. */
  basic?: { username: string; password: string };
  /** An account whose key signs each call. */
  siderov1?: { identity: string };
}

/** A gRPC status. */
export type StatusName =
  | "OK"
  | "Canceled"
  | "Unknown"
  | "InvalidArgument"
  | "DeadlineExceeded"
  | "NotFound"
  | "AlreadyExists"
  | "PermissionDenied"
  | "ResourceExhausted"
  | "FailedPrecondition"
  | "Aborted"
  | "OutOfRange"
  | "Unimplemented"
  | "Internal"
  | "Unavailable"
  | "DataLoss"
  | "Unauthenticated";

/** Every service by its full name. */
/** The gRPC services of nodes by their full names: `service(name)` of a client gives a typed stub of one. */
export interface Services {
  /**
   * The methods of `auth.AuthService`, with the messages they take and give.
   * @internal
   */
  "auth.AuthService": auth.AuthServiceDefinition;
  /**
   * The methods of `cluster.ClusterService`, with the messages they take and give.
   * @internal
   */
  "cluster.ClusterService": cluster.ClusterServiceDefinition;
  /**
   * The methods of `cosi.resource.State`, with the messages they take and give.
   * @internal
   */
  "cosi.resource.State": v1alpha1State.StateDefinition;
  /**
   * The methods of `inspect.InspectService`, with the messages they take and give.
   * @internal
   */
  "inspect.InspectService": inspect.InspectServiceDefinition;
  /**
   * The methods of `machine.DebugService`, with the messages they take and give.
   * @internal
   */
  "machine.DebugService": machineDebug.DebugServiceDefinition;
  /**
   * The methods of `machine.ImageService`, with the messages they take and give.
   * @internal
   */
  "machine.ImageService": machineImage.ImageServiceDefinition;
  /**
   * The methods of `machine.LVMService`, with the messages they take and give.
   * @internal
   */
  "machine.LVMService": machineLvm.LVMServiceDefinition;
  /**
   * The methods of `machine.LifecycleService`, with the messages they take and give.
   * @internal
   */
  "machine.LifecycleService": machineLifecycle.LifecycleServiceDefinition;
  /**
   * The methods of `machine.MDService`, with the messages they take and give.
   * @internal
   */
  "machine.MDService": machineMd.MDServiceDefinition;
  /**
   * The methods of `machine.MachineService`, with the messages they take and give.
   * @internal
   */
  "machine.MachineService": machine.MachineServiceDefinition;
  /**
   * The methods of `machine.StorageService`, with the messages they take and give.
   * @internal
   */
  "machine.StorageService": machineStorage.StorageServiceDefinition;
  /**
   * The methods of `securityapi.SecurityService`, with the messages they take and give.
   * @internal
   */
  "securityapi.SecurityService": security.SecurityServiceDefinition;
  /**
   * The methods of `signerapi.SignerService`, with the messages they take and give.
   * @internal
   */
  "signerapi.SignerService": signer.SignerServiceDefinition;
  /**
   * The methods of `storage.StorageService`, with the messages they take and give.
   * @internal
   */
  "storage.StorageService": storage.StorageServiceDefinition;
  /**
   * The methods of `time.TimeService`, with the messages they take and give.
   * @internal
   */
  "time.TimeService": time.TimeServiceDefinition;
}

export declare namespace auth {
  export interface Identity {
    email: string;
  }

  export interface PublicKey {
    pgpData: Uint8Array;
  }

  export interface RegisterPublicKeyRequest {
    identity: Identity | undefined;
    publicKey: PublicKey | undefined;
  }

  export interface RegisterPublicKeyResponse {
    loginUrl: string;
  }

  export interface AwaitPublicKeyConfirmationRequest {
    publicKeyId: string;
  }

  export interface AwaitPublicKeyConfirmationResponse {
  }

  export type AuthServiceDefinition = {
    name: "AuthService";
    fullName: "auth.AuthService";
    methods: {
      registerPublicKey: {
        name: "RegisterPublicKey";
        requestType: MessageCodec<RegisterPublicKeyRequest>;
        requestStream: false;
        responseType: MessageCodec<RegisterPublicKeyResponse>;
        responseStream: false;
      };
      awaitPublicKeyConfirmation: {
        name: "AwaitPublicKeyConfirmation";
        requestType: MessageCodec<AwaitPublicKeyConfirmationRequest>;
        requestStream: false;
        responseType: MessageCodec<AwaitPublicKeyConfirmationResponse>;
        responseStream: false;
      };
    };
  };
}

export declare namespace cluster {
  import Metadata = common.Metadata;
  import Duration = googleProtobufDuration.Duration;
  export interface HealthCheckRequest {
    waitTimeout: Duration | undefined;
    clusterInfo: ClusterInfo | undefined;
  }

  export interface ClusterInfo {
    controlPlaneNodes: string[];
    workerNodes: string[];
    forceEndpoint: string;
  }

  export interface HealthCheckProgress {
    metadata: Metadata | undefined;
    message: string;
  }

  export type ClusterServiceDefinition = {
    name: "ClusterService";
    fullName: "cluster.ClusterService";
    methods: {
      healthCheck: {
        name: "HealthCheck";
        requestType: MessageCodec<HealthCheckRequest>;
        requestStream: false;
        responseType: MessageCodec<HealthCheckProgress>;
        responseStream: true;
      };
    };
  };
}

export declare namespace common {
  import Any = googleProtobufAny.Any;
  import Status = googleRpcStatus.Status;
  export interface Error {
    code: Code;
    message: string;
    details: Any[];
  }

  export interface Metadata {
    hostname: string;
    error: string;
    status: Status | undefined;
  }

  export interface Data {
    metadata: Metadata | undefined;
    bytes: Uint8Array;
  }

  export interface DataResponse {
    messages: Data[];
  }

  export interface Empty {
    metadata: Metadata | undefined;
  }

  export interface EmptyResponse {
    messages: Empty[];
  }

  export interface ContainerdInstance {
    driver: ContainerDriver;
    namespace: ContainerdNamespace;
  }

  export interface URL {
    fullPath: string;
  }

  export interface PEMEncodedCertificateAndKey {
    crt: Uint8Array;
    key: Uint8Array;
  }

  export interface PEMEncodedKey {
    key: Uint8Array;
  }

  export interface PEMEncodedCertificate {
    crt: Uint8Array;
  }

  export interface NetIP {
    ip: Uint8Array;
  }

  export interface NetIPPort {
    ip: Uint8Array;
    port: number;
  }

  export interface NetIPPrefix {
    ip: Uint8Array;
    prefixLength: number;
  }

  export type Code = "FATAL" | "LOCKED" | "CANCELED" | "UNRECOGNIZED";

  export type ContainerDriver = "CONTAINERD" | "CRI" | "UNRECOGNIZED";

  export type ContainerdNamespace = "NS_UNKNOWN" | "NS_SYSTEM" | "NS_CRI" | "UNRECOGNIZED";
}

export declare namespace googleApiExprV1alpha1Checked {
  import Empty = googleProtobufEmpty.Empty;
  import NullValue = googleProtobufStruct.NullValue;
  import Constant = googleApiExprV1alpha1Syntax.Constant;
  import Expr = googleApiExprV1alpha1Syntax.Expr;
  import SourceInfo = googleApiExprV1alpha1Syntax.SourceInfo;
  export interface CheckedExpr {
    referenceMap: { [key: string]: Reference };
    typeMap: { [key: string]: Type };
    expr: Expr | undefined;
    sourceInfo: SourceInfo | undefined;
    exprVersion: string;
  }

  export interface CheckedExpr_ReferenceMapEntry {
    key: string;
    value: Reference | undefined;
  }

  export interface CheckedExpr_TypeMapEntry {
    key: string;
    value: Type | undefined;
  }

  export interface Type {
    dyn?: Empty | undefined;
    null?: NullValue | undefined;
    primitive?: Type_PrimitiveType | undefined;
    wrapper?: Type_PrimitiveType | undefined;
    wellKnown?: Type_WellKnownType | undefined;
    listType?: Type_ListType | undefined;
    mapType?: Type_MapType | undefined;
    function?: Type_FunctionType | undefined;
    messageType?: string | undefined;
    typeParam?: string | undefined;
    type?: Type | undefined;
    error?: Empty | undefined;
    abstractType?: Type_AbstractType | undefined;
  }

  export interface Type_ListType {
    elemType: Type | undefined;
  }

  export interface Type_MapType {
    keyType: Type | undefined;
    valueType: Type | undefined;
  }

  export interface Type_FunctionType {
    resultType: Type | undefined;
    argTypes: Type[];
  }

  export interface Type_AbstractType {
    name: string;
    parameterTypes: Type[];
  }

  export interface Decl {
    name: string;
    ident?: Decl_IdentDecl | undefined;
    function?: Decl_FunctionDecl | undefined;
  }

  export interface Decl_IdentDecl {
    type: Type | undefined;
    value: Constant | undefined;
    doc: string;
  }

  export interface Decl_FunctionDecl {
    overloads: Decl_FunctionDecl_Overload[];
  }

  export interface Decl_FunctionDecl_Overload {
    overloadId: string;
    params: Type[];
    typeParams: string[];
    resultType: Type | undefined;
    isInstanceFunction: boolean;
    doc: string;
  }

  export interface Reference {
    name: string;
    overloadId: string[];
    value: Constant | undefined;
  }

  export type Type_PrimitiveType =
    | "PRIMITIVE_TYPE_UNSPECIFIED"
    | "BOOL"
    | "INT64"
    | "UINT64"
    | "DOUBLE"
    | "STRING"
    | "BYTES"
    | "UNRECOGNIZED";

  export type Type_WellKnownType =
    | "WELL_KNOWN_TYPE_UNSPECIFIED"
    | "ANY"
    | "TIMESTAMP"
    | "DURATION"
    | "UNRECOGNIZED";
}

export declare namespace googleApiExprV1alpha1Syntax {
  import Duration = googleProtobufDuration.Duration;
  import NullValue = googleProtobufStruct.NullValue;
  import Timestamp = googleProtobufTimestamp.Timestamp;
  export interface ParsedExpr {
    expr: Expr | undefined;
    sourceInfo: SourceInfo | undefined;
  }

  export interface Expr {
    id: string;
    constExpr?: Constant | undefined;
    identExpr?: Expr_Ident | undefined;
    selectExpr?: Expr_Select | undefined;
    callExpr?: Expr_Call | undefined;
    listExpr?: Expr_CreateList | undefined;
    structExpr?: Expr_CreateStruct | undefined;
    comprehensionExpr?: Expr_Comprehension | undefined;
  }

  export interface Expr_Ident {
    name: string;
  }

  export interface Expr_Select {
    operand: Expr | undefined;
    field: string;
    testOnly: boolean;
  }

  export interface Expr_Call {
    target: Expr | undefined;
    function: string;
    args: Expr[];
  }

  export interface Expr_CreateList {
    elements: Expr[];
    optionalIndices: number[];
  }

  export interface Expr_CreateStruct {
    messageName: string;
    entries: Expr_CreateStruct_Entry[];
  }

  export interface Expr_CreateStruct_Entry {
    id: string;
    fieldKey?: string | undefined;
    mapKey?: Expr | undefined;
    value: Expr | undefined;
    optionalEntry: boolean;
  }

  export interface Expr_Comprehension {
    iterVar: string;
    iterRange: Expr | undefined;
    accuVar: string;
    accuInit: Expr | undefined;
    loopCondition: Expr | undefined;
    loopStep: Expr | undefined;
    result: Expr | undefined;
  }

  export interface Constant {
    nullValue?: NullValue | undefined;
    boolValue?: boolean | undefined;
    int64Value?: string | undefined;
    uint64Value?: string | undefined;
    doubleValue?: number | undefined;
    stringValue?: string | undefined;
    bytesValue?: Uint8Array | undefined;
    durationValue?: Duration | undefined;
    timestampValue?: Timestamp | undefined;
  }

  export interface SourceInfo {
    syntaxVersion: string;
    location: string;
    lineOffsets: number[];
    positions: { [key: string]: number };
    macroCalls: { [key: string]: Expr };
    extensions: SourceInfo_Extension[];
  }

  export interface SourceInfo_Extension {
    id: string;
    affectedComponents: SourceInfo_Extension_Component[];
    version: SourceInfo_Extension_Version | undefined;
  }

  export interface SourceInfo_Extension_Version {
    major: string;
    minor: string;
  }

  export interface SourceInfo_PositionsEntry {
    key: string;
    value: number;
  }

  export interface SourceInfo_MacroCallsEntry {
    key: string;
    value: Expr | undefined;
  }

  export interface SourcePosition {
    location: string;
    offset: number;
    line: number;
    column: number;
  }

  export type SourceInfo_Extension_Component =
    | "COMPONENT_UNSPECIFIED"
    | "COMPONENT_PARSER"
    | "COMPONENT_TYPE_CHECKER"
    | "COMPONENT_RUNTIME"
    | "UNRECOGNIZED";
}

export declare namespace googleProtobufAny {
  export interface Any {
    typeUrl: string;
    value: Uint8Array;
  }
}

export declare namespace googleProtobufDuration {
  export interface Duration {
    seconds: string;
    nanos: number;
  }
}

export declare namespace googleProtobufEmpty {
  export interface Empty {
  }
}

export declare namespace googleProtobufStruct {
  export interface Struct {
    fields: { [key: string]: unknown | undefined };
  }

  export interface Struct_FieldsEntry {
    key: string;
    value: unknown | undefined;
  }

  export interface Value {
    nullValue?: NullValue | undefined;
    numberValue?: number | undefined;
    stringValue?: string | undefined;
    boolValue?: boolean | undefined;
    structValue?: { [key: string]: unknown } | undefined;
    listValue?: Array<unknown> | undefined;
  }

  export interface ListValue {
    values: unknown[];
  }

  export interface StructWrapperFns {
    wrap(object: { [key: string]: any } | undefined): Struct;
    unwrap(message: Struct): { [key: string]: any };
  }

  export interface AnyValueWrapperFns {
    wrap(value: any): Value;
    unwrap(message: any): string | number | boolean | Object | null | Array<any> | undefined;
  }

  export interface ListValueWrapperFns {
    wrap(array: Array<any> | undefined): ListValue;
    unwrap(message: ListValue): Array<any>;
  }

  export type NullValue = "NULL_VALUE" | "UNRECOGNIZED";
}

export declare namespace googleProtobufTimestamp {
  export interface Timestamp {
    seconds: string;
    nanos: number;
  }
}

export declare namespace googleRpcStatus {
  import Any = googleProtobufAny.Any;
  export interface Status {
    code: number;
    message: string;
    details: Any[];
  }
}

export declare namespace inspect {
  import Metadata = common.Metadata;
  import Empty = googleProtobufEmpty.Empty;
  export interface ControllerRuntimeDependency {
    metadata: Metadata | undefined;
    edges: ControllerDependencyEdge[];
  }

  export interface ControllerRuntimeDependenciesResponse {
    messages: ControllerRuntimeDependency[];
  }

  export interface ControllerDependencyEdge {
    controllerName: string;
    edgeType: DependencyEdgeType;
    resourceNamespace: string;
    resourceType: string;
    resourceId: string;
  }

  export type DependencyEdgeType =
    | "OUTPUT_EXCLUSIVE"
    | "INPUT_STRONG"
    | "INPUT_WEAK"
    | "OUTPUT_SHARED"
    | "INPUT_DESTROY_READY"
    | "UNRECOGNIZED";

  export type InspectServiceDefinition = {
    name: "InspectService";
    fullName: "inspect.InspectService";
    methods: {
      controllerRuntimeDependencies: {
        name: "ControllerRuntimeDependencies";
        requestType: MessageCodec<Empty>;
        requestStream: false;
        responseType: MessageCodec<ControllerRuntimeDependenciesResponse>;
        responseStream: false;
      };
    };
  };
}

export declare namespace machineDebug {
  import ContainerdInstance = common.ContainerdInstance;
  export interface DebugContainerRunRequest {
    spec?: DebugContainerRunRequestSpec | undefined;
    stdinData?: Uint8Array | undefined;
    signal?: number | undefined;
    termResize?: DebugContainerTerminalResize | undefined;
  }

  export interface DebugContainerRunRequestSpec {
    containerd: ContainerdInstance | undefined;
    imageName: string;
    args: string[];
    env: { [key: string]: string };
    profile: DebugContainerRunRequestSpec_Profile;
    tty: boolean;
  }

  export interface DebugContainerRunRequestSpec_EnvEntry {
    key: string;
    value: string;
  }

  export interface DebugContainerTerminalResize {
    width: number;
    height: number;
  }

  export interface DebugContainerRunResponse {
    stdoutData?: Uint8Array | undefined;
    exitCode?: number | undefined;
  }

  export type DebugContainerRunRequestSpec_Profile =
    | "PROFILE_UNSPECIFIED"
    | "PROFILE_PRIVILEGED"
    | "PROFILE_HOST_NS"
    | "UNRECOGNIZED";

  export type DebugServiceDefinition = {
    name: "DebugService";
    fullName: "machine.DebugService";
    methods: {
      containerRun: {
        name: "ContainerRun";
        requestType: MessageCodec<DebugContainerRunRequest>;
        requestStream: true;
        responseType: MessageCodec<DebugContainerRunResponse>;
        responseStream: true;
      };
    };
  };
}

export declare namespace machineImage {
  import ContainerdInstance = common.ContainerdInstance;
  import Data = common.Data;
  import Duration = googleProtobufDuration.Duration;
  import Empty = googleProtobufEmpty.Empty;
  import Timestamp = googleProtobufTimestamp.Timestamp;
  export interface ImageServiceListRequest {
    containerd: ContainerdInstance | undefined;
  }

  export interface ImageServiceListResponse {
    name: string;
    digest: string;
    size: string;
    createdAt: Timestamp | undefined;
    labels: { [key: string]: string };
  }

  export interface ImageServiceListResponse_LabelsEntry {
    key: string;
    value: string;
  }

  export interface ImageServicePullRequest {
    containerd: ContainerdInstance | undefined;
    imageRef: string;
  }

  export interface ImageServicePullResponse {
    name?: string | undefined;
    pullProgress?: ImageServicePullProgress | undefined;
  }

  export interface ImageServiceImportRequest {
    containerd?: ContainerdInstance | undefined;
    imageChunk?: Data | undefined;
  }

  export interface ImageServiceImportResponse {
    name: string;
  }

  export interface ImageServicePullLayerProgress {
    status: ImageServicePullLayerProgress_Status;
    elapsed: Duration | undefined;
    offset: string;
    total: string;
  }

  export interface ImageServicePullProgress {
    layerId: string;
    progress: ImageServicePullLayerProgress | undefined;
  }

  export interface ImageServiceRemoveRequest {
    containerd: ContainerdInstance | undefined;
    imageRef: string;
  }

  export interface ImageServiceVerifyRequest {
    imageRef: string;
    credentials: ImageServiceCredentials | undefined;
  }

  export interface ImageServiceCredentials {
    host: string;
    username: string;
    password: string;
  }

  export interface ImageServiceVerifyResponse {
    verified: boolean;
    message: string;
    digestedImageRef: string;
  }

  export type ImageServicePullLayerProgress_Status =
    | "DOWNLOADING"
    | "DOWNLOAD_COMPLETE"
    | "EXTRACTING"
    | "EXTRACT_COMPLETE"
    | "ALREADY_EXISTS"
    | "UNRECOGNIZED";

  export type ImageServiceDefinition = {
    name: "ImageService";
    fullName: "machine.ImageService";
    methods: {
      list: {
        name: "List";
        requestType: MessageCodec<ImageServiceListRequest>;
        requestStream: false;
        responseType: MessageCodec<ImageServiceListResponse>;
        responseStream: true;
      };
      pull: {
        name: "Pull";
        requestType: MessageCodec<ImageServicePullRequest>;
        requestStream: false;
        responseType: MessageCodec<ImageServicePullResponse>;
        responseStream: true;
      };
      import: {
        name: "Import";
        requestType: MessageCodec<ImageServiceImportRequest>;
        requestStream: true;
        responseType: MessageCodec<ImageServiceImportResponse>;
        responseStream: false;
      };
      remove: {
        name: "Remove";
        requestType: MessageCodec<ImageServiceRemoveRequest>;
        requestStream: false;
        responseType: MessageCodec<Empty>;
        responseStream: false;
      };
      verify: {
        name: "Verify";
        requestType: MessageCodec<ImageServiceVerifyRequest>;
        requestStream: false;
        responseType: MessageCodec<ImageServiceVerifyResponse>;
        responseStream: false;
      };
    };
  };
}

export declare namespace machineLifecycle {
  import ContainerdInstance = common.ContainerdInstance;
  export interface InstallArtifactsSource {
    imageName: string;
  }

  export interface InstallDestination {
    disk: string;
  }

  export interface LifecycleServiceInstallRequest {
    containerd: ContainerdInstance | undefined;
    source: InstallArtifactsSource | undefined;
    destination: InstallDestination | undefined;
  }

  export interface LifecycleServiceInstallProgress {
    message?: string | undefined;
    exitCode?: number | undefined;
  }

  export interface LifecycleServiceInstallResponse {
    progress: LifecycleServiceInstallProgress | undefined;
  }

  export interface LifecycleServiceUpgradeRequest {
    containerd: ContainerdInstance | undefined;
    source: InstallArtifactsSource | undefined;
  }

  export interface LifecycleServiceUpgradeResponse {
    progress: LifecycleServiceInstallProgress | undefined;
  }

  export type LifecycleServiceDefinition = {
    name: "LifecycleService";
    fullName: "machine.LifecycleService";
    methods: {
      install: {
        name: "Install";
        requestType: MessageCodec<LifecycleServiceInstallRequest>;
        requestStream: false;
        responseType: MessageCodec<LifecycleServiceInstallResponse>;
        responseStream: true;
      };
      upgrade: {
        name: "Upgrade";
        requestType: MessageCodec<LifecycleServiceUpgradeRequest>;
        requestStream: false;
        responseType: MessageCodec<LifecycleServiceUpgradeResponse>;
        responseStream: true;
      };
    };
  };
}

export declare namespace machineLvm {
  import Empty = googleProtobufEmpty.Empty;
  export interface LVMServiceLogicalVolumeRemoveRequest {
    volumeGroup: string;
    logicalVolume: string;
  }

  export interface LVMServiceVolumeGroupRemoveRequest {
    volumeGroup: string;
  }

  export interface LVMServicePhysicalVolumeRemoveRequest {
    device: string;
  }

  export type LVMServiceDefinition = {
    name: "LVMService";
    fullName: "machine.LVMService";
    methods: {
      logicalVolumeRemove: {
        name: "LogicalVolumeRemove";
        requestType: MessageCodec<LVMServiceLogicalVolumeRemoveRequest>;
        requestStream: false;
        responseType: MessageCodec<Empty>;
        responseStream: false;
      };
      volumeGroupRemove: {
        name: "VolumeGroupRemove";
        requestType: MessageCodec<LVMServiceVolumeGroupRemoveRequest>;
        requestStream: false;
        responseType: MessageCodec<Empty>;
        responseStream: false;
      };
      physicalVolumeRemove: {
        name: "PhysicalVolumeRemove";
        requestType: MessageCodec<LVMServicePhysicalVolumeRemoveRequest>;
        requestStream: false;
        responseType: MessageCodec<Empty>;
        responseStream: false;
      };
    };
  };
}

export declare namespace machine {
  import ContainerdNamespace = common.ContainerdNamespace;
  import ContainerDriver = common.ContainerDriver;
  import Data = common.Data;
  import Error = common.Error;
  import Metadata = common.Metadata;
  import Any = googleProtobufAny.Any;
  import Duration = googleProtobufDuration.Duration;
  import Empty = googleProtobufEmpty.Empty;
  import Timestamp = googleProtobufTimestamp.Timestamp;
  export interface ApplyConfigurationRequest {
    data: Uint8Array;
    mode: ApplyConfigurationRequest_Mode;
    dryRun: boolean;
    tryModeTimeout: Duration | undefined;
  }

  export interface ApplyConfiguration {
    metadata: Metadata | undefined;
    warnings: string[];
    mode: ApplyConfigurationRequest_Mode;
    modeDetails: string;
  }

  export interface ApplyConfigurationResponse {
    messages: ApplyConfiguration[];
  }

  export interface RebootRequest {
    mode: RebootRequest_Mode;
  }

  export interface Reboot {
    metadata: Metadata | undefined;
    actorId: string;
  }

  export interface RebootResponse {
    messages: Reboot[];
  }

  export interface BootstrapRequest {
    recoverEtcd: boolean;
    recoverSkipHashCheck: boolean;
  }

  export interface Bootstrap {
    metadata: Metadata | undefined;
  }

  export interface BootstrapResponse {
    messages: Bootstrap[];
  }

  export interface SequenceEvent {
    sequence: string;
    action: SequenceEvent_Action;
    error: Error | undefined;
  }

  export interface PhaseEvent {
    phase: string;
    action: PhaseEvent_Action;
  }

  export interface TaskEvent {
    task: string;
    action: TaskEvent_Action;
  }

  export interface ServiceStateEvent {
    service: string;
    action: ServiceStateEvent_Action;
    message: string;
    health: ServiceHealth | undefined;
  }

  export interface RestartEvent {
    cmd: string;
  }

  export interface ConfigLoadErrorEvent {
    error: string;
  }

  export interface ConfigValidationErrorEvent {
    error: string;
  }

  export interface AddressEvent {
    hostname: string;
    addresses: string[];
  }

  export interface MachineStatusEvent {
    stage: MachineStatusEvent_MachineStage;
    status: MachineStatusEvent_MachineStatus | undefined;
  }

  export interface MachineStatusEvent_MachineStatus {
    ready: boolean;
    unmetConditions: MachineStatusEvent_MachineStatus_UnmetCondition[];
  }

  export interface MachineStatusEvent_MachineStatus_UnmetCondition {
    name: string;
    reason: string;
  }

  export interface EventsRequest {
    tailEvents: number;
    tailId: string;
    tailSeconds: number;
    withActorId: string;
  }

  export interface Event {
    metadata: Metadata | undefined;
    data: Any | undefined;
    id: string;
    actorId: string;
  }

  export interface ResetPartitionSpec {
    label: string;
    wipe: boolean;
  }

  export interface ResetRequest {
    graceful: boolean;
    reboot: boolean;
    systemPartitionsToWipe: ResetPartitionSpec[];
    userDisksToWipe: string[];
    mode: ResetRequest_WipeMode;
  }

  export interface Reset {
    metadata: Metadata | undefined;
    actorId: string;
  }

  export interface ResetResponse {
    messages: Reset[];
  }

  export interface Shutdown {
    metadata: Metadata | undefined;
    actorId: string;
  }

  export interface ShutdownRequest {
    force: boolean;
  }

  export interface ShutdownResponse {
    messages: Shutdown[];
  }

  export interface UpgradeRequest {
    image: string;
    preserve: boolean;
    stage: boolean;
    force: boolean;
    rebootMode: UpgradeRequest_RebootMode;
  }

  export interface Upgrade {
    metadata: Metadata | undefined;
    ack: string;
    actorId: string;
  }

  export interface UpgradeResponse {
    messages: Upgrade[];
  }

  export interface ServiceList {
    metadata: Metadata | undefined;
    services: ServiceInfo[];
  }

  export interface ServiceListResponse {
    messages: ServiceList[];
  }

  export interface ServiceInfo {
    id: string;
    state: string;
    events: ServiceEvents | undefined;
    health: ServiceHealth | undefined;
  }

  export interface ServiceEvents {
    events: ServiceEvent[];
  }

  export interface ServiceEvent {
    msg: string;
    state: string;
    ts: Timestamp | undefined;
  }

  export interface ServiceHealth {
    unknown: boolean;
    healthy: boolean;
    lastMessage: string;
    lastChange: Timestamp | undefined;
  }

  export interface ServiceStartRequest {
    id: string;
  }

  export interface ServiceStart {
    metadata: Metadata | undefined;
    resp: string;
  }

  export interface ServiceStartResponse {
    messages: ServiceStart[];
  }

  export interface ServiceStopRequest {
    id: string;
  }

  export interface ServiceStop {
    metadata: Metadata | undefined;
    resp: string;
  }

  export interface ServiceStopResponse {
    messages: ServiceStop[];
  }

  export interface ServiceRestartRequest {
    id: string;
  }

  export interface ServiceRestart {
    metadata: Metadata | undefined;
    resp: string;
  }

  export interface ServiceRestartResponse {
    messages: ServiceRestart[];
  }

  export interface CopyRequest {
    rootPath: string;
  }

  export interface ListRequest {
    root: string;
    recurse: boolean;
    recursionDepth: number;
    types: ListRequest_Type[];
    reportXattrs: boolean;
  }

  export interface DiskUsageRequest {
    recursionDepth: number;
    all: boolean;
    threshold: string;
    paths: string[];
  }

  export interface FileInfo {
    metadata: Metadata | undefined;
    name: string;
    size: string;
    mode: number;
    modified: string;
    isDir: boolean;
    error: string;
    link: string;
    relativeName: string;
    uid: number;
    gid: number;
    xattrs: Xattr[];
  }

  export interface Xattr {
    name: string;
    data: Uint8Array;
  }

  export interface DiskUsageInfo {
    metadata: Metadata | undefined;
    name: string;
    size: string;
    error: string;
    relativeName: string;
  }

  export interface Mounts {
    metadata: Metadata | undefined;
    stats: MountStat[];
  }

  export interface MountsResponse {
    messages: Mounts[];
  }

  export interface MountStat {
    filesystem: string;
    size: string;
    available: string;
    mountedOn: string;
  }

  export interface Version {
    metadata: Metadata | undefined;
    version: VersionInfo | undefined;
    platform: PlatformInfo | undefined;
    features: FeaturesInfo | undefined;
  }

  export interface VersionResponse {
    messages: Version[];
  }

  export interface VersionInfo {
    tag: string;
    sha: string;
    built: string;
    goVersion: string;
    os: string;
    arch: string;
  }

  export interface PlatformInfo {
    name: string;
    mode: string;
  }

  export interface FeaturesInfo {
    rbac: boolean;
  }

  export interface LogsRequest {
    namespace: string;
    id: string;
    driver: ContainerDriver;
    follow: boolean;
    tailLines: number;
  }

  export interface ReadRequest {
    path: string;
  }

  export interface LogsContainer {
    metadata: Metadata | undefined;
    ids: string[];
  }

  export interface LogsContainersResponse {
    messages: LogsContainer[];
  }

  export interface RollbackRequest {
  }

  export interface Rollback {
    metadata: Metadata | undefined;
  }

  export interface RollbackResponse {
    messages: Rollback[];
  }

  export interface ContainersRequest {
    namespace: string;
    driver: ContainerDriver;
  }

  export interface ContainerInfo {
    namespace: string;
    id: string;
    image: string;
    pid: number;
    status: string;
    podId: string;
    name: string;
    networkNamespace: string;
    internalId: string;
    uid: string;
  }

  export interface Container {
    metadata: Metadata | undefined;
    containers: ContainerInfo[];
  }

  export interface ContainersResponse {
    messages: Container[];
  }

  export interface DmesgRequest {
    follow: boolean;
    tail: boolean;
  }

  export interface ProcessesResponse {
    messages: Process[];
  }

  export interface Process {
    metadata: Metadata | undefined;
    processes: ProcessInfo[];
  }

  export interface ProcessInfo {
    pid: number;
    ppid: number;
    state: string;
    threads: number;
    cpuTime: number;
    virtualMemory: string;
    residentMemory: string;
    command: string;
    executable: string;
    args: string;
    label: string;
  }

  export interface RestartRequest {
    namespace: string;
    id: string;
    driver: ContainerDriver;
  }

  export interface Restart {
    metadata: Metadata | undefined;
  }

  export interface RestartResponse {
    messages: Restart[];
  }

  export interface StatsRequest {
    namespace: string;
    driver: ContainerDriver;
  }

  export interface Stats {
    metadata: Metadata | undefined;
    stats: Stat[];
  }

  export interface StatsResponse {
    messages: Stats[];
  }

  export interface Stat {
    namespace: string;
    id: string;
    memoryUsage: string;
    cpuUsage: string;
    podId: string;
    name: string;
  }

  export interface Memory {
    metadata: Metadata | undefined;
    meminfo: MemInfo | undefined;
  }

  export interface MemoryResponse {
    messages: Memory[];
  }

  export interface MemInfo {
    memtotal: string;
    memfree: string;
    memavailable: string;
    buffers: string;
    cached: string;
    swapcached: string;
    active: string;
    inactive: string;
    activeanon: string;
    inactiveanon: string;
    activefile: string;
    inactivefile: string;
    unevictable: string;
    mlocked: string;
    swaptotal: string;
    swapfree: string;
    dirty: string;
    writeback: string;
    anonpages: string;
    mapped: string;
    shmem: string;
    slab: string;
    sreclaimable: string;
    sunreclaim: string;
    kernelstack: string;
    pagetables: string;
    nfsunstable: string;
    bounce: string;
    writebacktmp: string;
    commitlimit: string;
    committedas: string;
    vmalloctotal: string;
    vmallocused: string;
    vmallocchunk: string;
    hardwarecorrupted: string;
    anonhugepages: string;
    shmemhugepages: string;
    shmempmdmapped: string;
    cmatotal: string;
    cmafree: string;
    hugepagestotal: string;
    hugepagesfree: string;
    hugepagesrsvd: string;
    hugepagessurp: string;
    hugepagesize: string;
    directmap4k: string;
    directmap2m: string;
    directmap1g: string;
  }

  export interface HostnameResponse {
    messages: Hostname[];
  }

  export interface Hostname {
    metadata: Metadata | undefined;
    hostname: string;
  }

  export interface LoadAvgResponse {
    messages: LoadAvg[];
  }

  export interface LoadAvg {
    metadata: Metadata | undefined;
    load1: number;
    load5: number;
    load15: number;
  }

  export interface SystemStatResponse {
    messages: SystemStat[];
  }

  export interface SystemStat {
    metadata: Metadata | undefined;
    bootTime: string;
    cpuTotal: CPUStat | undefined;
    cpu: CPUStat[];
    irqTotal: string;
    irq: string[];
    contextSwitches: string;
    processCreated: string;
    processRunning: string;
    processBlocked: string;
    softIrqTotal: string;
    softIrq: SoftIRQStat | undefined;
  }

  export interface CPUStat {
    user: number;
    nice: number;
    system: number;
    idle: number;
    iowait: number;
    irq: number;
    softIrq: number;
    steal: number;
    guest: number;
    guestNice: number;
  }

  export interface SoftIRQStat {
    hi: string;
    timer: string;
    netTx: string;
    netRx: string;
    block: string;
    blockIoPoll: string;
    tasklet: string;
    sched: string;
    hrtimer: string;
    rcu: string;
  }

  export interface CPUFreqStatsResponse {
    messages: CPUsFreqStats[];
  }

  export interface CPUsFreqStats {
    metadata: Metadata | undefined;
    cpuFreqStats: CPUFreqStats[];
  }

  export interface CPUFreqStats {
    currentFrequency: string;
    minimumFrequency: string;
    maximumFrequency: string;
    governor: string;
  }

  export interface CPUInfoResponse {
    messages: CPUsInfo[];
  }

  export interface CPUsInfo {
    metadata: Metadata | undefined;
    cpuInfo: CPUInfo[];
  }

  export interface CPUInfo {
    processor: number;
    vendorId: string;
    cpuFamily: string;
    model: string;
    modelName: string;
    stepping: string;
    microcode: string;
    cpuMhz: number;
    cacheSize: string;
    physicalId: string;
    siblings: number;
    coreId: string;
    cpuCores: number;
    apicId: string;
    initialApicId: string;
    fpu: string;
    fpuException: string;
    cpuIdLevel: number;
    wp: string;
    flags: string[];
    bugs: string[];
    bogoMips: number;
    clFlushSize: number;
    cacheAlignment: number;
    addressSizes: string;
    powerManagement: string;
  }

  export interface NetworkDeviceStatsResponse {
    messages: NetworkDeviceStats[];
  }

  export interface NetworkDeviceStats {
    metadata: Metadata | undefined;
    total: NetDev | undefined;
    devices: NetDev[];
  }

  export interface NetDev {
    name: string;
    rxBytes: string;
    rxPackets: string;
    rxErrors: string;
    rxDropped: string;
    rxFifo: string;
    rxFrame: string;
    rxCompressed: string;
    rxMulticast: string;
    txBytes: string;
    txPackets: string;
    txErrors: string;
    txDropped: string;
    txFifo: string;
    txCollisions: string;
    txCarrier: string;
    txCompressed: string;
  }

  export interface DiskStatsResponse {
    messages: DiskStats[];
  }

  export interface DiskStats {
    metadata: Metadata | undefined;
    total: DiskStat | undefined;
    devices: DiskStat[];
  }

  export interface DiskStat {
    name: string;
    readCompleted: string;
    readMerged: string;
    readSectors: string;
    readTimeMs: string;
    writeCompleted: string;
    writeMerged: string;
    writeSectors: string;
    writeTimeMs: string;
    ioInProgress: string;
    ioTimeMs: string;
    ioTimeWeightedMs: string;
    discardCompleted: string;
    discardMerged: string;
    discardSectors: string;
    discardTimeMs: string;
  }

  export interface EtcdLeaveClusterRequest {
  }

  export interface EtcdLeaveCluster {
    metadata: Metadata | undefined;
  }

  export interface EtcdLeaveClusterResponse {
    messages: EtcdLeaveCluster[];
  }

  export interface EtcdRemoveMemberByIDRequest {
    memberId: string;
  }

  export interface EtcdRemoveMemberByID {
    metadata: Metadata | undefined;
  }

  export interface EtcdRemoveMemberByIDResponse {
    messages: EtcdRemoveMemberByID[];
  }

  export interface EtcdForfeitLeadershipRequest {
  }

  export interface EtcdForfeitLeadership {
    metadata: Metadata | undefined;
    member: string;
  }

  export interface EtcdForfeitLeadershipResponse {
    messages: EtcdForfeitLeadership[];
  }

  export interface EtcdMemberListRequest {
    queryLocal: boolean;
  }

  export interface EtcdMember {
    id: string;
    hostname: string;
    peerUrls: string[];
    clientUrls: string[];
    isLearner: boolean;
  }

  export interface EtcdMembers {
    metadata: Metadata | undefined;
    legacyMembers: string[];
    members: EtcdMember[];
  }

  export interface EtcdMemberListResponse {
    messages: EtcdMembers[];
  }

  export interface EtcdSnapshotRequest {
  }

  export interface EtcdRecover {
    metadata: Metadata | undefined;
  }

  export interface EtcdRecoverResponse {
    messages: EtcdRecover[];
  }

  export interface EtcdAlarmListResponse {
    messages: EtcdAlarm[];
  }

  export interface EtcdAlarm {
    metadata: Metadata | undefined;
    memberAlarms: EtcdMemberAlarm[];
  }

  export interface EtcdMemberAlarm {
    memberId: string;
    alarm: EtcdMemberAlarm_AlarmType;
  }

  export interface EtcdAlarmDisarmResponse {
    messages: EtcdAlarmDisarm[];
  }

  export interface EtcdAlarmDisarm {
    metadata: Metadata | undefined;
    memberAlarms: EtcdMemberAlarm[];
  }

  export interface EtcdDefragmentResponse {
    messages: EtcdDefragment[];
  }

  export interface EtcdDefragment {
    metadata: Metadata | undefined;
  }

  export interface EtcdStatusResponse {
    messages: EtcdStatus[];
  }

  export interface EtcdStatus {
    metadata: Metadata | undefined;
    memberStatus: EtcdMemberStatus | undefined;
  }

  export interface EtcdMemberStatus {
    protocolVersion: string;
    dbSize: string;
    dbSizeInUse: string;
    leader: string;
    raftIndex: string;
    raftTerm: string;
    raftAppliedIndex: string;
    errors: string[];
    isLearner: boolean;
    memberId: string;
    storageVersion: string;
  }

  export interface EtcdDowngradeValidateRequest {
    version: string;
  }

  export interface EtcdDowngradeValidateResponse {
    messages: EtcdDowngradeValidate[];
  }

  export interface EtcdDowngradeValidate {
    metadata: Metadata | undefined;
    clusterDowngrade: EtcdClusterDowngrade | undefined;
  }

  export interface EtcdDowngradeEnableRequest {
    version: string;
  }

  export interface EtcdDowngradeEnableResponse {
    messages: EtcdDowngradeEnable[];
  }

  export interface EtcdDowngradeEnable {
    metadata: Metadata | undefined;
    clusterDowngrade: EtcdClusterDowngrade | undefined;
  }

  export interface EtcdDowngradeCancelResponse {
    messages: EtcdDowngradeCancel[];
  }

  export interface EtcdDowngradeCancel {
    metadata: Metadata | undefined;
    clusterDowngrade: EtcdClusterDowngrade | undefined;
  }

  export interface EtcdClusterDowngrade {
    clusterVersion: string;
  }

  export interface GenerateClientConfigurationRequest {
    roles: string[];
    crtTtl: Duration | undefined;
  }

  export interface GenerateClientConfiguration {
    metadata: Metadata | undefined;
    ca: Uint8Array;
    crt: Uint8Array;
    key: Uint8Array;
    talosconfig: Uint8Array;
  }

  export interface GenerateClientConfigurationResponse {
    messages: GenerateClientConfiguration[];
  }

  export interface PacketCaptureRequest {
    interface: string;
    promiscuous: boolean;
    snapLen: number;
    bpfFilter: BPFInstruction[];
  }

  export interface BPFInstruction {
    op: number;
    jt: number;
    jf: number;
    k: number;
  }

  export interface NetstatRequest {
    filter: NetstatRequest_Filter;
    feature: NetstatRequest_Feature | undefined;
    l4proto: NetstatRequest_L4proto | undefined;
    netns: NetstatRequest_NetNS | undefined;
  }

  export interface NetstatRequest_Feature {
    pid: boolean;
  }

  export interface NetstatRequest_L4proto {
    tcp: boolean;
    tcp6: boolean;
    udp: boolean;
    udp6: boolean;
    udplite: boolean;
    udplite6: boolean;
    raw: boolean;
    raw6: boolean;
  }

  export interface NetstatRequest_NetNS {
    hostnetwork: boolean;
    netns: string[];
    allnetns: boolean;
  }

  export interface ConnectRecord {
    l4proto: string;
    localip: string;
    localport: number;
    remoteip: string;
    remoteport: number;
    state: ConnectRecord_State;
    txqueue: string;
    rxqueue: string;
    tr: ConnectRecord_TimerActive;
    timerwhen: string;
    retrnsmt: string;
    uid: number;
    timeout: string;
    inode: string;
    ref: string;
    pointer: string;
    process: ConnectRecord_Process | undefined;
    netns: string;
  }

  export interface ConnectRecord_Process {
    pid: number;
    name: string;
  }

  export interface Netstat {
    metadata: Metadata | undefined;
    connectrecord: ConnectRecord[];
  }

  export interface NetstatResponse {
    messages: Netstat[];
  }

  export interface MetaWriteRequest {
    key: number;
    value: Uint8Array;
  }

  export interface MetaWrite {
    metadata: Metadata | undefined;
  }

  export interface MetaWriteResponse {
    messages: MetaWrite[];
  }

  export interface MetaDeleteRequest {
    key: number;
  }

  export interface MetaDelete {
    metadata: Metadata | undefined;
  }

  export interface MetaDeleteResponse {
    messages: MetaDelete[];
  }

  export interface ImageListRequest {
    namespace: ContainerdNamespace;
  }

  export interface ImageListResponse {
    metadata: Metadata | undefined;
    name: string;
    digest: string;
    size: string;
    createdAt: Timestamp | undefined;
  }

  export interface ImagePullRequest {
    namespace: ContainerdNamespace;
    reference: string;
  }

  export interface ImagePull {
    metadata: Metadata | undefined;
  }

  export interface ImagePullResponse {
    messages: ImagePull[];
  }

  export type ApplyConfigurationRequest_Mode =
    | "REBOOT"
    | "AUTO"
    | "NO_REBOOT"
    | "STAGED"
    | "TRY"
    | "UNRECOGNIZED";

  export type RebootRequest_Mode = "DEFAULT" | "POWERCYCLE" | "FORCE" | "UNRECOGNIZED";

  export type SequenceEvent_Action = "NOOP" | "START" | "STOP" | "UNRECOGNIZED";

  export type PhaseEvent_Action = "START" | "STOP" | "UNRECOGNIZED";

  export type TaskEvent_Action = "START" | "STOP" | "UNRECOGNIZED";

  export type ServiceStateEvent_Action =
    | "INITIALIZED"
    | "PREPARING"
    | "WAITING"
    | "RUNNING"
    | "STOPPING"
    | "FINISHED"
    | "FAILED"
    | "SKIPPED"
    | "STARTING"
    | "UNRECOGNIZED";

  export type MachineStatusEvent_MachineStage =
    | "UNKNOWN"
    | "BOOTING"
    | "INSTALLING"
    | "MAINTENANCE"
    | "RUNNING"
    | "REBOOTING"
    | "SHUTTING_DOWN"
    | "RESETTING"
    | "UPGRADING"
    | "UNRECOGNIZED";

  export type ResetRequest_WipeMode = "ALL" | "SYSTEM_DISK" | "USER_DISKS" | "UNRECOGNIZED";

  export type UpgradeRequest_RebootMode = "DEFAULT" | "POWERCYCLE" | "UNRECOGNIZED";

  export type ListRequest_Type = "REGULAR" | "DIRECTORY" | "SYMLINK" | "UNRECOGNIZED";

  export type EtcdMemberAlarm_AlarmType = "NONE" | "NOSPACE" | "CORRUPT" | "UNRECOGNIZED";

  export type NetstatRequest_Filter = "ALL" | "CONNECTED" | "LISTENING" | "UNRECOGNIZED";

  export type ConnectRecord_State =
    | "RESERVED"
    | "ESTABLISHED"
    | "SYN_SENT"
    | "SYN_RECV"
    | "FIN_WAIT1"
    | "FIN_WAIT2"
    | "TIME_WAIT"
    | "CLOSE"
    | "CLOSEWAIT"
    | "LASTACK"
    | "LISTEN"
    | "CLOSING"
    | "UNRECOGNIZED";

  export type ConnectRecord_TimerActive =
    | "OFF"
    | "ON"
    | "KEEPALIVE"
    | "TIMEWAIT"
    | "PROBE"
    | "UNRECOGNIZED";

  export type MachineServiceDefinition = {
    name: "MachineService";
    fullName: "machine.MachineService";
    methods: {
      applyConfiguration: {
        name: "ApplyConfiguration";
        requestType: MessageCodec<ApplyConfigurationRequest>;
        requestStream: false;
        responseType: MessageCodec<ApplyConfigurationResponse>;
        responseStream: false;
      };
      bootstrap: {
        name: "Bootstrap";
        requestType: MessageCodec<BootstrapRequest>;
        requestStream: false;
        responseType: MessageCodec<BootstrapResponse>;
        responseStream: false;
      };
      containers: {
        name: "Containers";
        requestType: MessageCodec<ContainersRequest>;
        requestStream: false;
        responseType: MessageCodec<ContainersResponse>;
        responseStream: false;
      };
      copy: {
        name: "Copy";
        requestType: MessageCodec<CopyRequest>;
        requestStream: false;
        responseType: MessageCodec<Data>;
        responseStream: true;
      };
      cPUFreqStats: {
        name: "CPUFreqStats";
        requestType: MessageCodec<Empty>;
        requestStream: false;
        responseType: MessageCodec<CPUFreqStatsResponse>;
        responseStream: false;
      };
      cPUInfo: {
        name: "CPUInfo";
        requestType: MessageCodec<Empty>;
        requestStream: false;
        responseType: MessageCodec<CPUInfoResponse>;
        responseStream: false;
      };
      diskStats: {
        name: "DiskStats";
        requestType: MessageCodec<Empty>;
        requestStream: false;
        responseType: MessageCodec<DiskStatsResponse>;
        responseStream: false;
      };
      dmesg: {
        name: "Dmesg";
        requestType: MessageCodec<DmesgRequest>;
        requestStream: false;
        responseType: MessageCodec<Data>;
        responseStream: true;
      };
      events: {
        name: "Events";
        requestType: MessageCodec<EventsRequest>;
        requestStream: false;
        responseType: MessageCodec<Event>;
        responseStream: true;
      };
      etcdMemberList: {
        name: "EtcdMemberList";
        requestType: MessageCodec<EtcdMemberListRequest>;
        requestStream: false;
        responseType: MessageCodec<EtcdMemberListResponse>;
        responseStream: false;
      };
      etcdRemoveMemberByID: {
        name: "EtcdRemoveMemberByID";
        requestType: MessageCodec<EtcdRemoveMemberByIDRequest>;
        requestStream: false;
        responseType: MessageCodec<EtcdRemoveMemberByIDResponse>;
        responseStream: false;
      };
      etcdLeaveCluster: {
        name: "EtcdLeaveCluster";
        requestType: MessageCodec<EtcdLeaveClusterRequest>;
        requestStream: false;
        responseType: MessageCodec<EtcdLeaveClusterResponse>;
        responseStream: false;
      };
      etcdForfeitLeadership: {
        name: "EtcdForfeitLeadership";
        requestType: MessageCodec<EtcdForfeitLeadershipRequest>;
        requestStream: false;
        responseType: MessageCodec<EtcdForfeitLeadershipResponse>;
        responseStream: false;
      };
      etcdRecover: {
        name: "EtcdRecover";
        requestType: MessageCodec<Data>;
        requestStream: true;
        responseType: MessageCodec<EtcdRecoverResponse>;
        responseStream: false;
      };
      etcdSnapshot: {
        name: "EtcdSnapshot";
        requestType: MessageCodec<EtcdSnapshotRequest>;
        requestStream: false;
        responseType: MessageCodec<Data>;
        responseStream: true;
      };
      etcdAlarmList: {
        name: "EtcdAlarmList";
        requestType: MessageCodec<Empty>;
        requestStream: false;
        responseType: MessageCodec<EtcdAlarmListResponse>;
        responseStream: false;
      };
      etcdAlarmDisarm: {
        name: "EtcdAlarmDisarm";
        requestType: MessageCodec<Empty>;
        requestStream: false;
        responseType: MessageCodec<EtcdAlarmDisarmResponse>;
        responseStream: false;
      };
      etcdDefragment: {
        name: "EtcdDefragment";
        requestType: MessageCodec<Empty>;
        requestStream: false;
        responseType: MessageCodec<EtcdDefragmentResponse>;
        responseStream: false;
      };
      etcdStatus: {
        name: "EtcdStatus";
        requestType: MessageCodec<Empty>;
        requestStream: false;
        responseType: MessageCodec<EtcdStatusResponse>;
        responseStream: false;
      };
      etcdDowngradeValidate: {
        name: "EtcdDowngradeValidate";
        requestType: MessageCodec<EtcdDowngradeValidateRequest>;
        requestStream: false;
        responseType: MessageCodec<EtcdDowngradeValidateResponse>;
        responseStream: false;
      };
      etcdDowngradeEnable: {
        name: "EtcdDowngradeEnable";
        requestType: MessageCodec<EtcdDowngradeEnableRequest>;
        requestStream: false;
        responseType: MessageCodec<EtcdDowngradeEnableResponse>;
        responseStream: false;
      };
      etcdDowngradeCancel: {
        name: "EtcdDowngradeCancel";
        requestType: MessageCodec<Empty>;
        requestStream: false;
        responseType: MessageCodec<EtcdDowngradeCancelResponse>;
        responseStream: false;
      };
      hostname: {
        name: "Hostname";
        requestType: MessageCodec<Empty>;
        requestStream: false;
        responseType: MessageCodec<HostnameResponse>;
        responseStream: false;
      };
      kubeconfig: {
        name: "Kubeconfig";
        requestType: MessageCodec<Empty>;
        requestStream: false;
        responseType: MessageCodec<Data>;
        responseStream: true;
      };
      list: {
        name: "List";
        requestType: MessageCodec<ListRequest>;
        requestStream: false;
        responseType: MessageCodec<FileInfo>;
        responseStream: true;
      };
      diskUsage: {
        name: "DiskUsage";
        requestType: MessageCodec<DiskUsageRequest>;
        requestStream: false;
        responseType: MessageCodec<DiskUsageInfo>;
        responseStream: true;
      };
      loadAvg: {
        name: "LoadAvg";
        requestType: MessageCodec<Empty>;
        requestStream: false;
        responseType: MessageCodec<LoadAvgResponse>;
        responseStream: false;
      };
      logs: {
        name: "Logs";
        requestType: MessageCodec<LogsRequest>;
        requestStream: false;
        responseType: MessageCodec<Data>;
        responseStream: true;
      };
      logsContainers: {
        name: "LogsContainers";
        requestType: MessageCodec<Empty>;
        requestStream: false;
        responseType: MessageCodec<LogsContainersResponse>;
        responseStream: false;
      };
      memory: {
        name: "Memory";
        requestType: MessageCodec<Empty>;
        requestStream: false;
        responseType: MessageCodec<MemoryResponse>;
        responseStream: false;
      };
      mounts: {
        name: "Mounts";
        requestType: MessageCodec<Empty>;
        requestStream: false;
        responseType: MessageCodec<MountsResponse>;
        responseStream: false;
      };
      networkDeviceStats: {
        name: "NetworkDeviceStats";
        requestType: MessageCodec<Empty>;
        requestStream: false;
        responseType: MessageCodec<NetworkDeviceStatsResponse>;
        responseStream: false;
      };
      processes: {
        name: "Processes";
        requestType: MessageCodec<Empty>;
        requestStream: false;
        responseType: MessageCodec<ProcessesResponse>;
        responseStream: false;
      };
      read: {
        name: "Read";
        requestType: MessageCodec<ReadRequest>;
        requestStream: false;
        responseType: MessageCodec<Data>;
        responseStream: true;
      };
      reboot: {
        name: "Reboot";
        requestType: MessageCodec<RebootRequest>;
        requestStream: false;
        responseType: MessageCodec<RebootResponse>;
        responseStream: false;
      };
      restart: {
        name: "Restart";
        requestType: MessageCodec<RestartRequest>;
        requestStream: false;
        responseType: MessageCodec<RestartResponse>;
        responseStream: false;
      };
      rollback: {
        name: "Rollback";
        requestType: MessageCodec<RollbackRequest>;
        requestStream: false;
        responseType: MessageCodec<RollbackResponse>;
        responseStream: false;
      };
      reset: {
        name: "Reset";
        requestType: MessageCodec<ResetRequest>;
        requestStream: false;
        responseType: MessageCodec<ResetResponse>;
        responseStream: false;
      };
      serviceList: {
        name: "ServiceList";
        requestType: MessageCodec<Empty>;
        requestStream: false;
        responseType: MessageCodec<ServiceListResponse>;
        responseStream: false;
      };
      serviceRestart: {
        name: "ServiceRestart";
        requestType: MessageCodec<ServiceRestartRequest>;
        requestStream: false;
        responseType: MessageCodec<ServiceRestartResponse>;
        responseStream: false;
      };
      serviceStart: {
        name: "ServiceStart";
        requestType: MessageCodec<ServiceStartRequest>;
        requestStream: false;
        responseType: MessageCodec<ServiceStartResponse>;
        responseStream: false;
      };
      serviceStop: {
        name: "ServiceStop";
        requestType: MessageCodec<ServiceStopRequest>;
        requestStream: false;
        responseType: MessageCodec<ServiceStopResponse>;
        responseStream: false;
      };
      shutdown: {
        name: "Shutdown";
        requestType: MessageCodec<ShutdownRequest>;
        requestStream: false;
        responseType: MessageCodec<ShutdownResponse>;
        responseStream: false;
      };
      stats: {
        name: "Stats";
        requestType: MessageCodec<StatsRequest>;
        requestStream: false;
        responseType: MessageCodec<StatsResponse>;
        responseStream: false;
      };
      systemStat: {
        name: "SystemStat";
        requestType: MessageCodec<Empty>;
        requestStream: false;
        responseType: MessageCodec<SystemStatResponse>;
        responseStream: false;
      };
      upgrade: {
        name: "Upgrade";
        requestType: MessageCodec<UpgradeRequest>;
        requestStream: false;
        responseType: MessageCodec<UpgradeResponse>;
        responseStream: false;
      };
      version: {
        name: "Version";
        requestType: MessageCodec<Empty>;
        requestStream: false;
        responseType: MessageCodec<VersionResponse>;
        responseStream: false;
      };
      generateClientConfiguration: {
        name: "GenerateClientConfiguration";
        requestType: MessageCodec<GenerateClientConfigurationRequest>;
        requestStream: false;
        responseType: MessageCodec<GenerateClientConfigurationResponse>;
        responseStream: false;
      };
      packetCapture: {
        name: "PacketCapture";
        requestType: MessageCodec<PacketCaptureRequest>;
        requestStream: false;
        responseType: MessageCodec<Data>;
        responseStream: true;
      };
      netstat: {
        name: "Netstat";
        requestType: MessageCodec<NetstatRequest>;
        requestStream: false;
        responseType: MessageCodec<NetstatResponse>;
        responseStream: false;
      };
      metaWrite: {
        name: "MetaWrite";
        requestType: MessageCodec<MetaWriteRequest>;
        requestStream: false;
        responseType: MessageCodec<MetaWriteResponse>;
        responseStream: false;
      };
      metaDelete: {
        name: "MetaDelete";
        requestType: MessageCodec<MetaDeleteRequest>;
        requestStream: false;
        responseType: MessageCodec<MetaDeleteResponse>;
        responseStream: false;
      };
      imageList: {
        name: "ImageList";
        requestType: MessageCodec<ImageListRequest>;
        requestStream: false;
        responseType: MessageCodec<ImageListResponse>;
        responseStream: true;
      };
      imagePull: {
        name: "ImagePull";
        requestType: MessageCodec<ImagePullRequest>;
        requestStream: false;
        responseType: MessageCodec<ImagePullResponse>;
        responseStream: false;
      };
    };
  };
}

export declare namespace machineMd {
  import Empty = googleProtobufEmpty.Empty;
  export interface MDDestroyRequest {
    device: string;
  }

  export type MDServiceDefinition = {
    name: "MDService";
    fullName: "machine.MDService";
    methods: {
      destroy: {
        name: "Destroy";
        requestType: MessageCodec<MDDestroyRequest>;
        requestStream: false;
        responseType: MessageCodec<Empty>;
        responseStream: false;
      };
    };
  };
}

export declare namespace machineStorage {
  export interface StorageServiceStatfsRequest {
    path: string;
  }

  export interface StorageServiceStatfsResponse {
    size: string;
    used: string;
    available: string;
    inodes: string;
    inodesUsed: string;
    inodesFree: string;
  }

  export type StorageServiceDefinition = {
    name: "StorageService";
    fullName: "machine.StorageService";
    methods: {
      statfs: {
        name: "Statfs";
        requestType: MessageCodec<StorageServiceStatfsRequest>;
        requestStream: false;
        responseType: MessageCodec<StorageServiceStatfsResponse>;
        responseStream: false;
      };
    };
  };
}

export declare namespace security {
  export interface CertificateRequest {
    csr: Uint8Array;
  }

  export interface CertificateResponse {
    ca: Uint8Array;
    crt: Uint8Array;
  }

  export type SecurityServiceDefinition = {
    name: "SecurityService";
    fullName: "securityapi.SecurityService";
    methods: {
      certificate: {
        name: "Certificate";
        requestType: MessageCodec<CertificateRequest>;
        requestStream: false;
        responseType: MessageCodec<CertificateResponse>;
        responseStream: false;
      };
    };
  };
}

export declare namespace signer {
  import Empty = googleProtobufEmpty.Empty;
  export interface CertificateResponse {
    certPem: Uint8Array;
  }

  export interface PublicKeyResponse {
    pubKeyPem: Uint8Array;
  }

  export interface SignRequest {
    digest: Uint8Array;
    hash: Hash;
    scheme: Scheme;
  }

  export interface SignResponse {
    signature: Uint8Array;
  }

  export type Hash =
    | "HASH_UNSPECIFIED"
    | "HASH_SHA256"
    | "HASH_SHA384"
    | "HASH_SHA512"
    | "UNRECOGNIZED";

  export type Scheme =
    | "SCHEME_UNSPECIFIED"
    | "SCHEME_RSA_PKCS1V15"
    | "SCHEME_RSA_PSS"
    | "UNRECOGNIZED";

  export type SignerServiceDefinition = {
    name: "SignerService";
    fullName: "signerapi.SignerService";
    methods: {
      getCertificate: {
        name: "GetCertificate";
        requestType: MessageCodec<Empty>;
        requestStream: false;
        responseType: MessageCodec<CertificateResponse>;
        responseStream: false;
      };
      getPublicKey: {
        name: "GetPublicKey";
        requestType: MessageCodec<Empty>;
        requestStream: false;
        responseType: MessageCodec<PublicKeyResponse>;
        responseStream: false;
      };
      sign: {
        name: "Sign";
        requestType: MessageCodec<SignRequest>;
        requestStream: false;
        responseType: MessageCodec<SignResponse>;
        responseStream: false;
      };
    };
  };
}

export declare namespace storage {
  import Metadata = common.Metadata;
  import Empty = googleProtobufEmpty.Empty;
  export interface Disk {
    size: string;
    model: string;
    deviceName: string;
    name: string;
    serial: string;
    modalias: string;
    uuid: string;
    wwid: string;
    type: Disk_DiskType;
    busPath: string;
    systemDisk: boolean;
    subsystem: string;
    readonly: boolean;
  }

  export interface Disks {
    metadata: Metadata | undefined;
    disks: Disk[];
  }

  export interface DisksResponse {
    messages: Disks[];
  }

  export interface BlockDeviceWipeRequest {
    devices: BlockDeviceWipeDescriptor[];
  }

  export interface BlockDeviceWipeDescriptor {
    device: string;
    method: BlockDeviceWipeDescriptor_Method;
    skipVolumeCheck: boolean;
    dropPartition: boolean;
    skipSecondaryCheck: boolean;
  }

  export interface BlockDeviceWipeResponse {
    messages: BlockDeviceWipe[];
  }

  export interface BlockDeviceWipe {
    metadata: Metadata | undefined;
  }

  export type Disk_DiskType = "UNKNOWN" | "SSD" | "HDD" | "NVME" | "SD" | "CD" | "UNRECOGNIZED";

  export type BlockDeviceWipeDescriptor_Method = "FAST" | "ZEROES" | "UNRECOGNIZED";

  export type StorageServiceDefinition = {
    name: "StorageService";
    fullName: "storage.StorageService";
    methods: {
      disks: {
        name: "Disks";
        requestType: MessageCodec<Empty>;
        requestStream: false;
        responseType: MessageCodec<DisksResponse>;
        responseStream: false;
      };
      blockDeviceWipe: {
        name: "BlockDeviceWipe";
        requestType: MessageCodec<BlockDeviceWipeRequest>;
        requestStream: false;
        responseType: MessageCodec<BlockDeviceWipeResponse>;
        responseStream: false;
      };
    };
  };
}

export declare namespace time {
  import Metadata = common.Metadata;
  import Empty = googleProtobufEmpty.Empty;
  import Timestamp = googleProtobufTimestamp.Timestamp;
  export interface TimeRequest {
    server: string;
  }

  export interface Time {
    metadata: Metadata | undefined;
    server: string;
    localtime: Timestamp | undefined;
    remotetime: Timestamp | undefined;
  }

  export interface TimeResponse {
    messages: Time[];
  }

  export type TimeServiceDefinition = {
    name: "TimeService";
    fullName: "time.TimeService";
    methods: {
      time: {
        name: "Time";
        requestType: MessageCodec<Empty>;
        requestStream: false;
        responseType: MessageCodec<TimeResponse>;
        responseStream: false;
      };
      timeCheck: {
        name: "TimeCheck";
        requestType: MessageCodec<TimeRequest>;
        requestStream: false;
        responseType: MessageCodec<TimeResponse>;
        responseStream: false;
      };
    };
  };
}

export declare namespace v1alpha1Meta {
  export interface NamespaceSpec {
    description: string;
  }

  export interface ResourceDefinitionSpec {
    resourceType: string;
    displayType: string;
    defaultNamespace: string;
    aliases: string[];
    allAliases: string[];
    printColumns: ResourceDefinitionSpec_PrintColumn[];
    sensitivity: ResourceDefinitionSpec_Sensitivity;
  }

  export interface ResourceDefinitionSpec_PrintColumn {
    name: string;
    jsonPath: string;
  }

  export type ResourceDefinitionSpec_Sensitivity = "NON_SENSITIVE" | "SENSITIVE" | "UNRECOGNIZED";
}

export declare namespace v1alpha1Resource {
  import Timestamp = googleProtobufTimestamp.Timestamp;
  export interface Metadata {
    namespace: string;
    type: string;
    id: string;
    version: string;
    owner: string;
    phase: string;
    created: Timestamp | undefined;
    updated: Timestamp | undefined;
    finalizers: string[];
    labels: { [key: string]: string };
    annotations: { [key: string]: string };
  }

  export interface Metadata_LabelsEntry {
    key: string;
    value: string;
  }

  export interface Metadata_AnnotationsEntry {
    key: string;
    value: string;
  }

  export interface Spec {
    protoSpec: Uint8Array;
    yamlSpec: string;
  }

  export interface Resource {
    metadata: Metadata | undefined;
    spec: Spec | undefined;
  }

  export interface LabelTerm {
    key: string;
    op: LabelTerm_Operation;
    value: string[];
    invert: boolean;
  }

  export interface LabelQuery {
    terms: LabelTerm[];
  }

  export interface IDQuery {
    regexp: string;
  }

  export type LabelTerm_Operation =
    | "EXISTS"
    | "EQUAL"
    | "NOT_EXISTS"
    | "IN"
    | "LT"
    | "LTE"
    | "LT_NUMERIC"
    | "LTE_NUMERIC"
    | "UNRECOGNIZED";
}

export declare namespace v1alpha1State {
  import IDQuery = v1alpha1Resource.IDQuery;
  import LabelQuery = v1alpha1Resource.LabelQuery;
  import Resource = v1alpha1Resource.Resource;
  export interface Event {
    resource: Resource | undefined;
    eventType: EventType;
    old: Resource | undefined;
    error?: string | undefined;
    bookmark?: Uint8Array | undefined;
  }

  export interface GetRequest {
    namespace: string;
    type: string;
    id: string;
    options: GetOptions | undefined;
  }

  export interface GetOptions {
  }

  export interface GetResponse {
    resource: Resource | undefined;
  }

  export interface ListRequest {
    namespace: string;
    type: string;
    options: ListOptions | undefined;
  }

  export interface ListOptions {
    labelQuery: LabelQuery[];
    idQuery: IDQuery | undefined;
  }

  export interface ListResponse {
    resource: Resource | undefined;
  }

  export interface CreateRequest {
    resource: Resource | undefined;
    options: CreateOptions | undefined;
  }

  export interface CreateOptions {
    owner: string;
  }

  export interface CreateResponse {
    resource: Resource | undefined;
  }

  export interface UpdateRequest {
    newResource: Resource | undefined;
    options: UpdateOptions | undefined;
  }

  export interface UpdateOptions {
    owner: string;
    expectedPhase?: string | undefined;
  }

  export interface UpdateResponse {
    resource: Resource | undefined;
  }

  export interface DestroyRequest {
    namespace: string;
    type: string;
    id: string;
    options: DestroyOptions | undefined;
  }

  export interface DestroyOptions {
    owner: string;
  }

  export interface DestroyResponse {
  }

  export interface WatchRequest {
    namespace: string;
    type: string;
    id?: string | undefined;
    options: WatchOptions | undefined;
    apiVersion: number;
  }

  export interface WatchOptions {
    bootstrapContents: boolean;
    tailEvents: number;
    labelQuery: LabelQuery[];
    idQuery: IDQuery | undefined;
    aggregated: boolean;
    startFromBookmark?: Uint8Array | undefined;
    bootstrapBookmark: boolean;
  }

  export interface WatchResponse {
    event: Event[];
  }

  export interface TeardownRequest {
    namespace: string;
    type: string;
    id: string;
    options: TeardownOptions | undefined;
  }

  export interface TeardownOptions {
    owner: string;
  }

  export interface TeardownResponse {
    destroyReady: boolean;
  }

  export interface TeardownAndDestroyRequest {
    namespace: string;
    type: string;
    id: string;
    options: TeardownAndDestroyOptions | undefined;
  }

  export interface TeardownAndDestroyOptions {
    owner: string;
  }

  export interface TeardownAndDestroyResponse {
  }

  export type EventType =
    | "CREATED"
    | "UPDATED"
    | "DESTROYED"
    | "BOOTSTRAPPED"
    | "ERRORED"
    | "NOOP"
    | "UNRECOGNIZED";

  export type StateDefinition = {
    name: "State";
    fullName: "cosi.resource.State";
    methods: {
      get: {
        name: "Get";
        requestType: MessageCodec<GetRequest>;
        requestStream: false;
        responseType: MessageCodec<GetResponse>;
        responseStream: false;
      };
      list: {
        name: "List";
        requestType: MessageCodec<ListRequest>;
        requestStream: false;
        responseType: MessageCodec<ListResponse>;
        responseStream: true;
      };
      create: {
        name: "Create";
        requestType: MessageCodec<CreateRequest>;
        requestStream: false;
        responseType: MessageCodec<CreateResponse>;
        responseStream: false;
      };
      update: {
        name: "Update";
        requestType: MessageCodec<UpdateRequest>;
        requestStream: false;
        responseType: MessageCodec<UpdateResponse>;
        responseStream: false;
      };
      destroy: {
        name: "Destroy";
        requestType: MessageCodec<DestroyRequest>;
        requestStream: false;
        responseType: MessageCodec<DestroyResponse>;
        responseStream: false;
      };
      watch: {
        name: "Watch";
        requestType: MessageCodec<WatchRequest>;
        requestStream: false;
        responseType: MessageCodec<WatchResponse>;
        responseStream: true;
      };
      teardown: {
        name: "Teardown";
        requestType: MessageCodec<TeardownRequest>;
        requestStream: false;
        responseType: MessageCodec<TeardownResponse>;
        responseStream: false;
      };
      teardownAndDestroy: {
        name: "TeardownAndDestroy";
        requestType: MessageCodec<TeardownAndDestroyRequest>;
        requestStream: false;
        responseType: MessageCodec<TeardownAndDestroyResponse>;
        responseStream: false;
      };
    };
  };
}
