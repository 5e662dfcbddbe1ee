/** JSON patches (RFC 6902) with the error texts of the official client (spec/machine-config.md, 9.4). */

import { CliError } from "../errors.ts";

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** One operation, as it stands in a patch: nothing of it is checked before it is applied. */
export type JsonOperation = Readonly<Record<string, Json>>;

const missing = "missing value";

/**
 * Applies operations to a document.
 *
 * @returns The changed document; `document` itself may be changed too.
 * @throws {CliError} for the first operation that cannot be applied
 */
export function applyJsonPatch(document: Json, operations: readonly JsonOperation[]): Json {
  const root = { "": document };
  for (const operation of operations) applyOperation(root, operation);
  return root[""];
}

function applyOperation(root: { "": Json }, operation: JsonOperation): void {
  const { op: kind } = operation;
  switch (kind) {
    case "add":
      return add(
        root,
        pointerIn(operation, "path", "add"),
        copy(operation["value"] ?? null),
        "add",
      );
    case "remove":
      return void remove(root, pointerIn(operation, "path", "remove"), "remove");
    case "replace":
      return replace(
        root,
        pointerIn(operation, "path", "replace"),
        copy(operation["value"] ?? null),
      );
    case "move": {
      const from = pointerIn(operation, "from", "move");
      const value = remove(root, from, "move");
      return add(root, pointerIn(operation, "path", "move"), value, "move");
    }
    case "copy": {
      const from = pointerIn(operation, "from", "copy");
      const value = copy(read(root, from, "copy"));
      return add(root, pointerIn(operation, "path", "copy"), value, "copy");
    }
    case "test": {
      const path = pointerIn(operation, "path", "test");
      const container = containerOf(root, path);
      const found = container === undefined ? undefined : childOf(container, lastKey(path));
      if (isSame(found ?? null, operation["value"] ?? null)) return;
      throw new CliError(`testing value ${path} failed: test failed`);
    }
    default:
      throw new CliError(`Unexpected kind: ${typeof kind === "string" ? kind : "unknown"}`);
  }
}

function pointerIn(operation: JsonOperation, key: "path" | "from", kind: string): string {
  const path = operation[key];
  if (typeof path === "string") return path;
  throw new CliError(`${kind} operation failed to decode ${key}: ${missing}`);
}

function keysOf(path: string): string[] {
  return path.split("/").map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function lastKey(path: string): string {
  return keysOf(path).at(-1) ?? "";
}

/** What holds the value at a path; nothing where the way there is missing. */
function containerOf(root: { "": Json }, path: string): Json[] | Record<string, Json> | undefined {
  let found: Json = root;
  const keys = keysOf(path).slice(0, -1);
  for (const key of keys) {
    if (found === null || typeof found !== "object") return undefined;
    const child: Json | undefined = childOf(found, key);
    if (child === undefined) return undefined;
    found = child;
  }
  return found === null || typeof found !== "object" ? undefined : found;
}

function childOf(container: Json[] | Record<string, Json>, key: string): Json | undefined {
  if (!Array.isArray(container)) return Object.hasOwn(container, key) ? container[key] : undefined;
  return container[indexOf(key, container.length)];
}

/** The index a key stands for, counted from the end where it is negative; -1 for none. */
function indexOf(key: string, length: number): number {
  if (!/^-?\d+$/.test(key)) return -1;
  const index = Number(key);
  return index < 0 ? index + length : index;
}

function add(root: { "": Json }, path: string, value: Json, kind: string): void {
  const container = containerOf(root, path);
  const key = lastKey(path);
  if (container === undefined) {
    throw new CliError(
      `${kind} operation does not apply: doc is missing path: "${path}": ${missing}`,
    );
  }
  if (!Array.isArray(container)) {
    container[key] = value;
    return;
  }
  const index = key === "-" ? container.length : indexOf(key, container.length + 1);
  if (index < 0 || index > container.length) throw invalidIndex(kind, path, key);
  container.splice(index, 0, value);
}

function remove(root: { "": Json }, path: string, kind: string): Json {
  const container = containerOf(root, path);
  const key = lastKey(path);
  if (container === undefined) {
    throw new CliError(
      `${kind} operation does not apply: doc is missing path: "${path}": ${missing}`,
    );
  }
  const value = childOf(container, key);
  if (value === undefined) {
    if (Array.isArray(container)) throw invalidIndex(kind, path, key);
    throw new CliError(
      `error in ${kind} for path: '${path}': Unable to remove nonexistent key: ${key}: ${missing}`,
    );
  }
  if (Array.isArray(container)) container.splice(indexOf(key, container.length), 1);
  else delete container[key];
  return value;
}

function replace(root: { "": Json }, path: string, value: Json): void {
  const container = containerOf(root, path);
  const key = lastKey(path);
  const absent = (what: string) =>
    new CliError(`replace operation does not apply: doc is missing ${what}: ${path}: ${missing}`);
  if (container === undefined) throw absent("path");
  if (childOf(container, key) === undefined) throw absent("key");
  if (Array.isArray(container)) container[indexOf(key, container.length)] = value;
  else container[key] = value;
}

function read(root: { "": Json }, path: string, kind: string): Json {
  const container = containerOf(root, path);
  const value = container === undefined ? undefined : childOf(container, lastKey(path));
  if (value !== undefined) return value;
  throw new CliError(
    `${kind} operation does not apply: doc is missing from path: "${path}": ${missing}`,
  );
}

function invalidIndex(kind: string, path: string, key: string): CliError {
  const problem = `Unable to access invalid index: ${key}: invalid index referenced`;
  return new CliError(`error in ${kind} for path: '${path}': ${problem}`);
}

function copy(value: Json): Json {
  return structuredClone(value);
}

function isSame(left: Json, right: Json): boolean {
  if (left === null || right === null || typeof left !== "object" || typeof right !== "object") {
    return left === right;
  }
  const [lefts, rights] = [Object.entries(left), Object.entries(right)];
  return Array.isArray(left) === Array.isArray(right) && lefts.length === rights.length &&
    lefts.every(([key, value]) => {
      const other = childOf(right, key);
      return other !== undefined && isSame(value, other);
    });
}
