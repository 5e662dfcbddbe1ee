/** `talosctl service`: list services, show one, or start, stop and restart it. */

import type { Column, Command, Context, Entry, RenderContext } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { insecureFlags } from "../../core/insecure_flags.ts";
import { formatDuration, roundToSeconds } from "../../core/output/durations.ts";
import { isoTime } from "../../core/output/times.ts";

/** One event of a service's life. */
interface ServiceEventRecord {
  message: string;
  state: string;
  /** ISO 8601. */
  time: string;
}

/** One service of one node. */
interface ServiceRecord {
  node: string;
  id: string;
  state: string;
  health: { unknown: boolean; healthy: boolean; lastMessage: string };
  /** Oldest first. */
  events: ServiceEventRecord[];
}

/** What a node answered to an action. */
interface ActionRecord {
  node: string;
  response: string;
}

type AnyServiceRecord = ServiceRecord | ActionRecord;

const actions = ["start", "stop", "restart", "status"] as const;
type Action = typeof actions[number];

export const service: Command<AnyServiceRecord, typeof insecureFlags> = {
  path: ["service"],
  aliases: ["services"],
  usage: "[<id> [start|stop|restart|status]]",
  summary: "List the services of the nodes, or look after one of them",
  description: `Without an argument, list the services of each node with their state and health.

With the name of a service, show that service and its history of events. An action behind
the name starts, stops or restarts it; "status" only shows it.`,
  example: `  talosctl -n 10.0.0.2 service
  talosctl -n 10.0.0.2 service etcd
  talosctl -n 10.0.0.2,10.0.0.3 service kubelet restart`,
  group: "talos",
  args: {
    rule: "max",
    max: 2,
    completion: { positions: ["serviceId", "serviceAction"], rest: "error" },
  },
  flags: insecureFlags,
  targets: "many",
  layout({ args: [id, action = "status"] }) {
    if (id === undefined) return { columns: listColumns as Column<AnyServiceRecord>[] };
    if (action !== "status") return { columns: actionColumns as Column<AnyServiceRecord>[] };
    return { rows: (record, context) => detailRows(record as ServiceRecord, context) };
  },

  async *run(context) {
    const [id, action = "status"] = context.args;
    const nodes = await context.nodes();
    if (!isAction(action)) throw new CliError(`unsupported service action: "${action}"`);
    if (id === undefined || action === "status") yield* show(context, nodes, id);
    else yield* act(context, nodes, id, action);
  },
};

function isAction(word: string): word is Action {
  return (actions as readonly string[]).includes(word);
}

async function* show(
  { talos }: Context,
  nodes: readonly string[],
  wanted: string | undefined,
): AsyncGenerator<Entry<ServiceRecord>> {
  const machine = await talos.nodes(nodes).service("machine.MachineService");
  let isFound = wanted === undefined;
  for await (const answer of machine.serviceList({})) {
    if ("error" in answer) {
      isFound = true; // whether that node has it cannot be known
      yield answer;
      continue;
    }
    const services = answer.value.messages.flatMap((message) => message.services);
    for (const { id, state, health, events } of services) {
      if (wanted !== undefined && id !== wanted) continue;
      isFound = true;
      yield {
        node: answer.node,
        id,
        state,
        health: {
          unknown: health?.unknown ?? true,
          healthy: health?.healthy ?? false,
          lastMessage: health?.lastMessage ?? "",
        },
        events: (events?.events ?? []).map(({ msg, state, ts }) => ({
          message: msg,
          state,
          time: ts === undefined ? "" : isoTime(ts),
        })),
      };
    }
  }
  if (!isFound) throw new CliError(`service "${wanted}" is not registered on any nodes`);
}

async function* act(
  { talos }: Context,
  nodes: readonly string[],
  id: string,
  action: Exclude<Action, "status">,
): AsyncGenerator<Entry<ActionRecord>> {
  const machine = await talos.nodes(nodes).service("machine.MachineService");
  const answers = {
    start: () => machine.serviceStart({ id }),
    stop: () => machine.serviceStop({ id }),
    restart: () => machine.serviceRestart({ id }),
  }[action]();
  for await (const answer of answers) {
    if ("error" in answer) yield answer;
    else {
      for (const { resp } of answer.value.messages) yield { node: answer.node, response: resp };
    }
  }
}

// The layouts of spec/machine-read.md, 21.

const listColumns: Column<ServiceRecord>[] = [
  { header: "NODE", cell: ({ node }) => node },
  { header: "SERVICE", cell: ({ id }) => id },
  { header: "STATE", cell: ({ state }) => state },
  { header: "HEALTH", cell: healthText },
  { header: "LAST CHANGE", cell: ({ events }, { now }) => `${ageText(events.at(-1), now)} ago` },
  { header: "LAST EVENT", cell: ({ events }) => events.at(-1)?.message ?? "<none>" },
];

const actionColumns: Column<ActionRecord>[] = [
  { header: "NODE", cell: ({ node }) => node },
  { header: "RESPONSE", cell: ({ response }) => response },
];

function detailRows(record: ServiceRecord, { now }: RenderContext): string[][] {
  const { node, id, state, health, events } = record;
  const rows = [["NODE", node], ["ID", id], ["STATE", state], ["HEALTH", healthText(record)]];
  if (health.lastMessage !== "") rows.push(["LAST HEALTH MESSAGE", health.lastMessage]);
  for (const [index, event] of events.toReversed().entries()) {
    const text = `[${event.state}]: ${event.message} (${ageText(event, now)} ago)`;
    rows.push([index === 0 ? "EVENTS" : "", text]);
  }
  return rows;
}

function healthText({ health }: ServiceRecord): string {
  if (health.unknown) return "?";
  return health.healthy ? "OK" : "Fail";
}

/** The time since an event, in whole seconds; empty without one. */
function ageText(event: ServiceEventRecord | undefined, now: Date): string {
  if (event === undefined) return "";
  return formatDuration(roundToSeconds(now.getTime() - Date.parse(event.time)));
}
