/** From the text of a flag's value to the value: one reader a type (spec/cli.md, 6.4). */

import type { Flag, FlagType, FlagValues } from "../command.ts";
import { CliError } from "../errors.ts";
import { isIpAddress } from "../ip_address.ts";
import { goQuote } from "../output/go_quote.ts";
import { decodeBase64 } from "../base64.ts";
import { parseByteSize } from "./byte_size.ts";
import { parseCsvRecord } from "./csv.ts";
import { checkDisks, checkVirtiofs } from "./disks.ts";
import { parseDuration } from "./duration.ts";
import { checkMount } from "./mount.ts";
import { parseFloatingPoint, parseInteger } from "./numbers.ts";
import { parseSemver } from "./semver.ts";

/** The value of any flag. */
export type FlagValue = FlagValues[FlagType];

/** The names that may stand in braces in a default. */
export type PlaceholderName = "talosVersion" | "talosTag" | "talosDir" | "hostArch";

/** What a placeholder in a default stands for on this machine. */
export type Placeholders = (name: PlaceholderName) => string;

const bool = ["1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"];

const agents = ["true", "wireguard", "tunnel", "wireguard+tls", "grpc-tunnel+tls"];

/** Types whose uses add up; of the others the last use counts. */
export function isCollected(type: FlagType): boolean {
  return isList(type) || type === "mount";
}

/** Types that hold a list: completion offers their flags again after a use. */
export function isList(type: FlagType): boolean {
  return type === "strings" || type === "stringArray" || type === "ints" || type === "ips";
}

/**
 * Reads one use of a flag.
 *
 * @returns A list for types that collect; `undefined` where the value is left as it was.
 * @throws {CliError} with the cause only: `parseFlags` puts flag and value before it.
 */
export function parseValue(flag: Flag, text: string): FlagValue | undefined {
  switch (flag.type) {
    case "bool":
      return parseBool(text);
    case "string":
      return text;
    case "strings":
      return text === "" ? [] : parseCsvRecord(text);
    case "stringArray":
      return [text];
    case "int":
    case "int64":
      return parseInteger(text, { bits: 64, isSigned: true });
    case "int32":
      return parseInteger(text, { bits: 32, isSigned: true });
    case "uint":
      return parseInteger(text, { bits: 64, isSigned: false });
    case "uint16":
      return parseInteger(text, { bits: 16, isSigned: false });
    case "uint32":
      return parseInteger(text, { bits: 32, isSigned: false });
    case "ints":
      return text.split(",").map((part) =>
        parseInteger(part, { bits: 64, isSigned: true, isDecimal: true })
      );
    case "float":
      return parseFloatingPoint(text);
    case "ip":
      return parseIp(text);
    case "ips":
      return parseIps(text);
    case "duration":
      return parseDuration(text);
    case "bytesize":
      return parseByteSize(text);
    case "base64":
      return decodeBase64(text.trim());
    case "semver":
      return parseSemver(text, { alwaysPrefixed: String(flag.default).startsWith("v") });
    case "enum":
      return parseEnum(flag, text);
    case "disks":
      return checkDisks(text);
    case "virtiofs":
      return checkVirtiofs(text);
    case "agent":
      return parseAgent(text);
    case "mount":
      return [checkMount(text)];
  }
}

/** Whether a word of an environment variable or flag is one of Go's bool words, and which. */
export function boolOf(text: string): boolean | undefined {
  const position = bool.indexOf(text);
  return position < 0 ? undefined : position < bool.length / 2;
}

/** The value a flag has when it is not given. */
export function defaultValue(flag: Flag, placeholders: Placeholders): FlagValue {
  const given = flag.default;
  if (given === undefined || given === "") return zeroValue(flag.type);
  if (typeof given === "boolean" || typeof given === "number") return given;
  if (typeof given !== "string") {
    return flag.type === "ints"
      ? given.map(Number)
      : given.map((text) => fillPlaceholders(text, placeholders));
  }
  const text = fillPlaceholders(given, placeholders);
  if (flag.type === "duration") return parseDuration(text);
  if (flag.type === "bytesize") return parseByteSize(text);
  return text;
}

/** `text` with the names in braces replaced; `${ARCH}` and the like stay. */
export function fillPlaceholders(text: string, placeholders: Placeholders): string {
  return text.replace(
    /\{(talosVersion|talosTag|talosDir|hostArch)\}/g,
    (_, name) => placeholders(name),
  );
}

function zeroValue(type: FlagType): FlagValue {
  if (isCollected(type)) return [];
  switch (type) {
    case "bool":
      return false;
    case "base64":
      return new Uint8Array();
    case "int":
    case "int32":
    case "int64":
    case "uint":
    case "uint16":
    case "uint32":
    case "float":
    case "duration":
    case "bytesize":
      return 0;
    default:
      return "";
  }
}

function parseBool(text: string): boolean {
  const value = boolOf(text);
  if (value !== undefined) return value;
  throw new CliError(`strconv.ParseBool: parsing ${goQuote(text)}: invalid syntax`);
}

function parseIp(text: string): string | undefined {
  if (text === "") return undefined;
  const address = text.trim();
  if (!isIpAddress(address)) throw new CliError(`failed to parse IP: ${goQuote(text)}`);
  return address;
}

function parseIps(text: string): string[] {
  const bare = text.replace(/["'`]/g, "");
  if (/^[\r\n]*$/.test(bare)) return [];
  return parseCsvRecord(bare).map((part) => {
    const address = part.trim();
    if (isIpAddress(address)) return address;
    throw new CliError(`invalid string being converted to IP address: ${part}`);
  });
}

function parseEnum(flag: Flag, text: string): string {
  const fold = (word: string) => flag.caseSensitive ? word : word.toLowerCase();
  const values = flag.values ?? [];
  const value = values.find((candidate) => fold(candidate) === fold(text));
  if (value !== undefined) return value;
  throw new CliError(flag.valuesError ?? `must be one of [${values.join(" ")}]`);
}

function parseAgent(text: string): string {
  if (agents.includes(text)) return text;
  throw new CliError(
    `unknown type: ${text}, possible values: 'true', 'wireguard' for the usual WG; ` +
      "'tunnel' for WG over GRPC, add '+tls' to enable TLS for API",
  );
}
