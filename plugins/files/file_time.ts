/** When a file was changed, as `list --long` shows it: in the time zone of the user. */

const dayMs = 24 * 3_600_000;

/** Until then the time of day matters more than the year (spec/machine-read.md, 13). */
const recentMs = 180 * dayMs;

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/**
 * `Nov 21 08:35:56` for what is younger than 180 days or lies ahead, `Sep 13 2020 12:26` for the rest.
 *
 * @returns undefined for a time that no date can hold.
 */
export function formatFileTime(time: Date, now: Date): string | undefined {
  if (Number.isNaN(time.getTime())) return undefined;
  const day = `${months[time.getMonth()]} ${String(time.getDate()).padStart(2)}`;
  const clock = `${twoDigits(time.getHours())}:${twoDigits(time.getMinutes())}`;
  return now.getTime() - time.getTime() < recentMs
    ? `${day} ${clock}:${twoDigits(time.getSeconds())}`
    : `${day} ${String(time.getFullYear()).padStart(4, "0")} ${clock}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
