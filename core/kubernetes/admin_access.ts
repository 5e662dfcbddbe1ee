/** Admin access to the Kubernetes of a cluster, asked of the nodes for one command and kept in memory (spec/machine-ops.md, 9.4). */

import { dataChunks } from "../client/data_stream.ts";
import type { Talos } from "../client/talos.ts";
import { withPrefix } from "../error_prefix.ts";
import { CliError, RpcError } from "../errors.ts";
import { takeFirst } from "../take_first.ts";
import { unpackKubeconfig } from "./unpack_kubeconfig.ts";

/** Where a Kubernetes API is, and how it knows us. */
export interface KubernetesAccess {
  /** `https://host:port`, without a slash at its end. */
  server: string;
  authorityPem: string;
  certificatePem: string;
  keyPem: string;
}

/**
 * Has whichever endpoint is picked make an admin kubeconfig.
 *
 * @throws {CliError} `error fetching kubeconfig from Talos API: …`, `error parsing kubeconfig: …` or `error building REST
 * config: …`
 */
export async function fetchAdminAccess(talos: Talos): Promise<KubernetesAccess> {
  const bytes = await withPrefix(
    "error fetching kubeconfig from Talos API",
    fetchKubeconfig(talos),
  );
  const document = await withPrefix("error parsing kubeconfig", parseYaml(bytes));
  return await withPrefix("error building REST config", accessOf(document));
}

async function fetchKubeconfig(talos: Talos): Promise<Uint8Array> {
  const machine = await talos.service("machine.MachineService");
  const begun = await takeFirst(dataChunks(machine.kubeconfig({}, { joinsData: true })));
  // A refusal is told as it is: only what is no archive is a matter of archives.
  if (begun.error instanceof RpcError) throw begun.error;
  return await unpackKubeconfig(begun.all());
}

async function parseYaml(bytes: Uint8Array): Promise<unknown> {
  const { parse } = await import("@std/yaml");
  try {
    return parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    const text = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw new CliError(`${text}`, { cause });
  }
}

/** What the current context stands for. */
function accessOf(document: unknown): Promise<KubernetesAccess> {
  return Promise.try(() => {
    const context = field(
      entry(document, "contexts", text(document, "current-context")),
      "context",
    );
    const cluster = field(entry(document, "clusters", text(context, "cluster")), "cluster");
    const user = field(entry(document, "users", text(context, "user")), "user");
    return {
      server: text(cluster, "server").replace(/\/+$/, ""),
      authorityPem: decoded(cluster, "certificate-authority-data"),
      certificatePem: decoded(user, "client-certificate-data"),
      keyPem: decoded(user, "client-key-data"),
    };
  });
}

function entry(document: unknown, list: string, name: string): unknown {
  const entries = field(document, list);
  const found = Array.isArray(entries) && entries.find((each) => field(each, "name") === name);
  if (!found) throw new CliError(`reading the kubeconfig: no "${name}" in its ${list}`);
  return found;
}

function text(parent: unknown, key: string): string {
  const value = field(parent, key);
  if (typeof value !== "string") throw new CliError(`reading the kubeconfig: it has no ${key}`);
  return value;
}

function decoded(parent: unknown, key: string): string {
  try {
    return atob(text(parent, key));
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError(`reading the kubeconfig: ${key} is no base64`, { cause });
  }
}

function field(parent: unknown, key: string): unknown {
  return typeof parent === "object" && parent !== null ? Reflect.get(parent, key) : undefined;
}
