/** What all figures are made with: the program in its two forms, plain programs, and how ratios are printed. */
// deno-lint-ignore-file no-console -- prints the figures

import { processEnvironment } from "../process_environment.ts";
import type { Figure, Subject } from "./measure.ts";

/** One run of the bench. */
export interface Bench {
  /** A folder for whatever is needed; also the home of what is measured. */
  work: string;
  rounds: number;
  /** The sizes that goals are stated for, instead of those that are quick. */
  isFull: boolean;
  env: Record<string, string>;
}

/** A figure beside what it is measured against. */
export interface Line {
  name: string;
  figure: Figure | undefined;
  base: Figure | undefined;
  goals: string;
}

const root = new URL("../..", import.meta.url).pathname;
const deno = Deno.execPath();
/** The program, by its form. */
const forms = { bundle: `${root}dist/cli/main.js`, source: `${root}cli/main.ts` };

/** Opens a run in an empty home. */
export async function openBench(options: Pick<Bench, "rounds" | "isFull">): Promise<Bench> {
  const work = await Deno.makeTempDir({ prefix: "talosctl-bench-" });
  await Deno.mkdir(`${work}/.talos`);
  return { ...options, work, env: processEnvironment(work) };
}

/** A command line of ours in one form; its name tells both. */
export function ours(
  { env }: Bench,
  form: keyof typeof forms,
  words: readonly string[],
  more: Partial<Subject> = {},
): Subject {
  const name = `${words.slice(0, 4).join(" ")} (${form})`;
  return { name, command: [deno, "run", "-A", forms[form], ...words], env, ...more };
}

/** Any other program, run as a script. */
export function script({ env }: Bench, name: string, words: readonly string[]): Subject {
  return { name, command: [deno, "run", "-A", ...words], env };
}

/** Bundles a program of this folder as ours is bundled; the path of the bundle. */
export async function bundled({ work }: Bench, source: string): Promise<string> {
  const program = `${work}/${source.replace(/\.ts$/, ".js")}`;
  const { success, stderr } = await new Deno.Command(deno, {
    args: [
      "bundle",
      "--minify",
      "--platform=deno",
      "-o",
      program,
      `${root}tests/bench/${source}`,
    ],
    cwd: root,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return program;
}

/** Prints a group of figures as ratios. */
export function print(title: string, lines: readonly Line[]): void {
  console.log(`\n${title}`);
  for (const { name, figure, base, goals } of lines) {
    const wall = ratio(figure?.wallMs, base?.wallMs);
    const memory = ratio(figure?.peakBytes, base?.peakBytes);
    console.log(`  ${name.padEnd(44)} wall ${wall}   peak memory ${memory}   (${goals})`);
  }
}

/** Prints one figure that is no such ratio. */
export function printLine(name: string, text: string): void {
  console.log(`  ${name.padEnd(44)} ${text}`);
}

/** Two decimals. */
export function ratio(value = NaN, base = NaN): string {
  return (value / base).toFixed(2);
}
