/** The values that documents are made of, once they are decoded. */

/**
 * A decoded value. A struct or a map is a Map; a key that it lacks is unset, or zero. Texts of known
 * form (sizes, addresses, durations) are kept as text.
 */
export type ConfigValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | ConfigValue[]
  | ConfigMap;

/** A struct or a map. */
export type ConfigMap = Map<string, ConfigValue>;

/** One document of a configuration. */
export interface ConfigDocument {
  /** Empty for the main document. */
  apiVersion: string;
  /** Empty for the main document. */
  kind: string;
  /** Empty where the kind has no names. */
  name: string;
  /** The Go type, such as `network.BondConfigV1Alpha1`. */
  struct: string;
  /** What it says, with the words above where it names them. */
  value: ConfigMap;
}

/** Such as `LinkConfig/eth0`, and `HostnameConfig/` where the kind has no names. */
export function kindAndName({ kind, name }: Pick<ConfigDocument, "kind" | "name">): string {
  return `${kind}/${name}`;
}

/** What stands at a path of keys, unless something on the way is unset. */
export function valueAt(
  value: ConfigValue | undefined,
  ...keys: string[]
): ConfigValue | undefined {
  let found = value;
  for (const key of keys) found = found instanceof Map ? found.get(key) : undefined;
  return found;
}

/** A text at a path; empty where there is none. */
export function textAt(value: ConfigValue | undefined, ...keys: string[]): string {
  const found = valueAt(value, ...keys);
  return typeof found === "string" ? found : "";
}

/** A number at a path; 0 where there is none. */
export function numberAt(value: ConfigValue | undefined, ...keys: string[]): number {
  const found = valueAt(value, ...keys);
  return typeof found === "number" || typeof found === "bigint" ? Number(found) : 0;
}

/** A list at a path; empty where there is none. */
export function listAt(value: ConfigValue | undefined, ...keys: string[]): readonly ConfigValue[] {
  const found = valueAt(value, ...keys);
  return Array.isArray(found) ? found : [];
}

/** The pairs of a map at a path; none where there is no map. */
export function entriesAt(
  value: ConfigValue | undefined,
  ...keys: string[]
): [string, ConfigValue][] {
  const found = valueAt(value, ...keys);
  return found instanceof Map ? [...found] : [];
}
