/** MachineService: the services of a node, and what may be done to them (spec/machine-read.md, 28.2). */

import { RpcError } from "../../../core/errors.ts";
import { healthOf, isUp, startService, stopService, timestamp } from "../changes.ts";
import type { NodeService, ServiceAction } from "../node_services.ts";
import { type HandlerContext, implement } from "../service_group.ts";

export const machineServices = implement("machine.MachineService", {
  serviceList: (_request, { node }) => {
    const services = [...node.services.values()].map((service) => ({
      id: service.kind.id,
      state: service.state,
      events: {
        events: service.events.map(({ message, state, at }) => ({
          msg: message,
          state,
          ts: timestamp(at),
        })),
      },
      health: healthOf(service),
    }));
    return { messages: [{ services }] };
  },

  serviceStart: ({ id }, context) => {
    const service = find(id, context);
    if (!isUp(service)) {
      allow(service, "start");
      start(id, context);
    }
    return { messages: [{ resp: `Service "${id}" started` }] };
  },

  serviceStop: ({ id }, context) => {
    const service = find(id, context);
    if (isUp(service)) {
      allow(service, "stop");
      stop(id, context);
    }
    return { messages: [{ resp: `Service "${id}" stopped` }] };
  },

  serviceRestart: ({ id }, context) => {
    const service = find(id, context);
    allow(service, "restart");
    if (isUp(service)) stop(id, context);
    start(id, context);
    return { messages: [{ resp: `Service "${id}" restarted` }] };
  },
});

function find(id: string, { node }: HandlerContext): NodeService {
  const service = node.services.get(id);
  if (service === undefined) throw new RpcError("Unknown", `service "${id}" not defined`);
  return service;
}

function allow({ kind }: NodeService, action: ServiceAction): void {
  if (kind.actions.includes(action)) return;
  throw new RpcError("Unknown", `service "${kind.id}" doesn't support ${action} operation via API`);
}

function start(id: string, { cluster, node }: HandlerContext): void {
  startService(node, id, { at: cluster.clock.now() });
}

function stop(id: string, { cluster, node }: HandlerContext): void {
  stopService(node, id, { at: cluster.clock.now() });
}
