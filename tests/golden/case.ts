/** Runs one recorded case against the program as a process, and says how it differs from the record. */

import { processEnvironment } from "../process_environment.ts";

const programPath = new URL("../../cli/main.ts", import.meta.url).pathname;

/** What the frame's golden cases leave open: the usage block of a command, written `{{usage talosctl …}}`. */
const usagePlaceholder = /\{\{usage (talosctl[^}]*)\}\}/g;

/** Runs the case in `folder`; one line or diff for each difference, none when it passes. */
export async function runCase(folder: string): Promise<string[]> {
  const base = await Deno.makeTempDir({ prefix: "case-" });
  const [work, home] = [`${base}/work`, `${base}/home`];
  try {
    await Deno.mkdir(work);
    await Deno.mkdir(home);
    await copyTree(`${folder}/in`, work);
    const env = { ...environment(home), ...caseEnvironment(folder) };
    const { code, stdout, stderr } = await shell(readText(`${folder}/cmd`) ?? "", {
      cwd: work,
      env,
      stdin: readText(`${folder}/stdin`) ?? "",
    });
    const differences: string[] = [];
    const exit = Number(readText(`${folder}/exit`) ?? "0");
    if (code !== exit) differences.push(`exit ${code}, expected ${exit}`);
    const expect = async (
      name: string,
      output: string,
      isSame: (want: string, got: string) => boolean = (want, got) => want === got,
    ) => {
      const want = readText(`${folder}/${name}`);
      if (want === undefined) return;
      const got = await masked(output.replaceAll(work, "<CWD>"), `${folder}/mask`);
      const filled = await fillUsage(want, env);
      if (!isSame(filled, got)) {
        differences.push(`${name}:\n--- expected\n${filled}\n--- got\n${got}`);
      }
    };
    const hasExtraLines = readText(`${folder}/extra-lines-ok`) !== undefined;
    await expect("stdout", stdout, hasExtraLines ? holds : undefined);
    await expect("stderr", stderr);
    for (const path of filesBelow(`${folder}/out`)) {
      const got = readText(`${work}/${path}`) ?? "(no such file)";
      await expect(`out/${path}`, got);
    }
    return differences;
  } finally {
    await Deno.remove(base, { recursive: true });
  }
}

/** Hides what is random or depends on the time, by the case's `sed -E` scripts. */
async function masked(text: string, maskPath: string): Promise<string> {
  if (readText(maskPath) === undefined) return text;
  const options = { cwd: "/", env: { MASK: maskPath }, stdin: text };
  const { stdout } = await shell('exec sed -E -f "$MASK"', options);
  return stdout;
}

/** Every line of `want` stands in `got`, in that order. */
function holds(want: string, got: string): boolean {
  const lines = got.split("\n")[Symbol.iterator]();
  return want.split("\n").every((line) => {
    for (const candidate of lines) if (candidate === line) return true;
    return false;
  });
}

/** What the program sees of its environment when `talosctl` is run from PATH. */
export function environment(home: string): Record<string, string> {
  const env = processEnvironment(home);
  return { ...env, PATH: `${wrapperFolder()}:${env["PATH"]}` };
}

function caseEnvironment(folder: string): Record<string, string> {
  const lines = (readText(`${folder}/env`) ?? "").split("\n").filter((line) => line.includes("="));
  return Object.fromEntries(lines.map((line) => {
    const at = line.indexOf("=");
    return [line.slice(0, at), line.slice(at + 1)];
  }));
}

let wrapper: string | undefined;

/** A folder with an executable `talosctl`, so that a case's command line runs as it stands. */
function wrapperFolder(): string {
  if (wrapper !== undefined) return wrapper;
  const folder = Deno.makeTempDirSync({ prefix: "talosctl-bin-" });
  wrapper = folder;
  const script = `#!/bin/sh\nexec '${Deno.execPath()}' run -A '${programPath}' "$@"\n`;
  Deno.writeTextFileSync(`${folder}/talosctl`, script, { mode: 0o755 });
  globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  return folder;
}

/** Where a command line runs. */
export interface ShellOptions {
  cwd: string;
  env: Record<string, string>;
  stdin: string;
}

/** Runs a command line to its end. */
export async function shell(line: string, options: ShellOptions) {
  const child = new Deno.Command("bash", {
    args: ["-c", line],
    cwd: options.cwd,
    env: options.env,
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const fed = feed(child.stdin, options.stdin);
  const { code, stdout, stderr } = await child.output();
  await fed;
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

async function feed(stdin: WritableStream<Uint8Array>, text: string): Promise<void> {
  const writer = stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch {
    // The program ended without reading its input.
  }
}

/** Usage blocks are ours to word, so the expected text takes them from the program's help. */
export async function fillUsage(text: string, env: Record<string, string>): Promise<string> {
  let filled = text;
  for (const [placeholder, line = ""] of text.matchAll(usagePlaceholder)) {
    const withoutFlags = line.endsWith(" without flags");
    const command = line.replace(/ without flags$/, "");
    const { stdout } = await shell(`${command} --help`, { cwd: "/", env, stdin: "" });
    let usage = stdout.slice(stdout.indexOf("Usage:\n"));
    if (withoutFlags) usage = usage.replace(/\nFlags:\n(?: .*\n)+/, "");
    filled = filled.replaceAll(placeholder, usage);
  }
  return filled;
}

function readText(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function filesBelow(folder: string, prefix = ""): string[] {
  try {
    return [...Deno.readDirSync(folder)].flatMap((entry) =>
      entry.isDirectory
        ? filesBelow(`${folder}/${entry.name}`, `${prefix}${entry.name}/`)
        : entry.name === ".gitkeep"
        ? []
        : [prefix + entry.name]
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

async function copyTree(from: string, to: string): Promise<void> {
  for (const path of filesBelow(from)) {
    const slash = path.lastIndexOf("/");
    if (slash > 0) await Deno.mkdir(`${to}/${path.slice(0, slash)}`, { recursive: true });
    await Deno.copyFile(`${from}/${path}`, `${to}/${path}`);
    await Deno.chmod(`${to}/${path}`, 0o644);
  }
}
