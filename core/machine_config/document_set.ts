/** What documents may not stand beside each other (spec/machine-config.md, 8). */

import { CliError } from "../errors.ts";
import { goQuote } from "../output/go_quote.ts";
import { documentKind } from "./schema.ts";
import { type ConfigDocument, kindAndName, textAt } from "./value.ts";

/** @throws {CliError} for the first two documents that exclude each other */
export function checkDocumentSet(documents: readonly ConfigDocument[]): void {
  const earlier = new Map<string, ConfigDocument>();
  const owners = new Map<string, ConfigDocument>();
  for (const document of documents.filter(({ kind }) => kind !== "")) {
    const label = kindAndName(document);
    if (earlier.has(label)) throw new CliError(`duplicate document: ${label}`);
    for (const other of documentKind(document.kind)?.conflictsWith ?? []) {
      const conflicting = earlier.get(`${other}/${document.name}`);
      if (conflicting === undefined) continue;
      throw new CliError(`conflicting documents: ${kindAndName(conflicting)} and ${label}`);
    }
    for (const link of linksOf(document)) {
      const owner = owners.get(link);
      if (owner !== undefined) {
        throw new CliError(
          `conflicting link configurations: ${kindAndName(owner)} and ${label} ` +
            `both configure ${goQuote(link)}`,
        );
      }
      owners.set(link, document);
    }
    earlier.set(label, document);
  }
}

/** The kinds that make or set up an interface. */
const linkKinds: readonly string[] = [
  "BondConfig",
  "BridgeConfig",
  "DummyLinkConfig",
  "LinkConfig",
  "VethConfig",
  "VLANConfig",
  "VRFConfig",
  "WireguardConfig",
];

/** The interfaces that a document is about; a veth pair has two. */
function linksOf({ kind, name, value }: ConfigDocument): string[] {
  if (!linkKinds.includes(kind)) return [];
  const peer = kind === "VethConfig" ? textAt(value, "peer", "name") : "";
  return peer === "" || peer === name ? [name] : [name, peer];
}
