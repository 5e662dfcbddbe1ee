/** `plugin.json`: what a third-party plugin says of itself and asks for, read without running any of its code. */

import { CliError } from "./errors.ts";
import { readBounded } from "./files/read_bounded.ts";

/** What a plugin's code may reach; what is absent it may not. */
export interface PluginPermissions {
  /** `host` or `host:port`. */
  net?: PermissionList;
  /** Paths of files and folders with what is below them; a relative one starts where the program runs. */
  read?: PermissionList;
  /** As `read`. */
  write?: PermissionList;
  /** Names of environment variables. */
  env?: PermissionList;
  /** Programs by name or path. */
  run?: PermissionList;
}

/** These, or with `true` all there are. */
export type PermissionList = true | readonly string[];

/** The name of a permission. */
export type PermissionName = keyof PluginPermissions;

/** All of them, in the order in which they are shown. */
export const permissionNames = [
  "net",
  "read",
  "write",
  "env",
  "run",
] as const satisfies readonly PermissionName[];

/**
 * The calls a plugin may make: all, those that a holder of `os:reader` may make, or these, as `package.Service/Method`;
 * an empty list is none.
 */
export type RpcGrant = "all" | "read-only" | readonly string[];

/** What a plugin may do: asked for by its manifest, given by a grant. */
export interface PluginRights {
  /** What its code may reach. */
  permissions: PluginPermissions;
  /** Which calls to nodes it may make. */
  rpcs: RpcGrant;
}

/** The static description beside a third-party plugin's code, with defaults filled in. */
export interface PluginManifest extends PluginRights {
  /** Lower-case letters, digits and `-`; its installed folder is called so too. */
  name: string;
  apiVersion: 1;
  /** The entry module, relative to the folder. */
  entry: string;
  version?: string;
  description?: string;
}

/** The file's name in a plugin's folder. */
export const manifestFileName = "plugin.json";

/** Real ones hold some hundred bytes. */
const maxSizeBytes = 64 * 1024;

const maxListLength = 256;

const keys = [
  ...["name", "apiVersion", "entry", "version", "description"],
  ...["permissions", "rpcs"],
];

/**
 * Reads the manifest of the plugin in a folder.
 *
 * @throws {CliError} That says what is wrong with it.
 */
export async function readManifest(folder: string): Promise<PluginManifest> {
  const path = `${folder}/${manifestFileName}`;
  return parseManifest(new TextDecoder().decode(await readBounded(path, maxSizeBytes)));
}

/**
 * Checks the text of a manifest.
 *
 * @throws {CliError} For the first thing in it that is not as it should be; unknown keys are named.
 */
export function parseManifest(text: string): PluginManifest {
  const value = objectOf(parseJson(text), manifestFileName);
  const { name, apiVersion, entry, version, description } = value;
  if (typeof name !== "string" || typeof entry !== "string") {
    throw malformed(`${manifestFileName} wants the strings "name" and "entry"`);
  }
  // First of all other checks: what another version may hold is not for this program to judge.
  if (apiVersion !== 1) {
    throw malformed(
      `${manifestFileName}: apiVersion ${JSON.stringify(apiVersion)}, this program knows 1`,
    );
  }
  checkKeys(value, keys, manifestFileName);
  if (!isPluginName(name)) {
    throw malformed(
      `${manifestFileName}: the name ${
        JSON.stringify(name)
      } is not made of up to 64 lower-case letters, digits and "-"`,
    );
  }
  checkEntry(entry);
  return {
    name,
    apiVersion,
    entry,
    ...optionalText("version", version),
    ...optionalText("description", description),
    ...parseRights(value, manifestFileName),
  };
}

/** Whether a word can name a plugin, and so a folder. */
export function isPluginName(name: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,63}$/.test(name);
}

/**
 * Checks the `permissions` and `rpcs` of a manifest or a grant.
 *
 * @param place What errors name, such as `plugin.json`.
 * @throws {CliError}
 */
export function parseRights(
  value: { permissions?: unknown; rpcs?: unknown },
  place: string,
): PluginRights {
  const given = objectOf(value.permissions ?? {}, `${place}: "permissions"`);
  checkKeys(given, permissionNames, `${place}: "permissions"`);
  const permissions: PluginPermissions = {};
  for (const name of permissionNames) {
    const list = given[name];
    if (list === undefined) continue;
    if (list !== true && !isWordList(list)) {
      throw malformed(`${place}: the permission "${name}" is neither true nor a list of strings`);
    }
    permissions[name] = list;
  }
  return { permissions, rpcs: parseRpcs(value.rpcs ?? [], place) };
}

function parseRpcs(rpcs: unknown, place: string): RpcGrant {
  if (rpcs === "all" || rpcs === "read-only") return rpcs;
  const isMethod = (word: string) => /^[A-Za-z_][\w.]*\/[A-Za-z_]\w*$/.test(word);
  if (isWordList(rpcs) && rpcs.every(isMethod)) return rpcs;
  throw malformed(
    `${place}: "rpcs" is neither "all" nor "read-only" nor a list such as ` +
      `["machine.MachineService/Version"]`,
  );
}

/** A path that stays in the folder, in words that are the same on every system. */
function checkEntry(entry: string): void {
  const parts = entry.split("/");
  if (entry.startsWith("/") || parts.includes("..") || /[\\:]/.test(entry)) {
    throw malformed(
      `${manifestFileName}: the entry ${JSON.stringify(entry)} is outside the plugin's folder`,
    );
  }
  if (entry === "" || parts.some((part) => part === "")) {
    throw malformed(`${manifestFileName}: the entry ${JSON.stringify(entry)} names no file`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // It quotes the file, line ends and all.
    const reason = String(Object(cause).message).replaceAll(/\s+/g, " ");
    throw new CliError(`${manifestFileName}: ${reason}`, { cause });
  }
}

function objectOf(value: unknown, place: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return { ...value };
  }
  throw malformed(
    place === manifestFileName
      ? `${manifestFileName} wants the strings "name" and "entry"`
      : `${place} is no object`,
  );
}

function checkKeys(value: object, known: readonly string[], place: string): void {
  const unknown = Object.keys(value).filter((key) => !known.includes(key));
  if (unknown.length === 0) return;
  const names = unknown.map((key) => JSON.stringify(key)).join(", ");
  throw malformed(`${place}: unknown ${unknown.length === 1 ? "key" : "keys"} ${names}`);
}

function isWordList(value: unknown): value is string[] {
  return Array.isArray(value) && value.length <= maxListLength &&
    value.every((word) => typeof word === "string" && word !== "" && !hasControls(word));
}

/** They would hide what a list says from whoever approves it. */
function hasControls(text: string): boolean {
  return /[\p{Cc}\p{Cf}]/u.test(text);
}

function optionalText<K extends "version" | "description">(
  key: K,
  value: unknown,
): { [P in K]?: string } {
  if (value === undefined) return {};
  if (typeof value === "string" && value.length <= 1000 && !hasControls(value)) {
    return { [key]: value } as { [P in K]: string };
  }
  throw malformed(`${manifestFileName}: "${key}" is no line of text`);
}

function malformed(message: string): CliError {
  return new CliError(message);
}
