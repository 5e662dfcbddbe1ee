/** Adding the contexts of one talosconfig to another: `config merge`, and what makes clusters. */

import { compareCodePoints } from "../output/code_point_order.ts";
import type { Talosconfig } from "./talosconfig.ts";

/** A context whose name was taken. */
export interface NameConflict {
  from: string;
  /** The free name it got; the same as `from` where it replaced the other. */
  to: string;
}

/**
 * Adds all contexts of `source`, and makes its current context the current one.
 *
 * @param target Is changed.
 * @param options `overwrite` replaces contexts of the same name, which else get `-1`, `-2`, … appended.
 * @returns The names that were taken, in order.
 */
export function mergeTalosconfig(
  target: Talosconfig,
  source: Talosconfig,
  options: { overwrite?: boolean } = {},
): NameConflict[] {
  const conflicts: NameConflict[] = [];
  const newNames = new Map<string, string>();
  for (const from of [...source.contexts.keys()].sort(compareCodePoints)) {
    const context = source.contexts.get(from);
    if (context === undefined) continue;
    const to = options.overwrite ? from : freeName(target, from);
    if (target.contexts.has(from)) conflicts.push({ from, to });
    target.contexts.set(to, context);
    newNames.set(from, to);
  }
  if (source.context !== "") target.context = newNames.get(source.context) ?? "";
  return conflicts;
}

function freeName({ contexts }: Talosconfig, name: string): string {
  let free = name;
  for (let count = 1; contexts.has(free); count++) free = `${name}-${count}`;
  return free;
}
