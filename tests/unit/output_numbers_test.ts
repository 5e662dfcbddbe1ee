/** Sizes, numbers, durations and times, against the tables of spec/machine-read.md 2. */

import assert from "node:assert/strict";
import { formatDuration, roundToSeconds } from "../../core/output/durations.ts";
import { goFixed, goFloat } from "../../core/output/go_float.ts";
import { formatRelativeTime } from "../../core/output/relative_time.ts";
import { formatBytes, formatIBytes, formatSi } from "../../core/output/sizes.ts";
import { formatRfc3339, formatUtcStamp } from "../../core/output/times.ts";

Deno.test("sizes and counts print as in the official client's tables", () => {
  const samples: [number | string, string, string, string][] = [
    [0, "0 B", "0 B", "0"],
    [9, "9 B", "9 B", "9"],
    [10, "10 B", "10 B", "10"],
    [999, "999 B", "999 B", "999"],
    [1000, "1.0 kB", "1000 B", "1k"],
    [1024, "1.0 kB", "1.0 KiB", "1k"],
    [9949, "9.9 kB", "9.7 KiB", "9.9k"],
    [9950, "10 kB", "9.7 KiB", "9.9k"],
    [10500, "10 kB", "10 KiB", "10.5k"],
    [11500, "12 kB", "11 KiB", "11.5k"],
    [99500, "100 kB", "97 KiB", "99.5k"],
    [98500, "98 kB", "96 KiB", "98.5k"],
    [999499, "1000 kB", "976 KiB", "999.4k"],
    [999999, "1000 kB", "977 KiB", "999.9k"],
    [1000000, "1.0 MB", "977 KiB", "1M"],
    [82854982, "83 MB", "79 MiB", "82.8M"],
    [999999999, "1000 MB", "954 MiB", "999.9M"],
    [1000000000, "1.0 GB", "954 MiB", "1G"],
    [1048575, "1.0 MB", "1024 KiB", "1M"],
    ["18446744073709551615", "18 EB", "16 EiB", "18.4E"],
  ];

  const printed = samples.map(([n]) => [n, formatBytes(n), formatIBytes(n), formatSi(n)]);

  assert.deepEqual(printed, samples);
});

Deno.test("numbers with decimals round half to even of what they are in binary", () => {
  const printed = [goFixed(100.005, 2), goFixed(0.125, 2), goFixed(0.375, 2), goFixed(2.5, 0)];

  assert.deepEqual(printed, ["100.00", "0.12", "0.38", "2"]);
  assert.deepEqual([goFixed(-2.5, 0), goFixed(1.005, 2), goFixed(NaN, 2)], ["-2", "1.00", "NaN"]);
});

Deno.test("floats print their shortest digits, with an exponent outside 1e-4 to 1e6", () => {
  // spec/resources.md 6.2
  const printed = [274.55, 123456.5, 1234567.5, 1e-6, 1, 0.0001, Infinity].map((n) => goFloat(n));

  assert.deepEqual(
    printed,
    ["274.55", "123456.5", "1.2345675e+06", "1e-06", "1", "0.0001", "+Inf"],
  );
});

Deno.test("durations print every unit below the largest one, and no days", () => {
  const samples: [number, string][] = [
    [0, "0s"],
    [9.75, "9.75ms"],
    [0.0015, "1.5µs"],
    [0.000042, "42ns"],
    [250, "250ms"],
    [1_500, "1.5s"],
    [60_000, "1m0s"],
    [90_000, "1m30s"],
    [3_600_000, "1h0m0s"],
    [360_005_000, "100h0m5s"],
    [8760 * 3_600_000, "8760h0m0s"],
    [-1_500, "-1.5s"],
  ];

  for (const [durationMs, text] of samples) assert.equal(formatDuration(durationMs), text);
  assert.equal(formatDuration({ seconds: "604800", nanos: 1 }), "168h0m0.000000001s");
  assert.deepEqual([1_499, 1_500, -1_500].map(roundToSeconds), [1_000, 2_000, -2_000]);
});

Deno.test("relative times change their words at the limits of the official client", () => {
  const dayMs = 86_400_000;
  const samples: [number, string][] = [
    [999, "now"],
    [1_000, "1 second from now"],
    [2_000, "2 seconds from now"],
    [60_000, "1 minute from now"],
    [3_599_999, "59 minutes from now"],
    [7_199_999, "1 hour from now"],
    [dayMs - 1, "23 hours from now"],
    [dayMs, "1 day from now"],
    [-6.5 * dayMs, "6 days ago"],
    [-7 * dayMs, "1 week ago"],
    [-29 * dayMs, "4 weeks ago"],
    [30 * dayMs, "1 month from now"],
    [359 * dayMs, "11 months from now"],
    [365 * dayMs, "1 year from now"],
    [539 * dayMs, "1 year from now"],
    [540 * dayMs, "2 years from now"],
    [3650 * dayMs, "10 years from now"],
    [37 * 360 * dayMs, "a long while from now"],
  ];
  const now = new Date("2026-11-21T12:00:00Z");

  for (const [offsetMs, text] of samples) {
    assert.equal(formatRelativeTime(new Date(now.getTime() + offsetMs), now), text);
  }
});

Deno.test("times print in UTC, stamps with a fraction as long as it needs to be", () => {
  const time = { seconds: "1788264191", nanos: 520_000_000 };

  assert.equal(formatRfc3339(time), "2026-09-01T12:03:11Z");
  assert.equal(formatUtcStamp(time), "2026-09-01 12:03:11.52 +0000 UTC");
  assert.equal(formatUtcStamp({ seconds: 0, nanos: 1 }), "1970-01-01 00:00:00.000000001 +0000 UTC");
  assert.equal(formatUtcStamp(new Date(0)), "1970-01-01 00:00:00 +0000 UTC");
});
