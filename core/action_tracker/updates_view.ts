/** How the updates of nodes are shown: a line each, or on a terminal the latest of all nodes in one place. */

import type { ProgressState } from "../command.ts";
import { goQuote } from "../output/go_quote.ts";
import type { TrackingContext } from "./tracker_flags.ts";

/** Shows what is new of one node. */
export type Show = (text: string, state?: ProgressState) => void;

/** The output of one tracked action. */
export interface UpdatesView {
  update(node: string, text: string, state: ProgressState): void;
  /** Shows what came last. */
  end(): void;
}

/** Opens the view (spec/machine-ops.md, 6.5). */
export function openView(
  { out, note, progress }: Pick<TrackingContext, "out" | "note" | "progress">,
  repaintMs: number,
): UpdatesView {
  if (!out.stderr.isTerminal) {
    return { update: (node, text) => note(`${goQuote(node)}: ${text}`), end: () => {} };
  }
  const latest = new Map<string, { text: string; state: ProgressState }>();
  const paint = () => progress.update(combinedText(latest), combinedState(latest));
  const timer = setInterval(paint, repaintMs);
  return {
    update: (node, text, state) => void latest.set(node, { text, state }),
    end() {
      clearInterval(timer);
      paint();
    },
  };
}

type Latest = ReadonlyMap<string, { text: string; state: ProgressState }>;

function combinedText(latest: Latest): string {
  if (latest.size === 0) return "";
  const nodes = [...latest.keys()].sort();
  const lines = nodes.map((node) => `\n    * ${node}: ${latest.get(node)?.text}`);
  return `watching nodes: [${nodes.join(" ")}]${lines.join("")}`;
}

/** As the official client, before any update it is an error: the spinner alone is red. */
function combinedState(latest: Latest): ProgressState {
  const states = new Set([...latest.values()].map(({ state }) => state));
  if (states.size === 0 || states.has("error")) return "error";
  return states.has("running") ? "running" : "succeeded";
}
