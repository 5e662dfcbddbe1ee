/** The few programs that a container of a simulated node can run: a small shell, and what one tries out in it. */

import type { SandboxClock } from "../clock.ts";

/** What a program sees of its container. */
export interface ProgramSurroundings {
  write(output: string | Uint8Array): void;
  /** What comes in next; undefined at its end. */
  read(): Promise<Uint8Array | undefined>;
  /** Of the terminal; undefined without one. */
  size(): { width: number; height: number } | undefined;
  clock: SandboxClock;
  /** Aborts with the container. */
  signal: AbortSignal;
}

/** Runs to its end; the exit status. */
type Program = (args: readonly string[], around: ProgramSurroundings) => Promise<number> | number;

const programs: Readonly<Record<string, Program>> = {
  true: () => 0,
  false: () => 1,
  echo: (words, { write }) => {
    write(`${words.join(" ")}\n`);
    return 0;
  },
  cat: async (_args, { read, write }) => {
    for (let input = await read(); input !== undefined; input = await read()) write(input);
    return 0;
  },
  sleep: async ([seconds = "0"], { clock, signal }) => {
    await clock.until(new Date(clock.now().getTime() + Number(seconds) * 1000), signal);
    return 0;
  },
  stty: (_args, { size, write }) => {
    const { width, height } = size() ?? { width: 0, height: 0 };
    write(`${height} ${width}\n`);
    return 0;
  },
  sh: async ([option, script = ""], around) => {
    if (option === "-c") return (await runScript(script, around)).status;
    return await runPrompt(around);
  },
};

/** What an image runs that was given no arguments. */
export const defaultArgs: readonly string[] = ["sh"];

/** Finds a program by its name or path; undefined where the container has none of that name. */
export function findProgram(name: string): Program | undefined {
  return programs[name.replace(/^(?:\/usr)?\/s?bin\//, "")];
}

const prompt = "/ # ";

/** Reads commands line by line. */
async function runPrompt(around: ProgramSurroundings): Promise<number> {
  const decoder = new TextDecoder();
  const isInteractive = around.size() !== undefined;
  let status = 0;
  let text = "";
  if (isInteractive) around.write(prompt);
  for (let input = await around.read(); input !== undefined; input = await around.read()) {
    const lines = (text + decoder.decode(input, { stream: true })).split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      const result = await runScript(line, around);
      status = result.status;
      if (result.hasExited) return status;
      if (isInteractive) around.write(prompt);
    }
  }
  return text === "" ? status : (await runScript(text, around)).status;
}

/** Commands behind one another, with words in quotes; nothing else of a shell's language. */
async function runScript(
  script: string,
  around: ProgramSurroundings,
): Promise<{ status: number; hasExited: boolean }> {
  let status = 0;
  for (const command of script.split(/[;\n]/)) {
    const words = [...command.matchAll(/"([^"]*)"|'([^']*)'|\S+/g)]
      .map(([word, double, single]) => double ?? single ?? word);
    const [name, ...args] = words;
    if (name === undefined) continue;
    if (name === "exit") return { status: Number(args[0] ?? status), hasExited: true };
    const program = findProgram(name);
    if (program === undefined) around.write(`sh: ${name}: not found\n`);
    status = await program?.(args, around) ?? 127;
  }
  return { status, hasExited: false };
}
