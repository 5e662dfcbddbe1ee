/** Nodes that go through an action as a test scripts it: event streams one after the other, answers, boot ids. */

import { RpcError } from "../core/errors.ts";
import { hello } from "./event_messages.ts";
import { type FakeMethod, type FakeNodes, forever, startFakeNodes } from "./fake_nodes.ts";

/** The id of every action of scripted nodes. */
export const actorId = "1f6ad4f5-3c0e-4a55-9c7e-2d4c3b1f0a99";

/** One stream of events: `hello` and what is scripted; `holds` keeps it open, an error ends it. */
export interface ScriptedStream {
  /** Those that come in time are for one node. */
  events: readonly object[] | (() => AsyncIterable<object>);
  end: "eof" | "holds" | RpcError;
}

/** How each of the nodes behaves. */
export interface Script {
  /** In the order of the calls; the last one is for all that follow. */
  streams: readonly ScriptedStream[];
  /** What reads of the boot id give, in their order; the last one is for all that follow. */
  bootIds?: readonly (string | RpcError)[];
  /** What the action answers. Default: the actor id. */
  action?: FakeMethod;
  methods?: Record<string, FakeMethod>;
}

/** A node that cannot be reached. */
export const unavailable = new RpcError("Unavailable", "node is down");

/** Starts nodes; events of the first stream come after the action was asked for. */
export function startScriptedNodes(script: Script): Promise<FakeNodes> {
  const asked = new Map<string, PromiseWithResolvers<void>>();
  const askedOf = (node: string) => {
    const known = asked.get(node) ?? Promise.withResolvers<void>();
    asked.set(node, known);
    return known;
  };
  const nextStream = cursor(script.streams);
  const nextBootId = cursor(script.bootIds ?? ["before", "after"]);
  const action: FakeMethod = (request, node) => {
    askedOf(node).resolve();
    return script.action?.(request, node) ?? [{ messages: [{ actorId }] }];
  };
  return startFakeNodes({
    "machine.MachineService/Version": () => [
      { messages: [{ version: { tag: "v1.14.0-beta.1" } }] },
    ],
    async *"machine.MachineService/Events"(_request, node) {
      const { isFirst, value: { events, end } } = nextStream(node);
      const sent = typeof events === "function" ? events() : events;
      if (sent !== events || events.length > 0 || end === "holds" || isFirst) yield hello;
      if (isFirst) await askedOf(node).promise;
      yield* sent;
      if (end === "holds") await forever();
      if (end instanceof RpcError) throw end;
    },
    async *"machine.MachineService/Read"(_request, node) {
      const { value } = nextBootId(node);
      if (value instanceof RpcError) throw value;
      yield { bytes: new TextEncoder().encode(`${value}\n`) };
    },
    "machine.MachineService/Dmesg": silent,
    "machine.MachineService/Reboot": action,
    "machine.MachineService/Shutdown": action,
    "machine.MachineService/Reset": action,
    "machine.MachineService/Upgrade": action,
    ...script.methods,
  });
}

// deno-lint-ignore require-yield -- nothing is ever said
async function* silent(): AsyncGenerator<object> {
  await forever();
}

/** Each node's own way through a list, whose last item repeats. */
function cursor<T>(items: readonly T[]): (node: string) => { isFirst: boolean; value: T } {
  const taken = new Map<string, number>();
  return (node) => {
    const index = taken.get(node) ?? 0;
    taken.set(node, index + 1);
    const value = items[Math.min(index, items.length - 1)];
    if (value === undefined) throw new Error("nothing is scripted");
    return { isFirst: index === 0, value };
  };
}
