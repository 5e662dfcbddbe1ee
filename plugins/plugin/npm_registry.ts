/** Which npm registry a package comes from, and what it is told about the user: as npm itself is configured. */

import { CliError } from "../../core/errors.ts";
import { exists } from "../../core/files/exists.ts";
import { readBounded } from "../../core/files/read_bounded.ts";

/** A registry. */
export interface NpmRegistry {
  /** Ends with a slash. */
  url: string;
  /** The headers for an address: the user's token, where it is below the registry's. */
  headersFor(address: string): Record<string, string>;
}

const defaultRegistry = "https://registry.npmjs.org/";
const maxSettingsBytes = 1024 * 1024;

/**
 * The registry of a package: that of its scope, else `npm_config_registry`, else the user's `.npmrc`, else npm's own. A
 * `.npmrc` of the working folder is not asked: where somebody stands should not decide whose code they get.
 *
 * @throws {CliError} for an address that is no URL, and a `.npmrc` that cannot be read
 */
export async function registryOf(
  packageName: string,
  env: (name: string) => string | undefined,
): Promise<NpmRegistry> {
  const settings = await readSettings(env);
  const [scope] = packageName.startsWith("@") ? packageName.split("/") : [];
  const text = (scope === undefined ? undefined : settings.get(`${scope}:registry`)) ??
    (env("npm_config_registry") || env("NPM_CONFIG_REGISTRY") || settings.get("registry") ||
      defaultRegistry);
  if (!URL.canParse(text)) throw new CliError(`the npm registry's address "${text}" is no URL`);
  const { href } = new URL(text);
  const url = href.endsWith("/") ? href : `${href}/`;
  return { url, headersFor: (address) => headersFor(address, settings) };
}

/** `key=value` lines; a key may hold anything but an equals sign. */
async function readSettings(
  env: (name: string) => string | undefined,
): Promise<Map<string, string>> {
  const home = env("HOME");
  const path = env("npm_config_userconfig") || env("NPM_CONFIG_USERCONFIG") ||
    (home && `${home}/.npmrc`);
  if (!path || !await exists(path)) return new Map();
  const text = new TextDecoder().decode(await readBounded(path, maxSettingsBytes));
  const lines = text.split("\n").map((line) => line.trim());
  return new Map(
    lines.filter((line) => line.includes("=") && !/^[;#]/.test(line)).map((line) => {
      const at = line.indexOf("=");
      const value = line.slice(at + 1).trim().replace(/^"(.*)"$/, "$1");
      return [
        line.slice(0, at).trim(),
        value.replace(/\$\{(\w+)\}/g, (_, name) => env(name) ?? ""),
      ];
    }),
  );
}

/** npm keeps a token by the address it is for, without its scheme: `//host/path/:_authToken`. */
function headersFor(address: string, settings: ReadonlyMap<string, string>) {
  const withoutScheme = address.replace(/^https?:/, "");
  const ending = ":_authToken";
  for (const [key, token] of settings) {
    if (!key.startsWith("//") || !key.endsWith(ending) || token === "") continue;
    const place = key.slice(0, -ending.length);
    const folder = place.endsWith("/") ? place : `${place}/`;
    if (withoutScheme.startsWith(folder)) return { authorization: `Bearer ${token}` };
  }
  return {};
}
