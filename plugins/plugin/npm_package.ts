/** Packages of an npm registry: the archive of one version, whole as the registry published it. */

import { withPrefix } from "../../core/error_prefix.ts";
import { CliError } from "../../core/errors.ts";
import { download } from "./download.ts";
import { maxPluginBytes } from "./gathered_files.ts";
import { registryOf } from "./npm_registry.ts";

/** A package as users name it. */
export interface NpmPackage {
  name: string;
  /** An exact version, or a tag such as `latest`. */
  version: string;
}

/** What a registry says of one version. */
interface Distribution {
  tarball: string;
  integrity?: string;
  shasum?: string;
}

const maxDescriptionBytes = 32 * 1024 * 1024;
const namePattern = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/i;

/**
 * Reads `NAME`, `NAME@VERSION`, and both with a scope.
 *
 * @throws {CliError} for what no package can be called
 */
export function parseNpmPackage(text: string): NpmPackage {
  const at = text.indexOf("@", 1);
  const name = at < 0 ? text : text.slice(0, at);
  const version = at < 0 ? "latest" : text.slice(at + 1);
  if (!namePattern.test(name)) throw new CliError(`"${name}" is no name of an npm package`);
  if (!/^[\w.+-]+$/.test(version)) {
    throw new CliError(`"${version}" is neither a version nor a tag`, {
      hint: "ranges are not looked up: name an exact version, such as npm:NAME@1.2.3",
    });
  }
  return { name, version };
}

/**
 * The archive of a package, which is what its registry says by hash.
 *
 * @throws {CliError} that says what of it failed
 */
export async function downloadPackage(
  { name, version }: NpmPackage,
  env: (name: string) => string | undefined,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const registry = await registryOf(name, env);
  const isHttpAllowed = registry.url.startsWith("http:");
  const address = registry.url + name.replace("/", "%2f");
  const description = await download(address, {
    signal,
    isHttpAllowed,
    maxSizeBytes: maxDescriptionBytes,
    headers: {
      ...registry.headersFor(address),
      accept: "application/vnd.npm.install-v1+json, application/json;q=0.9",
    },
  });
  const distribution = distributionOf(description, { name, version });
  const archive = await download(distribution.tarball, {
    signal,
    isHttpAllowed,
    maxSizeBytes: maxPluginBytes,
    headers: registry.headersFor(distribution.tarball),
  });
  await withPrefix(`checking ${distribution.tarball}`, checkIntegrity(archive, distribution));
  return archive;
}

function distributionOf(description: Uint8Array, { name, version }: NpmPackage): Distribution {
  const { "dist-tags": tags, versions } = Object(parse(description, name));
  const exact: unknown = ownValue(tags, version) ?? version;
  const { tarball, integrity, shasum } = Object(Object(ownValue(versions, String(exact))).dist);
  if (typeof tarball !== "string") {
    throw new CliError(`looking up npm:${name}: the registry has no version "${version}"`);
  }
  if (!URL.canParse(tarball)) {
    throw new CliError(`looking up npm:${name}: "${tarball}" is no address of an archive`);
  }
  return {
    tarball,
    ...(typeof integrity === "string" ? { integrity } : {}),
    ...(typeof shasum === "string" ? { shasum } : {}),
  };
}

function parse(description: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(description));
  } catch (cause) {
    throw new CliError(`looking up npm:${name}: the registry did not answer in JSON`, { cause });
  }
}

function ownValue(object: unknown, key: string): unknown {
  return typeof object === "object" && object !== null && Object.hasOwn(object, key)
    ? Reflect.get(object, key)
    : undefined;
}

/** Of several hashes the strongest is compared, as the format of `integrity` says. */
async function checkIntegrity(
  archive: Uint8Array,
  { integrity = "", shasum }: Distribution,
): Promise<void> {
  const { createHash } = await import("node:crypto");
  const given = integrity.split(/\s+/).map((text) => text.split("?")[0] ?? "");
  for (const algorithm of ["sha512", "sha384", "sha256"]) {
    const wanted = given.filter((hash) => hash.startsWith(`${algorithm}-`));
    if (wanted.length === 0) continue;
    const actual = `${algorithm}-${createHash(algorithm).update(archive).digest("base64")}`;
    if (wanted.includes(actual)) return;
    throw new CliError("it is not what the registry says: its hash differs");
  }
  if (shasum === undefined) throw new CliError("the registry gives no hash to check it by");
  if (createHash("sha1").update(archive).digest("hex") !== shasum) {
    throw new CliError("it is not what the registry says: its hash differs");
  }
}
