/** Addresses, prefixes and ports in configuration documents, with the errors of Go's netip package. */

import { CliError } from "../errors.ts";
import { ipBytes, isIpAddress } from "../ip_address.ts";
import { goQuote } from "../output/go_quote.ts";

/** Checks an address such as `10.5.0.2` or `fe80::1%eth0`; empty stays empty. */
export function checkAddress(text: string): string {
  if (text === "" || isIpAddress(text.replace(/(:.*)%.+$/, "$1"))) return canonicalAddress(text);
  throw new CliError(`ParseAddr(${goQuote(text)}): ${addressProblem(text)}`);
}

function addressProblem(text: string): string {
  if (/^[\d.]+$/.test(text)) {
    const parts = text.split(".");
    if (parts.some((part) => part === "")) return "IPv4 field must have at least one digit";
    if (parts.some((part) => Number(part) > 255)) return "IPv4 field has value >255";
    if (parts.some((part) => /^0\d/.test(part))) return "IPv4 field has octet with leading zero";
    if (parts.length > 4) return "IPv4 address too long";
    if (parts.length > 1) return "IPv4 address too short";
  }
  return "unable to parse IP";
}

/** Checks a prefix such as `10.0.0.0/8`; empty stays empty. */
export function checkPrefix(text: string): string {
  if (text === "") return text;
  const slash = text.lastIndexOf("/");
  const invalid = (problem: string) =>
    new CliError(`netip.ParsePrefix(${goQuote(text)}): ${problem}`);
  if (slash < 0) throw invalid("no '/'");
  const [address, bits] = [text.slice(0, slash), text.slice(slash + 1)];
  if (!isIpAddress(address)) {
    throw invalid(`ParseAddr(${goQuote(address)}): ${addressProblem(address)}`);
  }
  if (!/^(0|[1-9]\d*)$/.test(bits)) throw invalid(`bad bits after slash: ${goQuote(bits)}`);
  if (Number(bits) > (address.includes(":") ? 128 : 32)) {
    throw invalid("prefix length out of range");
  }
  return `${canonicalAddress(address)}/${bits}`;
}

/** Checks an address with a port; empty stays empty. */
export function checkAddressPort(text: string): string {
  if (text === "") return text;
  const [, bracketed, bare, port = ""] = /^(?:\[([^\]]*)\]|([^:]*)):(\d*)$/.exec(text) ?? [];
  const address = bracketed ?? bare;
  if (address === undefined) throw new CliError("not an ip:port");
  if (port === "" || Number(port) > 65535) {
    throw new CliError(`invalid port ${goQuote(port)} parsing ${goQuote(text)}`);
  }
  const canonical = checkAddress(address);
  return bracketed === undefined
    ? `${canonical}:${Number(port)}`
    : `[${canonical}]:${Number(port)}`;
}

/** IPv6 in its shortest form; IPv4 has only one. */
function canonicalAddress(text: string): string {
  if (!text.includes(":")) return text;
  const [address = "", zone] = text.split("%");
  // The URL parser has a canonical form, but writes an embedded IPv4 address in hexadecimal.
  const canonical = address.includes(".")
    ? address.toLowerCase()
    : new URL(`http://[${address}]/`).hostname.slice(1, -1);
  return zone === undefined ? canonical : `${canonical}%${zone}`;
}

/** Whether a text is a prefix, by the rules of {@linkcode checkPrefix}. */
export function isPrefix(text: string): boolean {
  const slash = text.lastIndexOf("/");
  const [address, bits] = [text.slice(0, slash), text.slice(slash + 1)];
  return slash > 0 && isIpAddress(address) && /^(0|[1-9]\d*)$/.test(bits) &&
    Number(bits) <= (address.includes(":") ? 128 : 32);
}

/** The bits of an address, the first one highest. */
export function addressBits(text: string): bigint {
  return BigInt(`0x${ipBytes(text).toHex()}`);
}

/** A prefix's address, length, and the length of its family's addresses. */
export function prefixParts(text: string): { bits: bigint; length: number; width: number } {
  const [address = "", length = "0"] = text.split("/");
  return {
    bits: addressBits(address),
    length: Number(length),
    width: address.includes(":") ? 128 : 32,
  };
}

/** Whether two prefixes have addresses in common. */
export function prefixesOverlap(left: string, right: string): boolean {
  const [a, b] = [prefixParts(left), prefixParts(right)];
  const shift = BigInt(a.width - Math.min(a.length, b.length));
  return a.width === b.width && a.bits >> shift === b.bits >> shift;
}
