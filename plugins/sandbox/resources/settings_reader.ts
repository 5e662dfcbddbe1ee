/** Looking up values in the configuration of a node by places such as `KubeletConfig/image`. */

import type { SandboxNode } from "../node.ts";
import { configValues } from "./config_documents.ts";

/** Looks at places in their order; a place is a kind and a path of keys, and `v1alpha1` the main document. */
export interface SettingsReader {
  /** The first value there is. */
  any(...places: string[]): unknown;
  /** The same, where it is a text that is not empty. */
  text(...places: string[]): string | undefined;
  /** The same, where it is a list that is not empty. */
  texts(...places: string[]): readonly string[] | undefined;
  /** The same, where it is true or false. */
  isOn(otherwise: boolean, ...places: string[]): boolean;
  /** The maps at all of these places together. */
  map(...places: string[]): Readonly<Record<string, string>>;
  /** The items of the lists at all of these places. */
  items(...places: string[]): readonly unknown[];
}

/** A reader of the configuration that a node has now. */
export function settingsReader(node: SandboxNode): SettingsReader {
  const all = (places: readonly string[]) =>
    places.flatMap((place) => {
      const [kind = "", path = ""] = place.split("/");
      return configValues(node, kind, path);
    });
  const any = (...places: string[]) => all(places)[0];
  return {
    any,
    text: (...places) => textOf(any(...places)),
    texts: (...places) => textsOf(any(...places)),
    isOn: (otherwise, ...places) => {
      const value = any(...places);
      return typeof value === "boolean" ? value : otherwise;
    },
    map: (...places) => {
      const pairs = all(places).flatMap((found) => Object.entries(objectOf(found)));
      return Object.fromEntries(pairs.map(([key, value]) => [key, String(value)]));
    },
    items: (...places) => all(places).flatMap((list) => Array.isArray(list) ? list : []),
  };
}

/** A text that is not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A list of texts that is not empty. */
export function textsOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.length > 0 ? value.map(String) : undefined;
}

/** A list, empty for what is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** An object, empty for what is none. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}
