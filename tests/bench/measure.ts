/** Whole-process figures: median wall time and peak memory of commands, run in turn so that drift hits all alike. */

/** A command line to measure. */
export interface Subject {
  name: string;
  command: readonly string[];
  env?: Record<string, string>;
  /** The exit status it must end with; default 0. A figure of a failing command would mean nothing. */
  exitCode?: number;
  /** Called before each run, outside of the time. */
  prepare?: () => Promise<void>;
  /** Drops its output and looks at its memory less often, so that the bench itself takes no time from it. */
  isLong?: boolean;
}

/** What was measured. */
export interface Figure {
  wallMs: number;
  peakBytes: number;
  /** When its output began; NaN where that is dropped. */
  firstMs: number;
}

/** Runs all subjects in turn, `rounds` times after one warm-up, which long ones do without; the medians by name. */
export async function measure(
  subjects: readonly Subject[],
  rounds: number,
  onFigure: (name: string, figure: Figure) => void = () => {},
): Promise<Map<string, Figure>> {
  const figures = new Map<string, Figure[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const subject of subjects) {
      const isWarmUp = round === 0;
      if (isWarmUp && subject.isLong) continue;
      const figure = await runOnce(subject);
      if (isWarmUp) continue;
      figures.get(subject.name)?.push(figure);
      onFigure(subject.name, figure);
    }
  }
  return new Map([...figures].map(([name, all]) => [name, {
    wallMs: median(all.map(({ wallMs }) => wallMs)),
    peakBytes: median(all.map(({ peakBytes }) => peakBytes)),
    firstMs: median(all.map(({ firstMs }) => firstMs)),
  }]));
}

async function runOnce(subject: Subject): Promise<Figure> {
  const [program = "", ...args] = subject.command;
  await subject.prepare?.();
  const start = performance.now();
  const child = new Deno.Command(program, {
    args,
    env: subject.env ?? {},
    stdin: "null",
    stdout: subject.isLong ? "null" : "piped",
    stderr: "piped",
  }).spawn();
  let peakBytes = 0;
  // The kernel's high-water mark only rises, so the last look before the end is close to the peak.
  const look = () => peakBytes = Math.max(peakBytes, highWaterMark(child.pid));
  const watch = setInterval(look, subject.isLong ? 50 : 2);
  const stderr = new Response(child.stderr).text();
  const firstMs = subject.isLong ? NaN : await firstOutput(child.stdout) - start;
  const { code } = await child.status;
  const wallMs = performance.now() - start;
  clearInterval(watch);
  if (code !== (subject.exitCode ?? 0)) {
    throw new Error(`${subject.name}: exit ${code}\n${await stderr}`);
  }
  return { wallMs, peakBytes, firstMs };
}

/** When the first of it came; reads all of it. */
async function firstOutput(stream: ReadableStream<Uint8Array>): Promise<number> {
  let first: number | undefined;
  for await (const _ of stream) first ??= performance.now();
  return first ?? NaN;
}

function highWaterMark(pid: number): number {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0; // it has ended, or this system has no /proc
  }
}

/** The middle value; of an even number, the lower one. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
}
