/** What a node finds wrong with itself. */

import { configValues } from "./config_documents.ts";
import { ipBytes } from "../../../core/ip_address.ts";
import type { NodeFacts } from "./node_facts.ts";
import { type Sources, whenConfigured } from "./sources.ts";

/** The sources of this area. */
export const diagnosticSources: Sources = {
  "Diagnostics.runtime.talos.dev": whenConfigured((facts) => {
    const details = addressOverlaps(facts);
    if (details.length === 0) return [];
    return [{
      id: "address-overlap",
      owner: "runtime.DiagnosticsController",
      spec: {
        message: "host and Kubernetes pod/service CIDR addresses overlap",
        details,
      },
    }];
  }),
};

/** A host in a network of Kubernetes would not be reached from pods. */
function addressOverlaps({ node, cidr }: NodeFacts): readonly string[] {
  return ["pod", "service"].flatMap((what) =>
    [
      ...configValues(node, "KubeNetworkConfig", `${what}Subnets`),
      ...configValues(node, "v1alpha1", `cluster.network.${what}Subnets`),
    ].flat()
      .filter((subnet) => typeof subnet === "string")
      .filter((subnet) => overlap(cidr, subnet))
      .map((subnet) =>
        `host routed address ${cidr} overlaps with Kubernetes ${what} CIDR ${subnet}`
      )
  );
}

/** Whether two networks have an address in common: the shorter prefix then holds the other one. */
function overlap(one: string, other: string): boolean {
  const [first, second] = [prefixOf(one), prefixOf(other)];
  if (first.bits.length !== second.bits.length) return false;
  const lengthBits = Math.min(first.lengthBits, second.lengthBits);
  return first.bits.slice(0, lengthBits) === second.bits.slice(0, lengthBits);
}

function prefixOf(cidr: string): { bits: string; lengthBits: number } {
  const [address = "", length] = cidr.split("/");
  const bits = [...ipBytes(address)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return { bits, lengthBits: length === undefined ? bits.length : Number(length) };
}
