/** The bundle in a folder of its own, for what is made of it. */

/** A folder that is removed when it is disposed of. */
export interface BundledProgram extends AsyncDisposable {
  folder: string;
}

/** The folder of the sources. */
export const sources = new URL("..", import.meta.url).pathname;

/** The version of this package; that of Talos is another. */
export function packageVersion(): string {
  return JSON.parse(Deno.readTextFileSync(`${sources}deno.json`)).version;
}

/** Bundles the program into a temporary folder. */
export async function bundleProgram(): Promise<BundledProgram> {
  const work = await Deno.makeTempDir({ prefix: "talosctl-bundle-" });
  const folder = `${work}/program`;
  const program: BundledProgram = {
    folder,
    [Symbol.asyncDispose]: () => Deno.remove(work, { recursive: true }),
  };
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", `${sources}cli/bundle.ts`, folder],
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) return program;
  await program[Symbol.asyncDispose]();
  throw new Error(`bundling failed\n${new TextDecoder().decode(stderr)}`);
}
