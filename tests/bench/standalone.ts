/** The forms without a checkout: how large they are, and how long the portable executable takes to begin. */

import { measure } from "./measure.ts";
import { type Bench, ours, printLine } from "./runs.ts";

const root = new URL("../..", import.meta.url).pathname;
const mebibyte = 1024 * 1024;

/** The portable executable against the runtime with the bundle, after its first use; and sizes. */
export async function standalone(bench: Bench): Promise<void> {
  const { work, env } = bench;
  const [portable, tarball] = [`${work}/talosctl`, `${work}/talosctl.tgz`];
  await build("cli/compile.ts", "--portable", portable);
  await build("cli/pack.ts", tarball);
  const first = { name: "first", command: [portable, "version", "--client"], env, isLong: true };
  const firstMs = (await measure([first], 1)).get(first.name)?.wallMs ?? NaN;

  const lines = [["--help"], ["version", "--client"]].map((words) => ({
    portable: { name: `${words.join(" ")} (portable)`, command: [portable, ...words], env },
    bundle: ours(bench, "bundle", words),
    source: ours(bench, "source", words),
  }));
  const subjects = lines.flatMap((line) => [line.portable, line.bundle, line.source]);
  const figures = await measure(subjects, bench.rounds);

  const wallMs = (name: string) => figures.get(name)?.wallMs ?? NaN;
  const size = (bytes: number) => `${(bytes / mebibyte).toFixed(1)} MiB`;
  printLine("\nforms without a checkout", "");
  printLine("size of dist/", size(sizeBelow(`${root}dist`)));
  printLine("size of the npm package", `${size(Deno.statSync(tarball).size)}, and the runtime's`);
  printLine("size of the portable executable", size(Deno.statSync(portable).size));
  printLine("unpacked, with compiled code", size(sizeBelow(`${work}/.cache/talosctl`)));
  printLine("its first start", `${Math.round(firstMs)} ms`);
  for (const { portable, bundle, source } of lines) {
    const later = wallMs(portable.name) - wallMs(bundle.name);
    const sooner = wallMs(source.name) - wallMs(bundle.name);
    printLine(
      portable.name,
      `${later.toFixed(1)} ms later than the bundle (at most 10); from source ${
        sooner.toFixed(1)
      } ms`,
    );
  }
}

async function build(...words: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", ...words],
    cwd: root,
    stdout: "null",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

function sizeBelow(folder: string): number {
  return [...Deno.readDirSync(folder)].map(({ name, isDirectory }) =>
    isDirectory ? sizeBelow(`${folder}/${name}`) : Deno.statSync(`${folder}/${name}`).size
  ).reduce((sum, bytes) => sum + bytes, 0);
}
