/** Whether a connection goes through a proxy, and which: the context's `proxy-url`, else the environment (spec/client.md, 3.10). */

import { ipBytes, isIpAddress } from "../ip_address.ts";
import { connectError } from "./go_errors.ts";
import { goQuote } from "../output/go_quote.ts";

/** A proxy to connect through. */
export interface Proxy {
  scheme: "http" | "https" | "socks5";
  host: string;
  /** Digits; `""` where the URL has none. */
  port: string;
  username?: string;
  password?: string;
}

/** What the choice depends on. */
export interface ProxyChoice {
  /** The context's `proxy-url`; `""` leaves the choice to the environment. */
  proxyUrl: string;
  env(name: string): string | undefined;
  host: string;
  port: string;
}

/**
 * The proxy for a connection to `host`, or none.
 *
 * @throws {RpcError} `Unavailable` for a URL or scheme that cannot be used
 */
export function chooseProxy({ proxyUrl, env, host, port }: ProxyChoice): Proxy | undefined {
  if (proxyUrl === "direct") return undefined;
  if (proxyUrl !== "") {
    const proxy = parseProxy(proxyUrl);
    // As the official client: nothing is added to what the context says.
    if (proxy.port !== "") return proxy;
    throw connectError("dial", `dial tcp: address ${proxy.host}: missing port in address`);
  }
  const fromEnvironment = env("HTTPS_PROXY") || env("https_proxy") || "";
  if (fromEnvironment === "" || isLoopback(host)) return undefined;
  const exceptions = env("NO_PROXY") || env("no_proxy") || "";
  if (isExcepted(exceptions, host, port)) return undefined;
  const proxy = parseProxy(
    fromEnvironment.includes("://") ? fromEnvironment : `http://${fromEnvironment}`,
  );
  return { ...proxy, port: proxy.port || defaultPorts[proxy.scheme] };
}

const defaultPorts = { http: "80", https: "443", socks5: "1080" };

function parseProxy(text: string): Proxy {
  const match =
    /^([a-z][a-z0-9+.-]*):\/\/(?:([^/?#]*)@)?(\[[^\]]*\]|[^/?#:]*)(?::(\d*))?(?:[/?#]|$)/i
      .exec(text);
  if (!match) throw connectError("dial", `invalid proxy URL: parse ${goQuote(text)}: no host`);
  const [, name = "", user, host = "", port] = match;
  const scheme = name.toLowerCase() === "socks5h" ? "socks5" : name.toLowerCase();
  if (scheme !== "http" && scheme !== "https" && scheme !== "socks5") {
    throw connectError("dial", `unsupported proxy scheme ${goQuote(name)}`);
  }
  const [username, ...password] = user?.split(":") ?? [];
  return {
    scheme,
    host: host.replace(/^\[|\]$/g, ""),
    port: port ?? "",
    ...(username === undefined ? {} : { username: decodeURIComponent(username) }),
    ...(password.length === 0 ? {} : { password: decodeURIComponent(password.join(":")) }),
  };
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || isIpAddress(host) && host.startsWith("127.");
}

/** `NO_PROXY`: `*`, addresses, networks, names with their subdomains, `.name` for these alone; `:port` narrows. */
function isExcepted(exceptions: string, host: string, port: string): boolean {
  return exceptions.split(",").map((entry) => entry.trim().toLowerCase()).some((entry) => {
    if (entry === "") return false;
    if (entry === "*") return true;
    if (entry.includes("/")) return isInNetwork(host, entry);
    const [, bracketed, plain = "", wantedPort] =
      /^(?:\[([^\]]*)\]|([^:]*|.*:.*:.*?))(?::(\d+))?$/.exec(entry) ?? [];
    const wanted = bracketed ?? plain;
    if (wantedPort !== undefined && wantedPort !== port) return false;
    if (isIpAddress(wanted)) return host === wanted;
    const name = host.toLowerCase();
    const domain = wanted.replace(/^\*/, "");
    if (isIpAddress(host) || domain === "") return false;
    return domain.startsWith(".")
      ? name.endsWith(domain)
      : name === domain || name.endsWith(`.${domain}`);
  });
}

function isInNetwork(host: string, network: string): boolean {
  const [base = "", length = ""] = network.split("/");
  const hostBits = addressBits(host);
  const baseBits = addressBits(base);
  if (hostBits === undefined || baseBits === undefined || !/^\d+$/.test(length)) return false;
  const count = Number(length);
  return hostBits.length === baseBits.length && count <= baseBits.length &&
    hostBits.slice(0, count) === baseBits.slice(0, count);
}

/** An address as a row of binary digits: 32 or 128. */
function addressBits(address: string): string | undefined {
  if (!isIpAddress(address)) return undefined;
  return Array.from(ipBytes(address), (byte) => byte.toString(2).padStart(8, "0")).join("");
}
