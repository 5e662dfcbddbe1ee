/** What all wipe commands take, and ask on a terminal before they begin. */

import type { Context, Flags } from "../../core/command.ts";
import { askBeforehand, guardFlags } from "../../core/guard_rail.ts";
import { insecureFlags } from "../../core/insecure_flags.ts";

/** They also work on a node in maintenance mode. */
export const wipeFlags = { ...insecureFlags, ...guardFlags } as const satisfies Flags;

/**
 * The nodes to ask, once the user agrees to what happens there.
 *
 * @param loss What is lost on each node, such as `sdb and all data on it`.
 */
export async function agreedNodes(
  context: Context<typeof wipeFlags>,
  loss: string,
): Promise<readonly string[]> {
  const nodes = await context.nodes();
  await askBeforehand(context, "Erase it?", nodes.map((node) => `${node}: ${loss} will be erased`));
  return nodes;
}
