/** Durations as messages carry them. */

/** A `google.protobuf.Duration` of so many milliseconds. */
export function protobufDuration(durationMs: number): { seconds: string; nanos: number } {
  const seconds = Math.trunc(durationMs / 1000);
  return { seconds: String(seconds), nanos: Math.round((durationMs - seconds * 1000) * 1e6) };
}
