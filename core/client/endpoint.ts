/** Endpoint strings, as users write them, and the address that is dialled for them (spec/client.md, 3.5). */

/** What is dialled. */
export interface Endpoint {
  /** As the user wrote it: the name under which failures are reported. */
  text: string;
  /** A name or an address, an IPv6 one without brackets. */
  host: string;
  /** Digits as a rule; a word is kept, and fails when it is dialled. */
  port: string;
}

const defaultPort = "50000";

/** Reads an endpoint: a URL of any scheme, `host`, `host:port`, an IPv6 address bare or in brackets. */
export function parseEndpoint(text: string): Endpoint {
  const { host, port } = splitHostPort(authorityOf(text));
  // Without a host the loopback address is dialled, and its name is what the certificate must carry.
  return { text, host: host === "" ? "localhost" : host, port: port ?? defaultPort };
}

/** `host:port`, an IPv6 address in brackets. */
export function joinHostPort(host: string, port: string | number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The part of a URL that says where to connect; what is no URL stays as it is. */
function authorityOf(text: string): string {
  const url = /^([a-z][a-z0-9+.-]*):\/\/(?:[^/?#@]*@)?([^/?#]*)/i.exec(text);
  if (!url) return text;
  const [, scheme = "", authority = ""] = url;
  const { host, port } = splitHostPort(authority);
  if (port !== undefined) return authority;
  return scheme.toLowerCase() === "https" ? joinHostPort(host, 443) : host;
}

function splitHostPort(text: string): { host: string; port?: string } {
  const bracketed = /^\[([^\]]*)\](?::(.+))?$/.exec(text);
  if (bracketed) return withPort(bracketed[1] ?? "", bracketed[2]);
  const parts = text.split(":");
  return parts.length === 2 ? withPort(parts[0] ?? "", parts[1]) : { host: text };
}

function withPort(host: string, port: string | undefined): { host: string; port?: string } {
  return port === undefined || port === "" ? { host } : { host, port };
}
