/** Where the PGP keys of SideroV1 are kept, and how they are read and made (spec/client.md, 3.9). */

import type { PrivateKey } from "openpgp";
import { CliError } from "../errors.ts";
import { writeFileAtomic } from "../files/atomic.ts";
import { fileError } from "../files/errors.ts";
import { hostArch } from "../version.ts";
import type { Signer } from "./siderov1_sign.ts";
import { exists } from "../files/exists.ts";

type Environment = (name: string) => string | undefined;

/** What names a user's key file. */
export interface KeyFile {
  contextName: string;
  identity: string;
  /** The value of `--siderov1-keys-dir`, or `""`; the environment beats it. */
  keysDir: string;
  env: Environment;
}

/** Keys that are made here live this long. */
const keyLifetimeSeconds = 4 * 60 * 60;

/**
 * The service account in the environment, if there is one.
 *
 * @throws {CliError} naming the variable whose value is no service account
 */
export async function serviceAccount(env: Environment): Promise<Signer | undefined> {
  const name = ["SIDERO_SERVICE_ACCOUNT_KEY", "OMNI_SERVICE_ACCOUNT_KEY"].find((name) => env(name));
  if (name === undefined) return undefined;
  try {
    const account: unknown = JSON.parse(
      new TextDecoder().decode(Uint8Array.fromBase64(env(name) ?? "")),
    );
    const { name: identity, pgp_key: armored } = Object(account);
    if (typeof identity !== "string" || typeof armored !== "string") {
      throw new Error("name or pgp_key is missing");
    }
    return { identity, key: await readKey(armored) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    // The value itself is a secret: the reason of the parsers quotes none of it beyond a few characters.
    throw new CliError(
      `failed to decode service account key from env var "${name}": ${reason}`,
      { cause },
    );
  }
}

/** Where a new key is written. */
export function keyPath(file: KeyFile): string {
  const { env, keysDir, contextName, identity } = file;
  const directory = env("SIDEROV1_KEYS_DIR") || keysDir || `${env("HOME") ?? ""}/.talos/keys`;
  return `${directory}/${contextName}-${identity}.pgp`;
}

/**
 * Reads the user's key.
 *
 * @throws {CliError} where there is none, or it cannot be used any more
 */
export async function loadKey(file: KeyFile): Promise<Signer> {
  const path = await existingKeyPath(file);
  let armored: string;
  try {
    armored = await Deno.readTextFile(path);
  } catch (cause) {
    throw fileError("open", path, cause);
  }
  const key = await readKey(armored).catch((cause: unknown) => {
    throw new CliError(`failed to read PGP key ${path}`, { cause });
  });
  const expiration = await key.getExpirationTime();
  if (expiration instanceof Date && expiration <= new Date()) {
    throw new CliError(`PGP key ${path} has expired`);
  }
  return { identity: file.identity, key };
}

/** Deletes the user's key, if there is one. */
export async function deleteKey(file: KeyFile): Promise<void> {
  const path = await existingKeyPath(file);
  try {
    await Deno.remove(path);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw fileError("remove", path, cause);
  }
}

/** Writes a key, readable by its owner alone; the path it has then. */
export async function saveKey(file: KeyFile, key: PrivateKey): Promise<string> {
  const path = keyPath(file);
  await writeFileAtomic(path, key.armor(), { mode: 0o600, createParents: true });
  return path;
}

/** Makes a key for an identity. */
export async function createKey(identity: string): Promise<PrivateKey> {
  const openpgp = await import("openpgp");
  const { privateKey } = await openpgp.generateKey({
    type: "ecc",
    userIDs: [{ name: "Talos", comment: `${Deno.build.os}/${hostArch()}`, email: identity }],
    keyExpirationTime: keyLifetimeSeconds,
    format: "object",
  });
  return privateKey;
}

async function readKey(armoredKey: string): Promise<PrivateKey> {
  const { readPrivateKey } = await import("openpgp");
  return await readPrivateKey({ armoredKey });
}

/** Keys of other tools of the same maker lie in the data directory. */
async function existingKeyPath(file: KeyFile): Promise<string> {
  const { env, contextName, identity } = file;
  const first = keyPath(file);
  const data = env("XDG_DATA_HOME") || `${env("HOME") ?? ""}/.local/share`;
  const second = `${data}/talos/keys/${contextName}-${identity}.pgp`;
  return !await exists(first) && await exists(second) ? second : first;
}
