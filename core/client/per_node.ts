/** From per-node answers to records: the step that commands which ask many nodes share. */

import type { NodeError } from "../command.ts";
import type { NodeResult } from "./talos.ts";

/**
 * Turns the answers of many nodes into records that carry their node's name.
 *
 * A node that failed is passed on in its place: the frame prints it after the table and exits with
 * 1, and the other nodes' records stand. Nothing is collected: the next answer is read when the
 * last record was taken, so a slow terminal never fills memory, and leaving early cancels the calls.
 *
 * @param results One entry a node (unary) or many (stream), in order of arrival.
 * @param toRecords The records in one answer, without `node`; an empty list is a valid answer.
 * @returns Records whose `node` is spelled as the user wrote it (spec/client.md, 3.3), and failures.
 * @throws What `toRecords` throws: an answer of the wrong shape is our bug, not a failed node.
 *
 * @example Two services of one node
 * ```ts
 * async function* answers() {
 *   yield { node: "10.5.0.2", value: ["etcd", "kubelet"] };
 * }
 * const records = await Array.fromAsync(perNode(answers(), (ids) => ids.map((id) => ({ id }))));
 * if (records.length !== 2) throw new Error("expected one record a service");
 * ```
 */
export async function* perNode<T, R extends object>(
  results: AsyncIterable<NodeResult<T>>,
  toRecords: (value: T) => Iterable<R>,
): AsyncGenerator<({ node: string } & R) | NodeError> {
  for await (const result of results) {
    if ("error" in result) {
      yield result;
      continue;
    }
    for (const record of toRecords(result.value)) yield { node: result.node, ...record };
  }
}
