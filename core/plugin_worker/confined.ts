/** Starting a Worker that may do what one plugin was granted, and no more. */

import { CliError } from "../errors.ts";
import { type PluginRights } from "../plugin_manifest.ts";
import { fileUrl } from "../files/file_url.ts";
import type { ToHost, ToWorker } from "./messages.ts";
import { errorOfWire } from "./wire_error.ts";

/** A plugin that is about to run. */
export interface ConfinedPlugin {
  name: string;
  /** Its folder, which it may read. */
  folder: string;
  /** The entry module. */
  entry: URL;
  rights: PluginRights;
  /** As `PluginContent.mayImportOthers`. */
  mayImportOthers: boolean;
}

/** What a started Worker is told, and how it ends. */
export interface ConfinedWorker {
  /** Has the plugin loaded. */
  load(): void;
  send(message: ToWorker): void;
  /** Ends it, whatever it is doing. */
  terminate(): void;
}

/**
 * Starts the Worker; the plugin is loaded when it is told so.
 *
 * @param worker Where `worker.ts` is, in the sources or in a bundle.
 * @param onMessage Given what the Worker says; what is thrown there goes to `onFailure`.
 * @param onFailure Called when there is no more use in waiting for the Worker.
 */
export function startConfined(
  { name, folder, entry, rights: { permissions }, mayImportOthers }: ConfinedPlugin,
  { worker, onMessage, onFailure }: {
    worker: URL;
    onMessage: (message: ToHost) => void;
    onFailure: (error: CliError) => void;
  },
): ConfinedWorker {
  const { net = [], read = [], write = [], env = [], run = [] } = permissions;
  const options = {
    type: "module",
    name,
    deno: {
      permissions: {
        net: grant(net),
        read: read === true ? true : [folder, ...read],
        write: grant(write),
        env: grant(env),
        run: grant(run),
        ffi: false,
        import: false,
        sys: false,
      },
    },
  } as const;
  const thread = openWorker(name, worker, options);
  const fail = (error: unknown) => onFailure(error instanceof CliError ? error : brokenLine(error));
  thread.addEventListener("message", ({ data }) => {
    try {
      onMessage(data);
    } catch (error) {
      fail(error);
    }
  });
  thread.addEventListener("messageerror", () => fail(new Error("it sent what is no message")));
  thread.addEventListener("error", (event) => {
    event.preventDefault(); // or it would end the program
    fail(errorOfWire({ message: event.message }));
  });
  const brokenLine = (error: unknown) =>
    errorOfWire({ message: error instanceof Error ? error.message : String(error) });
  const watched = mayImportOthers ? { folder: `${fileUrl(folder).href}/` } : {};
  return {
    load: () => thread.postMessage({ kind: "load", entry: entry.href, ...watched }),
    send: (message) => thread.postMessage(message),
    terminate: () => thread.terminate(),
  };
}

function grant(list: true | readonly string[]): boolean | string[] {
  return list === true || (list.length > 0 ? [...list] : false);
}

function openWorker(name: string, entry: URL, options: object): Worker {
  try {
    // The type of the option that confines it is not among those of a page, which are in force here.
    return new Worker(entry.href, options as WorkerOptions);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotCapable)) throw cause;
    throw new CliError(`running plugin ${name}: it was granted more than this program may do`, {
      hint: "give the program itself the permissions that its plugins need, as with deno run -A",
      cause,
    });
  }
}
