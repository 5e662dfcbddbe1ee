/** Labels, annotations and taints of nodes, and names that follow their rule (spec/machine-config.md, 12.1). */

import { goQuote } from "../../output/go_quote.ts";
import type { ConfigValue } from "../value.ts";

/** What is wrong with a key such as `example.org/name`. */
export function keyProblem(key: string): string | undefined {
  const parts = key.split("/");
  if (parts.length > 2) return `invalid format: too many slashes: ${goQuote(key)}`;
  const name = parts.at(-1) ?? "";
  const prefix = parts.length === 2 ? parts[0] : undefined;
  if (prefix === "") return `prefix cannot be empty: ${goQuote(key)}`;
  const domainProblem = prefix === undefined ? undefined : problemOfDomain(prefix);
  if (domainProblem !== undefined) {
    return `prefix ${goQuote(prefix ?? "")} is invalid: ${domainProblem}`;
  }
  if (name === "") return `name cannot be empty: ${goQuote(key)}`;
  if (name.length > 63) return `name is too long: ${goQuote(name)} (limit is 63)`;
  return isName(name) ? undefined : `name ${goQuote(name)} is invalid`;
}

function problemOfDomain(domain: string): string | undefined {
  if (domain.length > 253) return `domain name length exceeds limit of 253: ${goQuote(domain)}`;
  return /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(domain)
    ? undefined
    : `domain doesn't match required format: ${goQuote(domain)}`;
}

function isName(text: string): boolean {
  return /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(text);
}

/** What is wrong with labels, by their keys' order. */
export function labelProblems(labels: readonly [string, ConfigValue][]): string[] {
  return inOrder(labels).flatMap(([key, value]) => {
    const text = String(value);
    const problems = [keyProblem(key)];
    if (text.length > 63) problems.push(`label value length exceeds limit of 63: ${goQuote(text)}`);
    else if (text !== "" && !isName(text)) problems.push(`label value ${goQuote(text)} is invalid`);
    return problems.filter((problem) => problem !== undefined);
  });
}

const reserved: readonly string[] = ["owned-labels", "owned-annotations", "owned-taints"];
const maxAnnotationBytes = 262_144;

/** What is wrong with annotations. */
export function annotationProblems(annotations: readonly [string, ConfigValue][]): string[] {
  const encoder = new TextEncoder();
  let totalBytes = 0;
  const problems = inOrder(annotations).flatMap(([key, value]) => {
    totalBytes += encoder.encode(key).length + encoder.encode(String(value)).length;
    const isReserved = reserved.some((name) => key === `talos.dev/${name}`);
    const reservation = isReserved ? `annotation ${goQuote(key)} is reserved` : undefined;
    return [keyProblem(key), reservation].filter((problem) => problem !== undefined);
  });
  if (totalBytes <= maxAnnotationBytes) return problems;
  return [...problems, `total annotation size exceeds limit of ${maxAnnotationBytes} bytes`];
}

const taintEffects: readonly string[] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/** What is wrong with taints, whose values are `[value:]effect`. */
export function taintProblems(taints: readonly [string, ConfigValue][]): string[] {
  return inOrder(taints).flatMap(([key, value]) => {
    const text = String(value);
    const colon = text.indexOf(":");
    const [label, effect] = colon < 0 ? ["", text] : [text.slice(0, colon), text.slice(colon + 1)];
    const problems = [keyProblem(key)];
    if (label !== "" && !isName(label)) problems.push(`label value ${goQuote(label)} is invalid`);
    if (!taintEffects.includes(effect)) problems.push(`invalid taint effect: ${goQuote(effect)}`);
    return problems.filter((problem) => problem !== undefined);
  });
}

function inOrder(pairs: readonly [string, ConfigValue][]): [string, ConfigValue][] {
  return pairs.toSorted(([left], [right]) => left < right ? -1 : 1);
}
