/** `ctx.talos` in a plugin's Worker: stubs whose calls the program makes. */

import type { CallOptions, Talos, Target, Targets } from "../client/talos.ts";
import type { Link } from "./link.ts";
import type { WireCall, WireMethod, WireService, WireTarget } from "./messages.ts";

/** The client registry over a link. Which methods there are is asked once a service. */
export function workerTalos(link: Link): Talos {
  // The program answers for the types: it has the definitions that they are made of.
  const target = (of: WireTarget) => targetOf(link, of) as unknown as Target;
  return {
    ...target({ kind: "any" }),
    node: (node) => target({ kind: "node", node }),
    nodes: (nodes) => targetOf(link, { kind: "nodes", nodes: [...nodes] }) as unknown as Targets,
    maintenance: (node) => target({ kind: "maintenance", node }),
  };
}

function targetOf(link: Link, target: WireTarget) {
  return {
    service: (service: string) => stubOf(link, { target, service, isOwn: false }),
    ownService: (service: string) => stubOf(link, { target, service, isOwn: true }),
  };
}

async function stubOf(link: Link, of: WireService): Promise<Record<string, unknown>> {
  const methods = await link.ask({ ask: "methods", of }) as WireMethod[];
  return Object.fromEntries(methods.map((method) => [method.key, callOf(link, of, method)]));
}

function callOf(link: Link, of: WireService, { key, sendsMany, answersMany }: WireMethod) {
  return (request: unknown, { signal, ...options }: CallOptions = {}): unknown => {
    const call: WireCall = {
      ...of,
      method: key,
      ...options,
      ...(sendsMany ? {} : { request: request ?? {} }),
    };
    const isStream = answersMany || sendsMany || of.target.kind === "nodes";
    if (!isStream) return link.ask({ ask: "call", call }, signal);
    const requests = sendsMany ? request as AsyncIterable<unknown> : undefined;
    const answers = link.open({ ask: "stream", call }, { requests, signal });
    return answersMany || of.target.kind === "nodes" ? answers : onlyOne(answers);
  };
}

/** The answer to a stream of requests; the program has seen to it that it is one. */
async function onlyOne(answers: AsyncGenerator<unknown>): Promise<unknown> {
  let only: unknown;
  for await (const answer of answers) only = answer;
  return only;
}
