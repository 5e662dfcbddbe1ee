/** Answers in which a server has gathered several nodes' messages: some are failures in disguise (spec/client.md, 3.4, 4.5). */

import { CliError, RpcError, statusNames } from "../errors.ts";

/** The services whose unary answers can be aggregated. */
const legacyServices: ReadonlySet<string> = new Set([
  "machine.MachineService",
  "cluster.ClusterService",
  "inspect.InspectService",
  "storage.StorageService",
  "time.TimeService",
]);

/** An answer without its failures, absent when nothing else was in it; and the failures as one error. */
export interface SplitAnswer {
  value?: unknown;
  error?: CliError;
}

/** Takes the failed nodes out of a unary answer; one without any comes back as it is. */
export function splitAggregated(service: string, answer: unknown): SplitAnswer {
  const messages = legacyServices.has(service) ? messagesIn(answer) : [];
  const failures = messages.flatMap((message) => failureIn(message) ?? []);
  if (failures.length === 0) return { value: answer };
  const good = messages.filter((message) => failureIn(message) === undefined);
  const count = failures.length === 1 ? "1 error" : `${failures.length} errors`;
  const lines = failures.map((failure) => `\t* ${failure}\n`).join("");
  return {
    ...(good.length === 0 ? {} : { value: { ...Object(answer), messages: good } }),
    error: new CliError(`${count} occurred:\n${lines}\n`),
  };
}

function messagesIn(answer: unknown): unknown[] {
  const { messages } = Object(answer);
  return Array.isArray(messages) ? messages : [];
}

/** `HOST: ERROR`, where a message stands for a failed node. */
function failureIn(message: unknown): string | undefined {
  const { hostname, error, status } = Object(Object(message).metadata);
  if (typeof error !== "string" || error === "") return undefined;
  return `${hostname}: ${status ? statusText(Object(status)) : error}`;
}

function statusText({ code, message }: { code?: unknown; message?: unknown }): string {
  return new RpcError(statusNames[Number(code)] ?? "Unknown", String(message)).message;
}
