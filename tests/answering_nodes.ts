/** Fake nodes with the program run against them by the real clock: for tables whose every cell the test must choose. */

import { RpcError } from "../core/errors.ts";
import type { ServiceName } from "../core/client/talos.ts";
import { type FakeNodes, startFakeNodes } from "./fake_nodes.ts";
import { type Outcome, type RunOptions, runProgram } from "./talosctl.ts";

/** An answer, several for a stream, or a failure: an `RpcError` that is thrown. */
// deno-lint-ignore no-explicit-any -- the codecs fill in and check what tests leave out
type Answer = (request: any, node: string) => any;

/** The nodes, and the program run against them. */
export interface AnsweringNodes extends AsyncDisposable {
  /** In order of arrival. */
  readonly calls: FakeNodes["requests"];
  talosctl(line: string | readonly string[], options?: RunOptions): Promise<Outcome>;
}

/** Starts nodes with these answers, by `Service/Method`; what has none is Unimplemented. */
export async function startAnswering(
  answers: Readonly<Record<`${ServiceName}/${string}`, Answer>>,
): Promise<AnsweringNodes> {
  const nodes = await startFakeNodes(answers);
  return {
    calls: nodes.requests,
    talosctl: (line, options = {}) =>
      runProgram(typeof line === "string" ? line.split(" ") : line, {
        ...options,
        env: { TALOSCONFIG: nodes.talosconfigPath, ...options.env },
      }),
    [Symbol.asyncDispose]: () => nodes[Symbol.asyncDispose](),
  };
}

/** A node that another one cannot reach. */
export function unreachable(): never {
  throw new RpcError("Unavailable", "node is down");
}
