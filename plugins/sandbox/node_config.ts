/** A machine configuration as a node has it: its text, its documents, and what the node is known by. */

import { writeConfig } from "../../core/machine_config/encode.ts";
import { loadConfig } from "../../core/machine_config/load.ts";
import { type ConfigDocument, textAt } from "../../core/machine_config/value.ts";
import type { MachineType, NodeConfig } from "./node.ts";

/**
 * The configuration in a text.
 *
 * @throws {CliError} as `loadConfig` does
 */
export async function readNodeConfig(text: string): Promise<NodeConfig> {
  return nodeConfig(await loadConfig(text), text);
}

/** The configuration of documents. */
function nodeConfig(documents: readonly ConfigDocument[], text: string): NodeConfig {
  const main = documents.find(({ kind }) => kind === "")?.value;
  const named = documents.find(({ kind }) => kind === "HostnameConfig")?.value;
  const hostname = textAt(named, "hostname") || textAt(main, "machine", "network", "hostname");
  const [certificate, key] = [
    textAt(main, "machine", "ca", "crt"),
    textAt(main, "machine", "ca", "key"),
  ];
  return {
    text,
    documents,
    machineType: main === undefined ? "unknown" : machineTypeOf(textAt(main, "machine", "type")),
    hostname: hostname === "" ? undefined : hostname,
    authority: certificate === "" ? undefined : { certificate, key },
  };
}

/** As {@linkcode nodeConfig}, made when it is first looked at: most nodes of a large cluster never are. */
export function lazyNodeConfig(
  machineType: MachineType,
  documentsOf: () => readonly ConfigDocument[],
): NodeConfig {
  let documents: readonly ConfigDocument[] | undefined;
  let text: string | undefined;
  return {
    machineType,
    hostname: undefined,
    get documents() {
      return documents ??= documentsOf();
    },
    get text() {
      return text ??= writeConfig(this.documents);
    },
  };
}

function machineTypeOf(type: string): MachineType {
  return type === "controlplane" || type === "init" ? "controlplane" : "worker";
}
