/** `talosctl plugin new`: writes a plugin to start from, which runs and passes its test as it is. */

import type { Command, Flags } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { fileError } from "../../core/files/errors.ts";
import { isPluginName } from "../../core/plugin_manifest.ts";

/** What was written; `-o json` prints it as it is. */
interface NewPlugin {
  name: string;
  folder: string;
  /** Their names in the folder. */
  files: readonly string[];
}

/** Where there is nothing nearer. */
const packageSpecifier = "npm:@talos/talosctl";

const flags = {
  dir: {
    type: "string",
    help: "Folder to write, absent or empty; without it one with the plugin's name",
  },
  library: {
    type: "string",
    help: "Where the plugin's test has talosctl's library from, such as " +
      "npm:@talos/talosctl@0.1.0; without it from this program",
  },
} as const satisfies Flags;

/** @param library This program's own library, if others can import it. */
export function newCommand(library: URL | undefined): Command<NewPlugin, typeof flags> {
  return {
    path: ["plugin", "new"],
    usage: "<name>",
    summary: "Write a plugin to start from",
    description: `Writes a folder with a plugin that adds one command, which is called as the
plugin: its code, the types it is written with, what it asks for (plugin.json), a
test against a simulated cluster, and a README that says how to go on. It runs as
it is.

Names are made of lower-case letters, digits and "-".`,
    example: `  talosctl plugin new hello
  talosctl --plugin-dir hello hello --nodes 10.5.0.2
  cd hello && deno task test`,
    args: { rule: "exact", min: 1, max: 1, completion: { positions: [], rest: "noFile" } },
    flags,
    targets: "none",
    text: ({ name, folder, files }) =>
      `wrote ${folder}: ${files.join(", ")}\n` +
      `try it with: talosctl --plugin-dir ${folder} ${name} --nodes NODE\n`,

    async run({ args: [name = ""], flags, host }) {
      if (!isPluginName(name)) {
        throw new CliError(
          `making plugin ${JSON.stringify(name)}: a name is made of up to 64 lower-case ` +
            `letters, digits and "-"`,
        );
      }
      const taken = host.commandCalled(name);
      if (taken !== undefined) {
        throw new CliError(
          `making plugin ${name}: "talosctl ${taken.join(" ")}" is there already`,
          {
            hint: "its first command is called as the plugin: choose another name",
          },
        );
      }
      const { pluginFiles } = await import("./new_files.ts");
      const files = pluginFiles(name, flags.library || (library ?? packageSpecifier));
      const folder = flags.dir || name;
      await makeEmptyFolder(folder, name);
      for (const [file, text] of Object.entries(files)) {
        await write(`${folder}/${file}`, text);
      }
      return { name, folder, files: Object.keys(files) };
    },
  };
}

async function makeEmptyFolder(folder: string, name: string): Promise<void> {
  try {
    await Deno.mkdir(folder, { recursive: true });
    for await (const _ of Deno.readDir(folder)) {
      throw new CliError(`making plugin ${name}: ${folder} is not empty`, {
        hint: "name another folder with --dir",
      });
    }
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw fileError("mkdir", folder, error);
  }
}

async function write(path: string, text: string): Promise<void> {
  try {
    await Deno.writeTextFile(path, text, { createNew: true });
  } catch (error) {
    throw fileError("open", path, error);
  }
}
