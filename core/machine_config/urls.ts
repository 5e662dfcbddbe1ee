/** URLs in configuration documents, as Go's parser reads them. */

import { CliError } from "../errors.ts";
import { goQuote } from "../output/go_quote.ts";

/** The parts of a URL; what is absent is empty. */
export interface UrlParts {
  scheme: string;
  /** Host and port, as written. */
  host: string;
  hostname: string;
  port: string;
  path: string;
}

/** Checks that a text is a URL, and gives it back. */
export function checkUrl(text: string): string {
  parseUrl(text);
  return text;
}

/**
 * Parts a URL.
 *
 * @throws {CliError} with Go's text, such as `parse "http://a b": invalid character " " in host name`
 */
export function parseUrl(text: string): UrlParts {
  const invalid = (problem: string) => new CliError(`parse ${goQuote(text)}: ${problem}`);
  // deno-lint-ignore no-control-regex -- control characters are what is looked for
  if (/[\0-\x1f\x7f]/.test(text)) throw invalid("net/url: invalid control character in URL");
  if (text.startsWith(":")) throw invalid("missing protocol scheme");
  const [, scheme = ""] = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text) ?? [];
  const rest = text.slice(scheme === "" ? 0 : scheme.length + 1).replace(/[?#].*$/s, "");
  if (scheme === "" && /^[^/]*:/.test(rest)) {
    throw invalid("first path segment in URL cannot contain colon");
  }
  const lower = scheme.toLowerCase();
  if (!rest.startsWith("//")) {
    return { scheme: lower, host: "", hostname: "", port: "", path: rest };
  }

  const [, authority = "", path = ""] = /^\/\/([^/]*)(.*)$/s.exec(rest) ?? [];
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  const bad = /[ "<>^`{|}\\]/.exec(host)?.[0];
  if (bad !== undefined) throw invalid(`invalid character ${goQuote(bad)} in host name`);
  const [, port = ""] = /:([^:\]]*)$/.exec(host) ?? [];
  if (!/^\d*$/.test(port)) throw invalid(`invalid port ${goQuote(`:${port}`)} after host`);
  const hostname = host.replace(/:[^:\]]*$/, "").replace(/^\[(.*)\]$/, "$1");
  return { scheme: lower, host, hostname, port, path };
}
