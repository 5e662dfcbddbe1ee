/** Checks of the main document's log destinations (spec/machine-config.md, 12.2). */

import { goQuote } from "../../output/go_quote.ts";
import { type ConfigValue, textAt } from "../value.ts";
import { parseUrl } from "../urls.ts";

/** All that is wrong with where logs are sent. */
export function loggingProblems(destinations: readonly ConfigValue[]): string[] {
  return destinations.flatMap((destination) => {
    const problems: string[] = [];
    const endpoint = textAt(destination, "endpoint");
    if (endpoint === "") problems.push("empty logging endpoint");
    else {
      const { host, scheme } = parseUrl(endpoint);
      if (host === "") problems.push("empty logging endpoint's host");
      if (!["tcp", "udp"].includes(scheme)) {
        problems.push(`unexpected logging endpoint scheme ${goQuote(scheme)}`);
      }
    }
    const format = textAt(destination, "format");
    if (format !== "json_lines") problems.push(`unknown logging format ${goQuote(format)}`);
    return problems;
  });
}
