/** The cluster endpoint as a user types it: most mistakes are a missing scheme or port (spec/machine-config.md, 2.1). */

import { CliError } from "../../errors.ts";
import { goQuote } from "../../output/go_quote.ts";
import { parseUrl, type UrlParts } from "../urls.ts";
import { endpointProblem } from "../validate/endpoint.ts";

const defaultPort = 6443;

/** @throws {CliError} for what is no https URL of a host, with the URL that was probably meant */
export function checkClusterEndpoint(text: string): void {
  const url = readEndpoint(text);
  const meant = `\ntry: ${goQuote(likelyUrl(url))}`;
  if (url.scheme === "") {
    const lacking = portOf(url) === "" ? "scheme and port" : "scheme";
    throw new CliError(`no ${lacking} specified for the cluster endpoint URL${meant}`);
  }
  if (url.scheme !== "https") {
    throw new CliError(`the control plane endpoint URL should have scheme https://${meant}`);
  }
  const problem = endpointProblem(text);
  if (problem !== undefined) {
    throw new CliError(`error validating the cluster endpoint URL: ${problem}`);
  }
}

type Endpoint = Pick<UrlParts, "scheme" | "host" | "path">;

function readEndpoint(text: string): Endpoint {
  try {
    return parseUrl(text);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    if (!text.includes("/")) return { scheme: "", host: text, path: "" };
    throw new CliError(`failed to parse the cluster endpoint URL: ${error.message}`, {
      cause: error,
    });
  }
}

/** The digits behind the last colon, which may be part of a bare IPv6 address, as Go has it. */
function portOf({ host }: Endpoint): string {
  return /:(\d*)$/.exec(host)?.[1] ?? "";
}

function likelyUrl({ scheme, host, path }: Endpoint): string {
  const isBareName = host === "" && (scheme === "" || !path.startsWith("/"));
  const given = isBareName ? { host: path, path: "" } : { host, path };
  const port = portOf({ ...given, scheme }) === "" ? `:${defaultPort}` : "";
  return `https://${escapeHost(given.host)}${port}${given.path}`;
}

function escapeHost(host: string): string {
  return host.replace(/[^\w.~!$&'()*+,;=:[\]<>"-]/gu, encodeURIComponent);
}
