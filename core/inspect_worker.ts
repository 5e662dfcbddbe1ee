/** The entry of a Worker that reads what one third-party plugin declares: whatever the plugin does there, the program goes on. */

import { indexPlugin } from "./plugin_index.ts";
import { loadPlugin } from "./plugin_loader.ts";

/** What comes back: JSON of the plugin's name and its part of the index, or why there is none. */
export type Inspection = { name: string; index: string } | { problem: string };

/** The types of a page are in force here, where a Worker's `postMessage` is not known. */
const worker = globalThis as unknown as { postMessage(message: Inspection): void };

globalThis.addEventListener("message", async (event) => {
  if (event instanceof MessageEvent) worker.postMessage(await inspect(String(event.data)));
});

/** What the plugin starts and does not wait for; unheard, the runtime would print a trace of it. */
globalThis.addEventListener("error", (event) => {
  event.preventDefault();
  worker.postMessage(problemOf(event.error));
});
globalThis.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  worker.postMessage(problemOf(event.reason));
});

async function inspect(url: string): Promise<Inspection> {
  try {
    const plugin = await loadPlugin(new URL(url));
    return { name: plugin.name, index: JSON.stringify(indexPlugin(plugin, url)) };
  } catch (error) {
    return problemOf(error);
  }
}

function problemOf(error: unknown): Inspection {
  return { problem: String(error instanceof Error ? error.message : error) };
}
