/** What is shown of draining: the latest of each node, all in one place (spec/machine-ops.md, 9.4). */

import type { Progress, ProgressState } from "../command.ts";
import { compareCodePoints } from "../output/code_point_order.ts";

/** Shows what is new of the node with this name in Kubernetes. */
export type Update = (name: string, text: string, state?: ProgressState) => void;

/** Begins with no node known. */
export function combinedUpdates(progress: Progress): Update {
  const latest = new Map<string, { text: string; state: ProgressState }>();
  return (name, text, state = "running") => {
    latest.set(name, { text, state });
    const names = [...latest.keys()].sort(compareCodePoints);
    const lines = names.map((name) => `${name}: ${latest.get(name)?.text}`);
    progress.update(lines.join("\n"), combinedState([...latest.values()]));
  };
}

function combinedState(latest: readonly { state: ProgressState }[]): ProgressState {
  const states = new Set(latest.map(({ state }) => state));
  if (states.has("error")) return "error";
  return states.has("running") ? "running" : "succeeded";
}
