/** The texts and numbers of configuration documents: what each type accepts, in the words of spec/machine-config.md, 7.3. */

import { decodeBase64 } from "../base64.ts";
import { CliError } from "../errors.ts";
import { parseDuration } from "../flags/duration.ts";
import { formatDuration } from "../output/durations.ts";
import { goQuote } from "../output/go_quote.ts";
import { checkAddress, checkAddressPort, checkPrefix } from "./addresses.ts";
import { enumValues } from "./schema.ts";
import { checkSize } from "./sizes.ts";
import { checkUrl } from "./urls.ts";

/** Reads the text of a scalar of that type, and gives it in its canonical form. */
type TextReader = (text: string, type: string) => string;

const readers: Readonly<Record<string, TextReader>> = {
  "base64": (text) => {
    if (text !== redacted) decodeBase64(text);
    return text;
  },
  "v1alpha1.Base64Bytes": (text) => {
    decodeBase64(text);
    return text;
  },
  "block.ByteSize": (text) => checkSize(text, { isPercentAllowed: false }),
  "block.Size": (text) => checkSize(text, { isPercentAllowed: true }),
  "meta.URL": checkUrl,
  "v1alpha1.Endpoint": checkUrl,
  "meta.Prefix": checkPrefix,
  "netip.Prefix": checkPrefix,
  "meta.Addr": checkAddress,
  "netip.Addr": checkAddress,
  "meta.AddrPort": checkAddressPort,
  "netip.AddrPort": checkAddressPort,
  "time.Duration": (text) => formatDuration(parseDuration(text)),
  "network.PortRange": readPortRange,
  "nethelpers.HardwareAddr": readHardwareAddress,
  "v1alpha1.InstallDiskSizeMatcher": readSizeMatcher,
  "config.ContainerNetworkMode": (text) => text,
  "config.ContainerSecurityProfile": (text) => text,
  "cel.Expression": (text) => text,
  "v1alpha1.InstallDiskType": (text) => text,
  "string": (text) => text,
};

/** What stands in the place of a key that is not shown. */
const redacted = "******";

/** The reader of a type whose values are kept as text; nothing for numbers, lists and structs. */
export function textReader(type: string): TextReader | undefined {
  if (Object.hasOwn(readers, type)) return readers[type];
  return enumValues(type) === undefined ? undefined : readEnum;
}

function readEnum(text: string, type: string): string {
  const name = type.slice(type.lastIndexOf(".") + 1);
  const isTable = name === "RoutingTable" && /^[1-9]\d?$|^1\d\d$|^2[0-4]\d$|^25[0-2]$/.test(text);
  if (isTable || enumValues(type)?.includes(text) === true) return text;
  throw new CliError(`${text} does not belong to ${name} values`);
}

function readPortRange(text: string): string {
  const [, low, high = low] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  if (low === undefined || Number(low) > 65535 || Number(high) > 65535) {
    throw new CliError(`invalid port range: ${goQuote(text)}`);
  }
  return Number(low) === Number(high) ? String(Number(low)) : `${Number(low)}-${Number(high)}`;
}

function readHardwareAddress(text: string): string {
  const digits = text.replaceAll(":", "");
  if (!/^([\da-fA-F]{2})*$/.test(digits)) {
    const bad = /[^\da-fA-F]/.exec(digits)?.[0];
    throw new CliError(
      bad === undefined
        ? "encoding/hex: odd length hex string"
        : `encoding/hex: invalid byte: U+${hexCode(bad)} '${bad}'`,
    );
  }
  return digits.toLowerCase().replace(/..(?=.)/g, "$&:");
}

function hexCode(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
}

function readSizeMatcher(text: string): string {
  const size = text.replace(/^\s*(>=|<=|>|<|==)?\s*/, "");
  try {
    checkSize(size, { isPercentAllowed: false });
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    throw new CliError(`failed to parse disk size ${size}: ${error.message}`, { cause: error });
  }
  return text;
}

/** What an integer type can hold. */
interface Range {
  least: bigint;
  most: bigint;
}

const signed = (bits: bigint): Range => ({
  least: -(1n << bits - 1n),
  most: (1n << bits - 1n) - 1n,
});
const unsigned = (bits: bigint): Range => ({ least: 0n, most: (1n << bits) - 1n });

const integerRanges: Readonly<Record<string, Range>> = {
  int: signed(64n),
  int8: signed(8n),
  int16: signed(16n),
  int32: signed(32n),
  int64: signed(64n),
  uint: unsigned(64n),
  uint8: unsigned(8n),
  uint16: unsigned(16n),
  uint32: unsigned(32n),
  uint64: unsigned(64n),
};

/** The range of an integer type; nothing for other types. */
export function integerRange(type: string): Range | undefined {
  return Object.hasOwn(integerRanges, type) ? integerRanges[type] : undefined;
}

/** Reads an integer as YAML writes them: decimal, `0x`, `0o`, `0b`, or with a bare leading zero. */
export function parseInteger(text: string): bigint | undefined {
  if (/^[1-9]\d*$/.test(text)) return BigInt(text); // nearly all
  const digits = text.replaceAll("_", "").replace(/^\+/, "");
  const sign = digits.startsWith("-") ? -1n : 1n;
  const magnitude = digits.replace(/^-/, "").replace(/^0(?=[0-7]+$)/, "0o");
  if (!/^(\d+|0x[\da-fA-F]+|0o[0-7]+|0b[01]+)$/.test(magnitude)) return undefined;
  return sign * BigInt(magnitude);
}
