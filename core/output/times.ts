/** Points in time as text, always in UTC, from the protobuf form that carries nanoseconds. */

import type { SecondsAndNanos } from "./durations.ts";

/** Seconds only (spec/machine-read.md, 2, "RFC3339"): `2026-09-01T12:00:49Z`; fractions are cut off. */
export function formatRfc3339(time: Date | SecondsAndNanos): string {
  return isoSeconds(time) + "Z";
}

/**
 * Date, time, zone and zone name (spec/machine-read.md, 2, "UTC stamp"): `2006-01-02 15:04:05.5 +0000 UTC`,
 * with up to nine digits of fraction and none when it is zero.
 */
export function formatUtcStamp(time: Date | SecondsAndNanos): string {
  const nanos = time instanceof Date ? time.getUTCMilliseconds() * 1_000_000 : time.nanos;
  const fraction = String(nanos).padStart(9, "0").replace(/0+$/, "");
  const seconds = isoSeconds(time).replace("T", " ");
  return `${seconds}${fraction === "" ? "" : "." + fraction} +0000 UTC`;
}

function isoSeconds(time: Date | SecondsAndNanos): string {
  const date = time instanceof Date ? time : new Date(Number(time.seconds) * 1000);
  return date.toISOString().replace(/\.\d{3}Z$/, "");
}

/** ISO 8601 in UTC with milliseconds, as records carry times: `2026-09-01T12:00:49.250Z`. */
export function isoTime({ seconds, nanos }: SecondsAndNanos): string {
  return new Date(Number(seconds) * 1000 + nanos / 1e6).toISOString();
}

/** From the year 1 to the end of 9999: what protobuf and RFC 3339 can hold, in seconds since 1970. */
const firstSecond = -62_135_596_800;
const lastSecond = 253_402_300_799;

/**
 * ISO 8601 in UTC with all the digits that a node sent, zeros at the end cut: `2026-09-01T12:00:49.25Z`.
 *
 * @returns Undefined for what protobuf does not count as a time.
 */
export function exactIsoTime({ seconds, nanos }: SecondsAndNanos): string | undefined {
  const wholeSeconds = Number(seconds);
  if (wholeSeconds < firstSecond || wholeSeconds > lastSecond) return undefined;
  if (nanos < 0 || nanos > 999_999_999) return undefined;
  return formatUtcStamp({ seconds, nanos }).replace(" ", "T").replace(" +0000 UTC", "Z");
}
