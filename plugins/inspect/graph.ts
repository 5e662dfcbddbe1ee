/** A directed graph as Graphviz reads it, in the layout that the official client writes (spec/resources.md, 10). */

import { compareCodePoints } from "../../core/output/code_point_order.ts";
import { goQuote } from "../../core/output/go_quote.ts";

/** Attributes by their names. */
type Attributes = Readonly<Record<string, string>>;

/** A node; its number makes its name, its label orders it. */
export interface GraphNode {
  number: number;
  label: string;
  attributes: Attributes;
}

/** An arrow between two nodes. */
export interface GraphEdge {
  from: GraphNode;
  to: GraphNode;
  attributes: Attributes;
}

/** Nodes in a box of their own. */
export interface GraphCluster {
  number: number;
  label: string;
  nodes: readonly GraphNode[];
}

/** The whole of it; edges in order of arrival. */
export interface Graph {
  clusters: readonly GraphCluster[];
  nodes: readonly GraphNode[];
  edges: readonly GraphEdge[];
}

/** Gives each label one node, numbered in order of first mention. */
export class NodeNumbers {
  readonly #nodes = new Map<string, GraphNode>();
  #last = 0;

  /** The next number, for what is no node but is counted with them. */
  next(): number {
    return ++this.#last;
  }

  /** The node with this label, made when it is new. */
  node(label: string, attributes: Attributes): GraphNode {
    const known = this.#nodes.get(label);
    if (known !== undefined) return known;
    const node = { number: this.next(), label, attributes };
    this.#nodes.set(label, node);
    return node;
  }
}

/** How controllers look. */
export const controllerAttributes = { shape: "box" };

/** How resources and their types look. */
export const resourceAttributes = { fillcolor: "azure2", shape: "note", style: "filled" };

/** The text: clusters, nodes and edges' sources sorted by label. */
export function formatGraph({ clusters, nodes, edges }: Graph): string {
  const sources = edges.toSorted((left, right) =>
    compareCodePoints(left.from.label, right.from.label)
  );
  return [
    "digraph  {\n",
    ...clusters.toSorted(compareLabels).map(clusterText),
    "\t\n",
    ...nodes.toSorted(compareLabels).map((node) => `\t${nodeText(node)}`),
    ...sources.map(({ from, to, attributes }) =>
      `\tn${from.number}->n${to.number}${attributesText(attributes)};\n`
    ),
    "\t\n}\n",
  ].join("");
}

function compareLabels(left: { label: string }, right: { label: string }): number {
  return compareCodePoints(left.label, right.label);
}

function clusterText({ number, label, nodes }: GraphCluster): string {
  const lines = nodes.toSorted(compareLabels).map((node) => `\t\t${nodeText(node)}`);
  return `\tsubgraph cluster_s${number} {\n\t\tlabel=${goQuote(label)};\n${
    lines.join("")
  }\t\t\n\t}\n`;
}

function nodeText({ number, label, attributes }: GraphNode): string {
  return `n${number}${attributesText({ ...attributes, label })};\n`;
}

function attributesText(attributes: Attributes): string {
  const names = Object.keys(attributes).toSorted(compareCodePoints);
  return `[${names.map((name) => `${name}=${goQuote(attributes[name] ?? "")}`).join(",")}]`;
}
