/**
 * Takes from a Worker what the runtime's permissions do not cover: the process's own streams, its end and its signals,
 * further threads, and the line to the program, which the messages of `messages.ts` need for themselves.
 */

/** What a plugin finds in the place of the process. */
export interface Surroundings {
  /** A line for the user. */
  note(line: string): void;
  /** The plugin wants to end; it never returns. */
  exit(): never;
}

type Global = Record<PropertyKey, unknown>;

/** What sends a message to the program. Only the first caller gets it. */
export function takePostMessage(): (message: unknown) => void {
  const post: unknown = Reflect.get(globalThis, "postMessage");
  if (typeof post !== "function") throw new Error("a plugin's Worker has lost its line");
  return (message) => void post.call(globalThis, message);
}

/** Has every import from now on checked: nothing but what is below this folder, by its URL, is found. */
export type WatchImports = (folder: string) => void;

/**
 * To be called once, before any of the plugin's code is loaded.
 *
 * @returns What is needed where the plugin's code may import more than its own files: that loads more of the runtime.
 */
export function seal({ note, exit }: Surroundings): WatchImports {
  const all = globalThis as unknown as Global;
  // To read it loads it, which takes as long as starting the Worker does.
  const processOf = Object.getOwnPropertyDescriptor(all, "process")?.get;
  const runtime = all["Deno"] as Global;
  // The runtime's internals, which lead around everything below.
  delete runtime[runtime["internal"] as symbol];
  for (const name of ["internal", "kill", "addSignalListener", "removeSignalListener", "umask"]) {
    refuse(runtime, name);
  }
  for (const name of ["Worker", "postMessage", "process", "caches", "BroadcastChannel"]) {
    Reflect.deleteProperty(all, name);
  }
  for (const name of ["prompt", "alert", "confirm"]) Reflect.deleteProperty(all, name);
  replace(runtime, "args", []);
  replace(runtime, "exit", exit);
  replace(all, "close", exit);

  const write = lineWriter(note);
  replace(runtime, "stdout", outputStream(write));
  replace(runtime, "stderr", outputStream(write));
  replace(runtime, "stdin", undefined);
  replace(all, "console", lineConsole(note));
  forbidCodeFromText(all);
  return (folder) => {
    const { getBuiltinModule } = processOf?.call(globalThis) as RuntimeProcess;
    getBuiltinModule("module").registerHooks({ resolve: resolveWithin(folder) });
  };
}

type Resolve = (
  specifier: string,
  context: { parentURL?: string },
  next: (specifier: string, context: unknown) => unknown,
) => unknown;

/** As much of Node.js' process as is used here. */
interface RuntimeProcess {
  getBuiltinModule(name: "module"): { registerHooks(hooks: { resolve: Resolve }): void };
}

/**
 * The runtime's own modules import each other; a path that leads outside is refused when it is read. An error here would
 * be overheard for some imports, so that what is not to be found is looked for where it is not, in a place that says so.
 */
function resolveWithin(folder: string): Resolve {
  return (specifier, context, next) => {
    const isRuntime = /^(?:ext|node):/.test(context.parentURL ?? "");
    const isOwn = /^\.\.?\//.test(specifier) || specifier.startsWith(folder);
    if (isRuntime || isOwn) return next(specifier, context);
    const place = `${folder}(a plugin imports only files of its own folder)/`;
    return { url: `${place}${encodeURIComponent(specifier)}`, shortCircuit: true };
  };
}

/** Code made from text could import what the plugin's files do not name. */
function forbidCodeFromText(all: Global): void {
  const refused = function () {
    throw new Error("plugins make no code from text");
  };
  refused.prototype = Function.prototype;
  const kinds = [() => {}, async () => {}, function* () {}, async function* () {}];
  for (const kind of kinds) replace(Object.getPrototypeOf(kind), "constructor", refused);
  replace(all, "Function", refused);
  replace(all, "eval", refused);
}

function replace(holder: Global, name: string, value: unknown): void {
  Object.defineProperty(holder, name, { value, configurable: false, writable: false });
}

function refuse(holder: Global, name: string): void {
  replace(holder, name, () => {
    throw new Error(`Deno.${name} is not for plugins`);
  });
}

/** What `Deno.stdout` offers, for bytes that become lines. */
function outputStream(write: (bytes: Uint8Array) => void) {
  return {
    isTerminal: () => false,
    writeSync: (bytes: Uint8Array) => (write(bytes), bytes.length),
    write: (bytes: Uint8Array) => Promise.resolve((write(bytes), bytes.length)),
    close: () => {},
    get writable() {
      return new WritableStream<Uint8Array>({ write });
    },
  };
}

/** Cuts bytes into lines; one that never ends is passed on in pieces. */
function lineWriter(note: (line: string) => void): (bytes: Uint8Array) => void {
  const decoder = new TextDecoder();
  let rest = "";
  return (bytes) => {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) note(line);
    if (rest.length < 8192) return;
    note(rest);
    rest = "";
  };
}

const methods = ["log", "info", "debug", "warn", "error", "trace", "dir", "table", "group"];
const silent = [
  ...["assert", "clear", "count", "countReset", "groupCollapsed", "groupEnd", "profile"],
  ...["profileEnd", "time", "timeEnd", "timeLog", "timeStamp", "dirxml"],
];

function lineConsole(note: (line: string) => void): Global {
  const say = (...values: unknown[]) => {
    const words = values.map((value) => typeof value === "string" ? value : Deno.inspect(value));
    for (const line of words.join(" ").split("\n")) note(line);
  };
  return Object.fromEntries([
    ...methods.map((name) => [name, say]),
    ...silent.map((name) => [name, () => {}]),
  ]);
}
