/** The progress reporter of spec/cli.md 11.1: one place that is redrawn on a terminal, plain lines elsewhere. */

import type { Progress, ProgressState, StreamInfo } from "../core/command.ts";
import { escapeControls } from "../core/output/escape.ts";
import type { OutputWriter } from "./output_writer.ts";

const spinner = ["◰", "◳", "◲", "◱"];
const colors: Record<ProgressState, number> = {
  running: 33,
  succeeded: 32,
  skipped: 34,
  error: 31,
};
const eraseLineAbove = "\x1b[A\x1b[K";

/** Writes updates to stderr at once; `isPlain` is what `--progress plain` asks for. */
export function reporter(
  stderr: Pick<OutputWriter, "now">,
  { isTerminal, width, color }: StreamInfo,
  isPlain = false,
): Progress {
  const encoder = new TextEncoder();
  const write = (text: string) => stderr.now(encoder.encode(text));
  if (!isTerminal) return plainReporter(write);
  if (isPlain) return plainReporter((text) => write(escapeControls(text)));

  let last = "";
  let isLastTransient = false;
  let turn = 0;
  return {
    update(text, state = "running") {
      const isTransient = state === "running" || state === "error";
      let line = escapeControls(tidy(text));
      if (isTransient) line = `${spinner[turn % spinner.length]} ${line}`;
      if (line === last) return;
      const erase = isLastTransient ? eraseLineAbove.repeat(terminalLines(last, width)) : "";
      write(`${erase}${color ? `\x1b[${colors[state]}m${line}\x1b[0m` : line}\n`);
      if (isTransient) turn++;
      last = line;
      isLastTransient = isTransient;
    },
  };
}

function plainReporter(write: (text: string) => void): Progress {
  let last: string | undefined;
  return {
    update(text) {
      const line = tidy(text);
      if (line !== last) write(line + "\n");
      last = line;
    },
  };
}

function tidy(text: string): string {
  return text.trim().replaceAll("\t", "    ");
}

/** How many rows of the terminal a text takes. */
function terminalLines(text: string, width: number): number {
  return text.split("\n").reduce(
    (sum, line) => sum + Math.max(1, Math.ceil([...line].length / width)),
    0,
  );
}
