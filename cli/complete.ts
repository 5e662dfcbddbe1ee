/** Answers `talosctl __complete`: what could stand in the place of the last word (spec/cli.md, 8). */

import type { CompletionResult } from "../core/command.ts";
import {
  type CommandFlag,
  type CommandIndex,
  commandName,
  type IndexedCommand,
} from "../core/command_index.ts";
import type { ParsedLine } from "../core/flags/parse.ts";
import { boolOf, isList, type Placeholders } from "../core/flags/values.ts";
import { type Position, readPosition } from "./completion_position.ts";
import { isHidden, listedChildren } from "./help.ts";
import { resolve } from "./resolve.ts";

/** One word to complete, as completers are asked for it. */
export interface CompletionQuestion {
  /** The kind of word, such as `resourceType`. */
  kind: string;
  command: IndexedCommand;
  /** The words before it, read; the flag whose value it is, if any, is not among them. */
  line: ParsedLine;
  word: string;
}

/** A word to complete that belongs to an executable on PATH. */
export interface ExecutableQuestion {
  name: string;
  /** What stands before its name: connection flags. */
  before: readonly string[];
  /** What stands behind it; the last is the word to complete. */
  words: readonly string[];
}

/** Completion of executables on PATH that are run as commands. */
export interface ExecutableCompletion {
  /** `name<TAB>path` of all there are. */
  names(): Promise<readonly string[]>;
  /** Asks what completes the words of one; `undefined` where nothing of that name can be run. */
  words(question: ExecutableQuestion): Promise<CompletionResult | undefined>;
}

/** What the answer depends on besides the words. */
export interface CompletionHost {
  index: CommandIndex;
  placeholders: Placeholders;
  env(name: string): string | undefined;
  /** The names in the talosconfig that the line means, in any order. */
  contextNames(line: ParsedLine): Promise<readonly string[]>;
  /** Asks the plugin that completes this kind; `undefined` where there is none. */
  completer(question: CompletionQuestion): Promise<CompletionResult | undefined>;
  /** Executables on PATH; absent where there is no PATH. */
  executables?: ExecutableCompletion;
}

/** What the process owes the shell. */
export interface CompletionAnswer {
  stdout: string;
  stderr: string;
  exit: number;
  /** To append to the file named by `BASH_COMP_DEBUG_FILE`; empty where nothing went wrong. */
  debugLog: string;
}

/** Candidates, the bit set of spec/cli.md 8, and problems with the line ends they are printed with. */
interface Answer {
  candidates: string[];
  directive: number;
  problems: string[];
}

const noFiles = 4;

const directiveNames = [
  [1, "ShellCompDirectiveError"],
  [2, "ShellCompDirectiveNoSpace"],
  [4, "ShellCompDirectiveNoFileComp"],
  [8, "ShellCompDirectiveFilterFileExt"],
  [16, "ShellCompDirectiveFilterDirs"],
  [32, "ShellCompDirectiveKeepOrder"],
] as const;

/**
 * Completes the last of `words`; nothing that goes wrong on the way is fatal.
 *
 * @param words At least one; the last is the word under the cursor, perhaps empty.
 * @param calledAs `__complete` or `__completeNoDesc`.
 */
export async function complete(
  words: readonly string[],
  calledAs: string,
  host: CompletionHost,
): Promise<CompletionAnswer> {
  const { candidates, directive, problems } = await answer(words, host);
  const hasDescriptions = calledAs !== "__completeNoDesc" && wantsDescriptions(host);
  const lines = candidates.map((candidate) => {
    const [firstLine = ""] = candidate.split("\n");
    return (hasDescriptions ? firstLine : firstLine.replace(/\t.*$/, "")).trim();
  });
  const set = directiveNames.filter(([bit]) => (directive & bit) !== 0).map(([, name]) => name);
  const names = set.length === 0 ? "ShellCompDirectiveDefault" : set.join(", ");
  return {
    stdout: [...lines, `:${directive}`].join("\n") + "\n",
    stderr: problems.map((problem) => `[Debug] [Error] ${problem}`).join("") +
      `Completion ended with directive: ${names}\n`,
    exit: 0,
    debugLog: problems.map((problem) => `[Error] ${problem}`).join(""),
  };
}

function wantsDescriptions({ env }: CompletionHost): boolean {
  const wish = env("TALOSCTL_COMPLETION_DESCRIPTIONS") || env("COBRA_COMPLETION_DESCRIPTIONS");
  return boolOf(wish ?? "") ?? true;
}

async function answer(words: readonly string[], host: CompletionHost): Promise<Answer> {
  const resolution = resolve(host.index, words.slice(0, -1));
  const { command, words: before, unknown, unknownAt = 0 } = resolution;
  if (unknown !== undefined) {
    const question = {
      name: unknown,
      before: words.slice(0, unknownAt),
      words: words.slice(unknownAt + 1),
    };
    const own = await orProblem(async () => await host.executables?.words(question));
    if (own !== undefined) return own;
    const shown = words.slice(0, -1).join(" ");
    return nothing(0, `unable to find a command for arguments: [${shown}]\n`);
  }

  const position = readPosition(command, before, words.at(-1) ?? "", host);
  if ("problem" in position) return nothing(0, `${position.problem}\n`);
  const { line, word, flag } = position;
  if (line.given.has("help")) return nothing(noFiles);
  if (flag !== undefined) {
    return await askKind(flag.flag.completion ?? "none", position, host) ?? nothing(0);
  }
  if (word.startsWith("-") && !word.includes("=") && !line.isEnded) {
    return { ...nothing(noFiles), candidates: flagNames(position) };
  }
  return await argumentWords(position, host);
}

function nothing(directive: number, ...problems: string[]): Answer {
  return { candidates: [], directive, problems };
}

/** Candidates of one kind; `undefined` where a word of this kind is not completed. */
async function askKind(
  kind: string,
  { command, line, word, flag }: Position,
  host: CompletionHost,
): Promise<Answer | undefined> {
  const list = (candidates: readonly string[]) => ({
    ...nothing(noFiles),
    candidates: [...candidates],
  });
  switch (kind) {
    case "none":
      return undefined;
    case "noFile":
      return nothing(noFiles);
    case "error":
      return nothing(5);
    case "localFile":
      return nothing(0);
    case "values":
      return list(flag?.flag.completionValues ?? []);
    case "serviceAction":
      return list(["start", "stop", "restart", "status"]);
    case "commandPath":
      return list(childNames(host.index, resolve(host.index, line.args), word));
    case "contextName":
      return await contextNames(line, host);
    default:
      return await orProblem(() => host.completer({ kind, command, line, word }));
  }
}

async function contextNames(line: ParsedLine, host: CompletionHost): Promise<Answer> {
  try {
    const names = await host.contextNames(line);
    return { ...nothing(noFiles), candidates: names.toSorted() };
  } catch (error) {
    return nothing(1, `error reading config: ${textOf(error)}`);
  }
}

/** A completer that breaks must not print into the line the user is typing. */
async function orProblem(
  ask: () => Promise<CompletionResult | undefined>,
): Promise<Answer | undefined> {
  try {
    const result = await ask();
    if (result === undefined) return undefined;
    const problems = result.errors?.map((error) => error.message) ?? [];
    return { candidates: [...result.candidates], directive: result.directive, problems };
  } catch (error) {
    return nothing(noFiles, textOf(error));
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function childNames(
  index: CommandIndex,
  { command, unknown }: { command: IndexedCommand; unknown?: string },
  word: string,
): string[] {
  if (unknown !== undefined) return [];
  return listedChildren(index, command)
    .filter((child) => commandName(child).startsWith(word))
    .map((child) => `${commandName(child)}\t${child.summary}`);
}

/** Flags that may stand in the place of the word: required ones before all others. */
function flagNames(position: Position): string[] {
  const required = requiredFlagNames(position);
  if (required.length > 0) return required;
  const { given } = position.line;
  return offeredFlags(position)
    .filter(({ name, flag }) => !given.has(name) || isList(flag.type))
    .flatMap((flag) => namesOf(flag, position.word));
}

function requiredFlagNames(position: Position): string[] {
  return offeredFlags(position)
    .filter(({ name, flag }) => flag.required && !position.line.given.has(name))
    .flatMap((flag) => namesOf(flag, position.word));
}

/** Visible flags that do not exclude one already given: inherited ones, then own ones, each sorted. */
function offeredFlags({ command, known, line }: Position): CommandFlag[] {
  const excluded = new Set(
    (command.exclusive ?? []).flatMap((group) => {
      const set = group.filter((name) => line.given.has(name));
      return set.length === 0 ? [] : group.filter((name) => !set.includes(name));
    }),
  );
  const rank = ({ isInherited, name }: CommandFlag) => `${isInherited ? 0 : 1}${name}`;
  return known.filter(({ name, flag }) => !isHidden(flag) && !excluded.has(name))
    .sort((a, b) => rank(a) < rank(b) ? -1 : 1);
}

function namesOf({ name, flag }: CommandFlag, word: string): string[] {
  return [`--${name}`, ...(flag.short === undefined ? [] : [`-${flag.short}`])]
    .filter((candidate) => candidate.startsWith(word))
    .map((candidate) => `${candidate}\t${flag.help}`);
}

/** Commands below this one, flags it cannot do without, and what its arguments complete to. */
async function argumentWords(position: Position, host: CompletionHost): Promise<Answer> {
  const { command, known, line, word } = position;
  const hasOwnFlag = known.some(({ name, flag, isInherited }) =>
    !isInherited && !flag.persistent && line.given.has(name)
  );
  const canDescend = line.args.length === 0 && !hasOwnFlag;
  const hasChildren = canDescend && listedChildren(host.index, command).length > 0;
  const names = canDescend ? childNames(host.index, { command }, word) : [];
  if (canDescend && command.path.length === 0) {
    const executables = await host.executables?.names() ?? [];
    names.push(...executables.filter((name) => name.startsWith(word)));
  }

  const kinds = command.args.completion;
  const kind = kinds?.positions[line.args.length] ?? kinds?.rest ?? "none";
  const own = await askKind(kind, position, host) ?? nothing(hasChildren ? noFiles : 0);
  return {
    ...own,
    candidates: [...names, ...requiredFlagNames(position), ...own.candidates],
  };
}
