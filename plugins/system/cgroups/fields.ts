/** The files of a control group that are read, and the shapes of what they hold (spec/machine-read.md, 18). */

import { CliError } from "../../../core/errors.ts";
import { parseValue, unsetValue } from "./value.ts";

/** How a file is read: a number, several, text, or numbers by one or two keys. */
type Shape = "value" | "lines" | "words" | "text" | "map" | "nested";

/** Field names of schemas with their files, by shape. */
const fieldsByShape: Readonly<Record<Shape, string>> = {
  value: `CgroupFreeze=cgroup.freeze CPUIdle=cpu.idle CPUMaxBurst=cpu.max.burst CPUWeight=cpu.weight
    CPUWeightNice=cpu.weight.nice MemoryCurrent=memory.current MemoryHigh=memory.high MemoryLow=memory.low
    MemoryMax=memory.max MemoryMin=memory.min MemoryPeak=memory.peak MemoryOOMGroup=memory.oom.group
    MemorySwapCurrent=memory.swap.current MemorySwapHigh=memory.swap.high MemorySwapMax=memory.swap.max
    MemorySwapPeak=memory.swap.peak MemoryZswapCurrent=memory.zswap.current MemoryZswapMax=memory.zswap.max
    MemoryZswapWriteback=memory.zswap.writeback PidsCurrent=pids.current PidsMax=pids.max PidsPeak=pids.peak`,
  lines: "CgroupProcs=cgroup.procs CgroupThreads=cgroup.threads",
  words: "CPUMax=cpu.max",
  text: `CPUSetCPUs=cpuset.cpus CPUSetCPUsEffective=cpuset.cpus.effective CPUSetMems=cpuset.mems
    CPUSetMemsEffective=cpuset.mems.effective`,
  map:
    `CgroupEvents=cgroup.events CgroupStat=cgroup.stat CPUStat=cpu.stat CPUStatLocal=cpu.stat.local
    IOBFQWeight=io.bfq.weight MemoryEvents=memory.events MemoryEventsLocal=memory.events.local
    MemoryStat=memory.stat MemorySwapEvents=memory.swap.events PidsEvents=pids.events`,
  nested: `CPUPressure=cpu.pressure IOMax=io.max IOPressure=io.pressure IOStat=io.stat
    MemoryNUMAStat=memory.numa_stat MemoryPressure=memory.pressure`,
};

const parsers: Readonly<Record<Shape, (text: string) => unknown>> = {
  value: (text) => parseValue(firstLine(text)),
  lines: (text) => linesOf(text).map(parseValue),
  words: (text) => wordsOf(firstLine(text)).map(parseValue),
  text: firstLine,
  map: (text) =>
    new Map(
      linesOf(text).map((line) => {
        const [key, value] = splitAt(line, " ");
        return [key, parseValue(value)];
      }),
    ),
  nested: (text) =>
    new Map(
      linesOf(text).map((line) => {
        const [key = "", ...pairs] = wordsOf(line);
        return [
          key,
          new Map(pairs.map((pair) => {
            const [name, value] = splitAt(pair, "=");
            return [name, parseValue(value)];
          })),
        ];
      }),
    ),
};

/** A field of a control group. */
export interface CgroupField {
  name: string;
  file: string;
  /** Reads the file's text; throws a `CliError` that says what is wrong with it. */
  parse: (text: string) => unknown;
  /** What it is without the file. */
  empty: unknown;
}

/** All fields, in no particular order. */
export const cgroupFields: readonly CgroupField[] = Object.entries(fieldsByShape).flatMap(
  ([shape, list]) => list.split(/\s+/).map((pair) => fieldOf(shape as Shape, pair)),
);

/** The fields by their files. */
export const fieldsByFile: ReadonlyMap<string, CgroupField> = new Map(
  cgroupFields.map((field) => [field.file, field]),
);

function fieldOf(shape: Shape, pair: string): CgroupField {
  const [name = "", file = ""] = pair.split("=");
  return { name, file, parse: parsers[shape], empty: emptyOf(shape) };
}

function emptyOf(shape: Shape): unknown {
  if (shape === "value") return unsetValue;
  if (shape === "text") return "";
  return shape === "lines" || shape === "words" ? [] : new Map();
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

function wordsOf(line: string): string[] {
  return line.split(/\s+/).filter((word) => word !== "");
}

function splitAt(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  if (at < 0) throw new CliError("invalid format");
  return [text.slice(0, at), text.slice(at + 1).trim()];
}
