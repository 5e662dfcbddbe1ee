/** One number of a control group, as schemas see it: unset, without a limit, or with digits of a fraction. */

import { CliError } from "../../../core/errors.ts";
import { formatDuration } from "../../../core/output/durations.ts";
import { goQuote } from "../../../core/output/go_quote.ts";
import { formatIBytes } from "../../../core/output/sizes.ts";
import { CallError } from "../go_template/functions.ts";
import type { TemplateObject } from "../go_template/values.ts";

/** An object for templates; see spec/machine-read.md, 18, for what its methods give. */
export class CgroupValue implements TemplateObject {
  readonly goType = "cgroups.Value";
  readonly isSet: boolean;
  readonly isMax: boolean;
  /** All digits, those of the fraction too. */
  readonly digits: bigint;
  /** How many digits are those of a fraction. */
  readonly fractionDigits: number;

  constructor(parts: Partial<Pick<CgroupValue, "isSet" | "isMax" | "digits" | "fractionDigits">>) {
    this.isSet = parts.isSet ?? true;
    this.isMax = parts.isMax ?? false;
    this.digits = parts.digits ?? 0n;
    this.fractionDigits = parts.fractionDigits ?? 0;
  }

  toString(): string {
    if (!this.isSet) return "unset";
    if (this.isMax) return "max";
    if (this.fractionDigits === 0) return String(this.digits);
    const sign = this.digits < 0n ? "-" : "";
    const text = String(this.digits < 0n ? -this.digits : this.digits)
      .padStart(this.fractionDigits + 1, "0");
    return `${sign}${text.slice(0, -this.fractionDigits)}.${text.slice(-this.fractionDigits)}`;
  }

  toNumber(): number {
    if (!this.isSet) return NaN;
    return this.isMax ? Infinity : Number(this.digits) / 10 ** this.fractionDigits;
  }

  /** For `-o json`: null where the kernel has no such file. */
  toData(): string | number | null {
    if (!this.isSet) return null;
    if (this.isMax) return "max";
    return this.fractionDigits === 0 ? String(this.digits) : this.toNumber();
  }

  member(name: string): ReturnType<TemplateObject["member"]> {
    switch (name) {
      case "Val":
        return { value: this.digits };
      case "Frac":
        return { value: BigInt(this.fractionDigits) };
      case "IsMax":
        return { value: this.isMax };
      case "IsSet":
        return { value: this.isSet };
      case "String":
        return { call: () => this.toString() };
      case "Float64":
        return { call: () => this.toNumber() };
      case "HumanizeIBytes":
        return { call: () => this.#iBytes() };
      case "UsecToDuration":
        return { call: () => this.#duration() };
      case "DivideBy":
        return { call: ([divisor]) => this.#percentOf(divisor) };
    }
  }

  #iBytes(): string {
    const isPlain = this.isSet && !this.isMax && this.fractionDigits === 0;
    return isPlain ? formatIBytes(this.digits) : this.toString();
  }

  #duration(): string {
    if (!this.isSet || this.isMax) return this.toString();
    const seconds = this.digits / 1_000_000n;
    return formatDuration({ seconds, nanos: Number(this.digits % 1_000_000n) * 1000 });
  }

  /** How many hundredths this is of another value, with two digits of fraction. */
  #percentOf(divisor: unknown): CgroupValue {
    if (!(divisor instanceof CgroupValue)) {
      throw new CallError("invalid value; expected cgroups.Value");
    }
    if (!this.isSet || !divisor.isSet) return unsetValue;
    if (divisor.isMax) {
      return new CgroupValue({ digits: this.isMax ? 10_000n : 0n, fractionDigits: 2 });
    }
    if (this.isMax || divisor.digits === 0n) return new CgroupValue({ isMax: true });
    const hundredths = Math.round(this.toNumber() / divisor.toNumber() * 10_000);
    return new CgroupValue({ digits: BigInt(hundredths), fractionDigits: 2 });
  }
}

/** What a file that is not there has. */
export const unsetValue: CgroupValue = new CgroupValue({ isSet: false });

/**
 * Reads what the kernel wrote: `max`, or a number.
 *
 * @throws {CliError} for anything else, in the official words.
 */
export function parseValue(text: string): CgroupValue {
  if (text === "max") return new CgroupValue({ isMax: true });
  const [, whole, fraction = ""] = /^([+-]?\d+)(?:\.(\d*))?$/.exec(text) ?? [];
  if (whole === undefined) {
    throw new CliError(`strconv.ParseInt: parsing ${goQuote(text)}: invalid syntax`);
  }
  return new CgroupValue({
    digits: BigInt(whole.replace(/^\+/, "") + fraction),
    fractionDigits: fraction.length,
  });
}
