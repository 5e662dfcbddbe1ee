/** Packet filters in the form that `tcpdump -dd` prints (spec/machine-read.md, 20). */

import { CliError } from "../../core/errors.ts";
import type { BPFInstruction } from "../../proto/gen/machine/machine.ts";

const instruction = /^\{ 0x([0-9a-f]{1,8}), (\d{1,3}), (\d{1,3}), 0x([0-9a-f]{1,8}) \},$/i;

/**
 * The instructions, one a line; empty lines are passed over.
 *
 * @throws {CliError} for a line of another form.
 */
export function parseBpfFilter(text: string): BPFInstruction[] {
  const lines = text.trim().split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const [, op = "", jt = "", jf = "", k = ""] = instruction.exec(line) ?? [];
    if (op === "") {
      throw new CliError(
        `error parsing bpf instruction "${line}": input does not match format`,
      );
    }
    return { op: parseInt(op, 16), jt: Number(jt), jf: Number(jf), k: parseInt(k, 16) };
  });
}
