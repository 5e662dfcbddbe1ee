/** What a plugin declares, as data: the index keeps this, so that start-up imports no plugin but one. */

import type { CommandSpec, FlagType } from "./command.ts";
import type { CommandIndex } from "./command_index.ts";
import type { LoadedPlugin } from "./plugin_loader.ts";

/** The keys of a command that are data; `run` and the layouts stay behind. */
const specKeys = [
  "path",
  "aliases",
  "usage",
  "flagsNotInUsage",
  "summary",
  "description",
  "example",
  "group",
  "hidden",
  "deprecatedError",
  "args",
  "flags",
  "exclusive",
  "targets",
] as const satisfies readonly (keyof CommandSpec)[];

/**
 * The part of an index that one plugin contributes.
 *
 * @param plugin A plugin that `register` has filled.
 * @param id How the frame finds its module again: a folder name of `plugins/`, or a `file:` URL.
 */
export function indexPlugin(plugin: LoadedPlugin, id: string): CommandIndex {
  const commands = plugin.commands.map((command) => {
    const entries = specKeys.flatMap((key) =>
      command[key] === undefined ? [] : [[key, command[key]] as const]
    );
    const printsData = [command.columns, command.text, command.layout].some((it) =>
      it !== undefined
    );
    return {
      ...Object.fromEntries(entries) as Pick<CommandSpec, typeof specKeys[number]>,
      ...(printsData ? { printsData } : {}),
      ...(command.run === undefined ? { runnable: false } : {}),
      plugin: id,
    };
  });
  return {
    commands,
    completers: Object.fromEntries([...plugin.completers.keys()].map((kind) => [kind, id])),
    provisioners: plugin.provisioners.length > 0 ? [id] : [],
  };
}

/** The types that flags can have, for declarations that no compiler has seen. */
const flagTypes: ReadonlySet<unknown> = new Set(
  [
    ...["bool", "string", "strings", "stringArray", "int", "int32", "int64", "uint"] as const,
    ...["uint16", "uint32", "ints", "float", "ip", "ips", "duration", "bytesize"] as const,
    ...["base64", "semver", "enum", "disks", "virtiofs", "agent", "mount"] as const,
  ] satisfies FlagType[],
);

/** Whether a value read from a file has the shape of a command's data; its texts are not judged. */
export function isCommandSpec(value: unknown): value is CommandSpec {
  const { path, aliases, summary, args, flags, targets, ...rest } = Object(value);
  const texts = ["usage", "description", "example", "group", "deprecatedError"];
  return isWords(path) && path.length > 0 && (aliases === undefined || isWords(aliases)) &&
    typeof summary === "string" && typeof Object(args).rule === "string" &&
    typeof targets === "string" && texts.every((key) => isOptionalText(rest[key])) &&
    typeof flags === "object" && flags !== null && Object.values(flags).every(isFlag);
}

function isWords(value: unknown): value is string[] {
  return Array.isArray(value) &&
    value.every((word) => typeof word === "string" && /^[a-z0-9][a-z0-9-]*$/.test(word));
}

function isFlag(value: unknown): boolean {
  const { type, help, short } = Object(value);
  return flagTypes.has(type) && typeof help === "string" && isOptionalText(short);
}

function isOptionalText(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}
