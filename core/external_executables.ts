/** `talosctl-NAME` executables on PATH: what an unknown command may be, in any language. */

type Environment = (name: string) => string | undefined;

/** One of them. */
export interface ExternalExecutable {
  /** The word that runs it: what follows `talosctl-` in its file's name. */
  name: string;
  path: string;
}

const prefix = "talosctl-";
/** An executable of this name answers for the completion of the other one's words; kubectl has the same rule. */
const completerPrefix = "talosctl_complete-";
const namePattern = /^[a-zA-Z0-9][\w.-]*$/;

/** The path of the executable for a command word; undefined when PATH has none. */
export async function findExecutable(env: Environment, word: string): Promise<string | undefined> {
  return await find(env, prefix, word);
}

/** The path of what completes that executable's words; undefined when nothing does. */
export async function findCompleter(env: Environment, word: string): Promise<string | undefined> {
  return await find(env, completerPrefix, word);
}

async function find(env: Environment, start: string, word: string): Promise<string | undefined> {
  if (!namePattern.test(word)) return undefined;
  for (const folder of pathFolders(env)) {
    for (const ending of endings(env)) {
      const path = `${folder}/${start}${word}${ending}`;
      if (await isExecutable(path)) return path;
    }
  }
  return undefined;
}

/** All there are, in the order of PATH: of several with one name the first is run. */
export async function listExecutables(env: Environment): Promise<ExternalExecutable[]> {
  const found: ExternalExecutable[] = [];
  for (const folder of new Set(pathFolders(env))) {
    for (const file of namesIn(folder).sort()) {
      const ending = endings(env).find((each) => file.toLowerCase().endsWith(each.toLowerCase()));
      if (!file.startsWith(prefix) || ending === undefined) continue;
      const name = file.slice(prefix.length, file.length - ending.length);
      const path = `${folder}/${file}`;
      if (namePattern.test(name) && await isExecutable(path)) found.push({ name, path });
    }
  }
  return found;
}

function pathFolders(env: Environment): string[] {
  return (env("PATH") ?? "").split(isWindows() ? ";" : ":").filter((folder) => folder !== "");
}

function endings(env: Environment): string[] {
  return isWindows() ? (env("PATHEXT") ?? ".EXE;.CMD;.BAT").split(";") : [""];
}

function isWindows(): boolean {
  return Deno.build.os === "windows";
}

function namesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name);
  } catch {
    return []; // absent or out of reach: shells pass over it too
  }
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    const info = await Deno.stat(path);
    return info.isFile && (isWindows() || ((info.mode ?? 0) & 0o111) !== 0);
  } catch {
    return false; // absent or out of reach: the search goes on
  }
}
