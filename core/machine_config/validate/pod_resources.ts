/** Requests and limits of control plane pods: only processor and memory can be given. */

import { goQuote } from "../../output/go_quote.ts";
import { type ConfigValue, entriesAt } from "../value.ts";

/** The first key that is neither `cpu` nor `memory`. */
export function resourceProblem(resources: ConfigValue | undefined): string | undefined {
  const keys = ["requests", "limits"].flatMap((part) =>
    entriesAt(resources, part).map(([key]) => key)
  );
  const other = keys.find((key) => key !== "cpu" && key !== "memory");
  return other === undefined ? undefined : `unsupported pod resource ${goQuote(other)}`;
}
