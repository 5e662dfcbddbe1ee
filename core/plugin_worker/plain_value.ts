/** What a plugin is handed: a copy of data that shares nothing with the original. */

/** Deeper than any message. */
const maxDepth = 64;

/**
 * Copies a value. Bytes get a buffer of their own: to send a view sends all of the buffer behind it, in which whatever
 * else was read or made may stand.
 *
 * @throws {TypeError} For what is no data: functions, and objects in a circle.
 */
export function plainValue(value: unknown, depth = 0): unknown {
  if (typeof value === "function" || typeof value === "symbol") {
    throw new TypeError(`a ${typeof value} cannot be handed to a plugin`);
  }
  if (typeof value !== "object" || value === null) return value;
  if (depth > maxDepth) throw new TypeError("the value is nested too deeply");
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  }
  if (Array.isArray(value)) return value.map((item) => plainValue(item, depth + 1));
  if (value instanceof Date) return new Date(value);
  if (value instanceof Map) {
    return new Map([...value].map(([key, item]) => [key, plainValue(item, depth + 1)]));
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, plainValue(item, depth + 1)]),
  );
}
