/** What nodes say of themselves: whether their services are well, and since when they run. */

import type { machine, Talos } from "../talosctl.d.ts";

/** A node that does not answer within this is in trouble. */
const timeoutMs = 5000;

/** A line for each node that does not answer or has a service that is not well. */
export async function nodesWithTrouble(
  talos: Talos,
  nodes: readonly string[],
): Promise<string[]> {
  const machine = await talos.nodes(nodes).service("machine.MachineService");
  const troubles: string[] = [];
  for await (const answer of machine.serviceList({}, { timeoutMs })) {
    if ("error" in answer) {
      troubles.push(`${answer.node} does not answer`);
      continue;
    }
    const services = answer.value.messages.flatMap((message) => message.services);
    const unwell = services.filter((service) => !isWell(service)).map(({ id }) => id);
    if (unwell.length > 0) troubles.push(`${answer.node} is without ${unwell.join(", ")}`);
  }
  return troubles.sort();
}

function isWell({ state, health }: machine.ServiceInfo): boolean {
  if (state === "Finished" || state === "Skipped") return true;
  return state === "Running" && (health === undefined || health.unknown || health.healthy);
}

/** When the node was booted, or its service last came up; undefined while it does not answer. */
export async function startOf(
  talos: Talos,
  node: string,
  service: string,
): Promise<string | undefined> {
  const machine = await talos.nodes([node]).service("machine.MachineService");
  if (service === "") {
    for await (const answer of machine.systemStat({}, { timeoutMs })) {
      return "error" in answer ? undefined : answer.value.messages[0]?.bootTime;
    }
  }
  for await (const answer of machine.serviceList({}, { timeoutMs })) {
    if ("error" in answer) return undefined;
    const services = answer.value.messages.flatMap((message) => message.services);
    const events = services.find(({ id }) => id === service)?.events?.events ?? [];
    const time = events.findLast(({ state }) => state === "Running")?.ts;
    return time === undefined ? "never" : `${time.seconds}.${time.nanos}`;
  }
}
