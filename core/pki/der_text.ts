/** Texts and times in DER, as names and validities of certificates hold them (RFC 5280, 4.1.2). */

import {
  ASN1GeneralizedTime,
  ASN1PrintableString,
  ASN1UniversalType,
  ASN1UTCTime,
  ASN1UTF8String,
} from "@oslojs/asn1";
import type { DerValue, Writable } from "./der.ts";

/** A text in the plainest type that has all its characters. */
export function derText(text: string): Writable {
  const bytes = new TextEncoder().encode(text);
  const isPrintable = /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text);
  return isPrintable ? new ASN1PrintableString(bytes) : new ASN1UTF8String(bytes);
}

/** The encodings of types that are neither ASCII nor UTF-8. */
const encodings: ReadonlyMap<ASN1UniversalType, string> = new Map([
  [ASN1UniversalType.TeletexString, "latin1"],
  [ASN1UniversalType.BMPString, "utf-16be"],
]);

/** The text of a value of any type for texts. */
export function textOf(value: DerValue): string {
  const encoding = encodings.get(value.universalType()) ?? "utf-8";
  return new TextDecoder(encoding).decode(value.contents());
}

/** A moment, in whole seconds. */
export function derTime(moment: Date): Writable {
  const year = moment.getUTCFullYear();
  const fields = [
    moment.getUTCMonth() + 1,
    moment.getUTCDate(),
    moment.getUTCHours(),
    moment.getUTCMinutes(),
    moment.getUTCSeconds(),
  ] as const;
  return year < firstGeneralizedYear
    ? new ASN1UTCTime(year % 100, ...fields)
    : new ASN1GeneralizedTime(year, ...fields, 0);
}

/** From here on years have four digits. */
const firstGeneralizedYear = 2050;

/** The moment that a value of either type for them names. */
export function momentOf(value: DerValue): Date {
  const isShort = value.universalType() === ASN1UniversalType.UTCTime;
  const time = isShort ? value.utcTime() : value.generalizedTime();
  const { month, date, hours, minutes, seconds } = time;
  const century = !isShort ? 0 : time.year >= firstGeneralizedYear % 100 ? 1900 : 2000;
  return new Date(Date.UTC(century + time.year, month - 1, date, hours, minutes, seconds));
}
