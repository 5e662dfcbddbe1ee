/** Where a kubeconfig goes, found and checked before the node is asked (spec/kubeconfig.md, 3). */

import { withPrefix } from "../../core/error_prefix.ts";
import { CliError } from "../../core/errors.ts";
import { fileError } from "../../core/files/errors.ts";
import { directoryOf, makeDirectories } from "../../core/files/location.ts";
import { goQuote } from "../../core/output/go_quote.ts";

/** What the place depends on. */
export interface TargetRequest {
  /** The path on the command line. */
  named: string | undefined;
  merge: boolean;
  force: boolean;
  env(name: string): string | undefined;
}

/** The place. */
export interface Target {
  path: string;
  /** It is printed and nothing is written. */
  isStdout: boolean;
  /** Something that is no regular file, such as a pipe: it is written to as it is. */
  isSpecial: boolean;
}

const parentMode = 0o755;

/** Finds the place; missing folders above it are made. */
export async function findTarget({ named, merge, force, env }: TargetRequest): Promise<Target> {
  const place = cleanPath(named ?? (merge ? defaultPath(env) : workingDirectory()));
  const atPlace = await statOf(place);
  if (atPlace === undefined) await makeDirectories(directoryOf(place), parentMode);
  const path = atPlace?.isDirectory === true ? cleanPath(`${place}/kubeconfig`) : place;
  const existing = path === place ? atPlace : await statOf(path);
  if (existing !== undefined && !merge && !force) throw alreadyThere(path);
  return {
    path,
    isStdout: path === "-" && (existing === undefined || !merge),
    isSpecial: existing !== undefined && !existing.isFile && !existing.isDirectory,
  };
}

/** The error of a file that is neither to be merged into nor replaced. */
export function alreadyThere(path: string): CliError {
  return new CliError(
    `kubeconfig file already exists, use --force to overwrite: ${goQuote(path)}`,
  );
}

function defaultPath(env: TargetRequest["env"]): string {
  const listed = env("KUBECONFIG");
  if (listed) {
    const [path = "", ...others] = listed.split(Deno.build.os === "windows" ? ";" : ":");
    if (others.length > 0) throw new CliError("multiple kubeconfig files defined");
    return path;
  }
  const home = env("HOME");
  if (!home) {
    throw new CliError("$HOME is not defined", { hint: "name the file on the command line" });
  }
  return `${home}/.kube/config`;
}

function workingDirectory(): string {
  try {
    return Deno.cwd();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(`error getting current working directory: ${reason}`, { cause });
  }
}

/** A path without what says nothing: `a//b/../c` is `a/c`, and nothing is `.`. */
function cleanPath(path: string): string {
  const isAbsolute = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    const canGoUp = parts.length > 0 && parts.at(-1) !== "..";
    if (part !== "..") parts.push(part);
    else if (canGoUp) parts.pop();
    else if (!isAbsolute) parts.push("..");
  }
  return (isAbsolute ? "/" : "") + parts.join("/") || ".";
}

async function statOf(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    const failure = Promise.reject(fileError("stat", path, error));
    return await withPrefix(`error checking path ${goQuote(path)}`, failure);
  }
}
