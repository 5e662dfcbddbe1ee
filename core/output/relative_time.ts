/** How long ago, or from now, a time is: `2 weeks ago` (spec/machine-read.md, 2, "RelTime"). */

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const weekMs = 7 * dayMs;
const monthMs = 30 * dayMs;
const yearMs = 360 * dayMs;

/** A row holds below its limit; `#` stands for the number of whole units. */
const rows: readonly { limitMs: number; text: string; unitMs?: number }[] = [
  { limitMs: 2 * secondMs, text: "1 second" },
  { limitMs: minuteMs, text: "# seconds", unitMs: secondMs },
  { limitMs: 2 * minuteMs, text: "1 minute" },
  { limitMs: hourMs, text: "# minutes", unitMs: minuteMs },
  { limitMs: 2 * hourMs, text: "1 hour" },
  { limitMs: dayMs, text: "# hours", unitMs: hourMs },
  { limitMs: 2 * dayMs, text: "1 day" },
  { limitMs: weekMs, text: "# days", unitMs: dayMs },
  { limitMs: 2 * weekMs, text: "1 week" },
  { limitMs: monthMs, text: "# weeks", unitMs: weekMs },
  { limitMs: 2 * monthMs, text: "1 month" },
  { limitMs: yearMs, text: "# months", unitMs: monthMs },
  { limitMs: 1.5 * yearMs, text: "1 year" },
  { limitMs: 2 * yearMs, text: "2 years" },
  { limitMs: 37 * yearMs, text: "# years", unitMs: yearMs },
];

/** The distance between two times in words, with `ago` for what is past and `from now` for the rest. */
export function formatRelativeTime(time: Date, now: Date): string {
  const distanceMs = Math.abs(time.getTime() - now.getTime());
  if (distanceMs < secondMs) return "now";

  const row = rows.find(({ limitMs }) => distanceMs < limitMs);
  const count = Math.trunc(distanceMs / (row?.unitMs ?? secondMs));
  const words = row === undefined ? "a long while" : row.text.replace("#", String(count));
  return `${words} ${time <= now ? "ago" : "from now"}`;
}
