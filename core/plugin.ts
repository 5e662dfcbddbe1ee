/** The plugin contract: the same for the folders of `plugins/` and for third parties. */

import type { Command, Completer, Provisioner } from "./command.ts";

/** What `register` is handed. */
export interface Registry {
  /** Adds a command; a plugin cannot replace one that exists. */
  // deno-lint-ignore no-explicit-any -- records and flags of commands differ; the frame treats them as data
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
