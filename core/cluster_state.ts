/** What is kept of a local cluster: `<state>/<name>/state.yaml`, in the official client's form (spec/cluster-ops.md, 9.1). */

import { join } from "@std/path";
import { CliError } from "./errors.ts";
import { writeFileAtomic } from "./files/atomic.ts";
import { fileError } from "./files/errors.ts";

/** The file's content; keys are lower-case in the file. */
export interface ClusterState {
  provisionerName: string;
  clusterName: string;
  network: { name: string; cidrs: string[]; gatewayAddresses: string[]; mtu: number };
  nodes: ClusterNode[];
  kubernetesEndpoint: string;
}

/** One machine of a local cluster. */
export interface ClusterNode {
  id: string;
  uuid: string;
  name: string;
  /** `unknown` for a machine without a configuration. */
  type: "controlplane" | "worker" | "unknown";
  /** Billionths of a CPU. */
  nanoCpus: number;
  memoryBytes: number;
  diskBytes: number;
  addresses: string[];
}

/** The folder that belongs to one cluster. */
export function clusterFolder(stateFolder: string, name: string): string {
  return join(stateFolder, name);
}

/**
 * Reads what is known of a cluster.
 *
 * @throws {CliError} when there is no such cluster, or its file cannot be read
 */
export async function readClusterState(stateFolder: string, name: string): Promise<ClusterState> {
  const folder = clusterFolder(stateFolder, name);
  const fail = (reason: string) => new CliError(`failed to read cluster state: ${reason}`);
  try {
    const { isDirectory, mode } = await Deno.stat(folder);
    if (!isDirectory) throw fail(`state path "${folder}" is not a directory: ${modeText(mode)}`);
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw fail(`cluster "${name}" not found: ${fileError("stat", folder, cause).message}`);
  }
  const path = `${folder}/state.yaml`;
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (cause) {
    throw fileError("open", path, cause);
  }
  try {
    const { parse } = await import("@std/yaml");
    return fromFile(parse(text));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw fail(`error unmarshalling state file: ${reason}`);
  }
}

/** Writes what is known of a cluster; its folder is created. */
export async function writeClusterState(stateFolder: string, state: ClusterState): Promise<void> {
  const { toGoYaml } = await import("./output/go_yaml.ts");
  const path = `${clusterFolder(stateFolder, state.clusterName)}/state.yaml`;
  await writeFileAtomic(path, toGoYaml(toFile(state)), { mode: 0o644, createParents: true });
}

function toFile(state: ClusterState) {
  return {
    provisionername: state.provisionerName,
    bridgename: "",
    clusterinfo: {
      clustername: state.clusterName,
      network: {
        name: state.network.name,
        cidrs: state.network.cidrs,
        gatewayaddrs: state.network.gatewayAddresses,
        mtu: state.network.mtu,
        nomasqueradecidrs: [],
      },
      nodes: state.nodes.map((node) => ({
        id: node.id,
        uuid: node.uuid,
        name: node.name,
        type: node.type,
        nanocpus: node.nanoCpus,
        memory: node.memoryBytes,
        disksize: node.diskBytes,
        ips: node.addresses,
        apiport: 0,
        tpmstatedir: "",
      })),
      extranodes: [],
      kubernetesendpoint: state.kubernetesEndpoint,
    },
    vmcniconfig: null,
  };
}

type Fields = Record<string, unknown>;

function fromFile(value: unknown): ClusterState {
  const file = fieldsOf(value);
  const info = fieldsOf(file["clusterinfo"]);
  const network = fieldsOf(info["network"]);
  return {
    provisionerName: text(file["provisionername"]),
    clusterName: text(info["clustername"]),
    network: {
      name: text(network["name"]),
      cidrs: list(network["cidrs"]).map(text),
      gatewayAddresses: list(network["gatewayaddrs"]).map(text),
      mtu: Number(network["mtu"] ?? 0),
    },
    nodes: list(info["nodes"]).map((node) => nodeFromFile(fieldsOf(node))),
    kubernetesEndpoint: text(info["kubernetesendpoint"]),
  };
}

const nodeTypes = ["controlplane", "worker", "unknown"] as const;

function nodeFromFile(node: Fields): ClusterNode {
  return {
    id: text(node["id"]),
    uuid: text(node["uuid"]),
    name: text(node["name"]),
    type: nodeTypes.find((type) => type === text(node["type"])) ?? "worker",
    nanoCpus: Number(node["nanocpus"] ?? 0),
    memoryBytes: Number(node["memory"] ?? 0),
    diskBytes: Number(node["disksize"] ?? 0),
    addresses: list(node["ips"]).map(text),
  };
}

function fieldsOf(value: unknown): Fields {
  if (value === null || value === undefined) return {};
  if (typeof value === "object" && !Array.isArray(value)) return value as Fields;
  throw new Error("a mapping is expected");
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return value === null || value === undefined ? "" : String(value);
}

/** A file's mode as `ls` shows it. */
function modeText(mode: number | null): string {
  const bits = "rwxrwxrwx";
  const shown = [...bits].map((bit, index) => ((mode ?? 0) >> (8 - index)) & 1 ? bit : "-");
  return `-${shown.join("")}`;
}
