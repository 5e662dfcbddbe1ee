/** What documents may not stand beside each other (spec/machine-config.md, 8). */

import { CliError } from "../errors.ts";
import { goQuote } from "../output/go_quote.ts";
import { documentKind } from "./schema.ts";
import { type ConfigDocument, kindAndName, textAt } from "./value.ts";

/** Names by the kinds of their documents. */
type Names = Map<string, Set<string>>;

/** The documents so far; only names are kept of them, as there may be very many. */
export interface DocumentSet {
  /** Of documents that are what they call themselves, as nearly all are. */
  names: Names;
  /** Of the others, such as those whose name is merged into them. */
  otherNames: Names;
  /** What those call themselves. */
  otherIdentities: Set<string>;
  /** By the other end of each pair of interfaces: the name of its document. */
  pairs: Map<string, string>;
}

/** No documents yet. */
export function newDocumentSet(): DocumentSet {
  return {
    names: new Map(),
    otherNames: new Map(),
    otherIdentities: new Set(),
    pairs: new Map(),
  };
}

/** @throws {CliError} for the first two documents that exclude each other */
export function checkDocumentSet(documents: readonly ConfigDocument[]): void {
  const set = newDocumentSet();
  for (const document of documents) {
    const problem = addToSet(set, document, ownIdentity(document));
    if (problem !== undefined) throw new CliError(problem);
  }
}

/** Whether one of the documents calls itself that: such as `v1alpha1/LinkConfig/eth0`. */
export function hasIdentity({ names, otherIdentities }: DocumentSet, identity: string): boolean {
  const [, kind = "", name = ""] = /^v1alpha1\/([^/]*)\/(.*)$/s.exec(identity) ?? [];
  return names.get(kind)?.has(name) === true || otherIdentities.has(identity);
}

/**
 * Adds a document to those before it.
 *
 * @param identity What it calls itself.
 * @returns What is wrong, where one of them and it exclude each other.
 */
export function addToSet(
  set: DocumentSet,
  document: ConfigDocument,
  identity: string,
): string | undefined {
  const { kind, name } = document;
  const isOther = identity !== ownIdentity(document);
  if (isOther) set.otherIdentities.add(identity);
  if (kind === "") return undefined;
  const peer = kind === pairKind ? textAt(document.value, "peer", "name") : "";
  const links = linkKinds.includes(kind)
    ? peer === "" || peer === name ? [name] : [name, peer]
    : [];
  const problem = problemWith(set, document, links);
  if (links.length > 1) set.pairs.set(peer, name);
  const names = isOther ? set.otherNames : set.names;
  const ofKind = names.get(kind);
  if (ofKind === undefined) names.set(kind, new Set([name]));
  else ofKind.add(name);
  return problem;
}

/** What a document of that kind and name calls itself. */
function ownIdentity(document: ConfigDocument): string {
  return `v1alpha1/${kindAndName(document)}`;
}

function problemWith(
  set: DocumentSet,
  document: ConfigDocument,
  links: readonly string[],
): string | undefined {
  const { kind, name } = document;
  if (has(set, kind, name)) return `duplicate document: ${kindAndName(document)}`;
  const other = documentKind(kind)?.conflictsWith?.find((each) => has(set, each, name));
  if (other !== undefined) {
    const first = kindAndName({ kind: other, name });
    return `conflicting documents: ${first} and ${kindAndName(document)}`;
  }
  for (const link of links) {
    const owner = ownerOf(set, link);
    if (owner === undefined) continue;
    return `conflicting link configurations: ${owner} and ${kindAndName(document)} ` +
      `both configure ${goQuote(link)}`;
  }
  return undefined;
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

/** The kind that makes two. */
const pairKind = "VethConfig";

function has({ names, otherNames }: DocumentSet, kind: string, name: string): boolean {
  return names.get(kind)?.has(name) === true || otherNames.get(kind)?.has(name) === true;
}

/** The document that an interface is set up by. */
function ownerOf(set: DocumentSet, link: string): string | undefined {
  const kind = linkKinds.find((each) => has(set, each, link));
  if (kind !== undefined) return kindAndName({ kind, name: link });
  const name = set.pairs.get(link);
  return name === undefined ? undefined : kindAndName({ kind: pairKind, name });
}
