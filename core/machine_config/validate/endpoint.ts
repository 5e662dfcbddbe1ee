/** The rule for URLs of endpoints, and for subnets written as text (spec/machine-config.md, 12.1). */

import { isIpAddress } from "../../ip_address.ts";
import { isPrefix } from "../addresses.ts";
import { parseUrl, type UrlParts } from "../urls.ts";
import { problemOf } from "./findings.ts";

/** What is wrong with an endpoint's URL; nothing where it can be used. */
export function endpointProblem(text: string): string | undefined {
  let url: UrlParts | undefined;
  const broken = problemOf(() => url = parseUrl(text));
  if (broken !== undefined) return broken;
  const { host = "", hostname = "", port = "" } = url ?? {};
  if (host.split(":").length > 3 && !host.startsWith("[")) {
    return "IPv6 addresses MUST be enclosed by square brackets";
  }
  if (hostname === "") return "hostname must not be blank";
  if (port === "") return host.endsWith(":") ? "port number must be numeric" : undefined;
  if (!/^\d+$/.test(port)) return "port number must be numeric";
  const isInRange = Number(port) >= 1 && Number(port) <= 65535;
  return isInRange ? undefined : "port number must be between 1 and 65535";
}

/** Whether a text is a subnet or an address, perhaps behind a `!`. */
export function isSubnetOrAddress(text: string, { isNegatable = false } = {}): boolean {
  const subnet = isNegatable ? text.replace(/^!/, "") : text;
  return isPrefix(subnet) || isIpAddress(subnet);
}
