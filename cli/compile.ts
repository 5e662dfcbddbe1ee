/**
 * `deno task compile [TARGET…]`: an executable in `build/` for each target, by default all five, with `deno compile`.
 * `deno task compile --portable [FILE]`: one file for this system, made of nothing but what is here.
 */
// deno-lint-ignore-file no-console -- a program that prints

import { bundleProgram, packageVersion, sources } from "./bundled_program.ts";
import { writePortable } from "./portable/executable.ts";

/** The systems that `deno compile` knows. */
const allTargets = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
];

const build = `${sources}build`;

/** @returns What is wrong, if anything. */
async function compilePortable(output: string): Promise<string | undefined> {
  const system = systemName();
  if (system === undefined) {
    return `a portable executable begins with a shell script, which ${Deno.build.os} cannot run`;
  }
  await using program = await bundleProgram();
  const runtime = Deno.execPath();
  await writePortable(
    { runtime, program: program.folder, version: packageVersion(), system },
    output,
  );
  console.log(output);
}

/** This system, as `uname -sm` tells it. */
function systemName(): string | undefined {
  const { os, arch } = Deno.build;
  if (os === "linux") return `Linux ${arch}`;
  return os === "darwin" ? `Darwin ${arch === "aarch64" ? "arm64" : arch}` : undefined;
}

/** @returns What is wrong, if anything; the other targets are made all the same. */
async function compileTargets(targets: readonly string[]): Promise<string | undefined> {
  const unknown = targets.find((target) => !allTargets.includes(target));
  if (unknown !== undefined) {
    return `no target "${unknown}", only ${allTargets.join(", ")}`;
  }
  await using program = await bundleProgram();
  const problems: string[] = [];
  for (const target of targets) {
    const problem = await compile(program.folder, target);
    if (problem !== undefined) problems.push(`compiling for ${target}: ${problem}`);
  }
  if (problems.length === 0) return undefined;
  const hint = "hint: DENORT_BIN names a base binary for one target; --portable needs none";
  return [...problems, hint].join("\n");
}

async function compile(folder: string, target: string): Promise<string | undefined> {
  const output = `${build}/talosctl-${target}${target.includes("windows") ? ".exe" : ""}`;
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "compile",
      "--allow-all",
      "--no-check",
      `--config=${folder}/deno.json`,
      `--include=${folder}`,
      `--target=${target}`,
      `--output=${output}`,
      `${folder}/cli/main.js`,
    ],
    env: { NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) {
    console.log(output);
    return undefined;
  }
  const text = new TextDecoder().decode(stderr);
  const [, reason] =
    /(?:Setting up base binary\.\n\s+1: |(?=Could not find denort))(.*)/.exec(text) ?? [];
  if (reason === undefined) return text;
  return `no base binary (denort ${Deno.version.deno}) can be had: ${reason}`;
}

/** A base binary that is named by hand is for one target. */
function defaultTargets(): readonly string[] {
  return Deno.env.has("DENORT_BIN") ? [Deno.build.target] : allTargets;
}

if (import.meta.main) {
  const [first, second] = Deno.args;
  const problem = first === "--portable"
    ? await compilePortable(second ?? `${build}/talosctl`)
    : await compileTargets(Deno.args.length > 0 ? Deno.args : defaultTargets());
  if (problem !== undefined) {
    console.error(problem);
    Deno.exit(1);
  }
}
