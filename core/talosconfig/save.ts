/** A talosconfig as text, byte for byte as the official client writes it (spec/client.md, 1.3). */

import { toGoYaml } from "../output/go_yaml.ts";
import { compareNaturally } from "./name_order.ts";
import type { Talosconfig, TalosconfigContext } from "./talosconfig.ts";

/** Renders the whole file: contexts in natural order, empty fields left out. */
export function renderTalosconfig(config: Talosconfig): string {
  const names = [...config.contexts.keys()].sort(compareNaturally);
  const contexts = new Map<string, object>();
  for (const name of names) {
    const context = config.contexts.get(name);
    if (context !== undefined) contexts.set(name, writtenForm(context));
  }
  return toGoYaml({ context: config.context, contexts });
}

function writtenForm(context: TalosconfigContext): object {
  const { basic, siderov1 } = context.auth;
  return {
    endpoints: context.endpoints ?? [],
    nodes: context.nodes?.length ? context.nodes : undefined,
    ca: context.ca || undefined,
    crt: context.crt || undefined,
    key: context.key || undefined,
    auth: basic || siderov1 ? { basic, siderov1 } : undefined,
    cluster: context.cluster || undefined,
    "proxy-url": context.proxyUrl || undefined,
  };
}
