/** SideroV1: every call is signed; a key that is missing or refused is replaced by a new one, which the user confirms (spec/client.md, 3.9). */

import { AuthServiceDefinition } from "../../proto/gen/auth/auth.ts";
import { CliError, RpcError } from "../errors.ts";
import {
  createKey,
  deleteKey,
  type KeyFile,
  loadKey,
  saveKey,
  serviceAccount,
} from "./siderov1_keys.ts";
import { signCall, type Signer } from "./siderov1_sign.ts";
import { createStub } from "./stub.ts";
import type { TransportCall } from "./transport.ts";

type Send = (call: TransportCall) => AsyncIterable<readonly Uint8Array[]>;

/** What signing needs. */
export interface SigningOptions {
  file: KeyFile;
  /** Makes a call as it is. */
  send: Send;
  /** A line for the user. */
  note(line: string): void;
  signal: AbortSignal;
}

/**
 * A way to make signed calls.
 *
 * @throws {CliError} for a service account that cannot be read
 */
export async function signingSender(options: SigningOptions): Promise<Send> {
  const account = await serviceAccount(options.file.env);
  if (account) return (call) => sendSigned(options.send, call, account);

  const { file } = options;
  let current: Promise<Signer> | undefined;
  const renewal = (cause: Error) => renewKey(options, cause);
  const first = () =>
    loadKey(file).catch(async (missing: Error) => {
      try {
        return await renewal(missing);
      } catch (error) {
        if (!(error instanceof CliError)) throw error;
        throw new CliError(`${missing.message}\n${error.message}`, { cause: error });
      }
    });

  return async function* (call) {
    const signer = await (current ??= first());
    const used = current;
    let isAnswered = false;
    try {
      for await (const messages of sendSigned(options.send, call, signer)) {
        isAnswered = true;
        yield messages;
      }
      return;
    } catch (error) {
      const isRefused = error instanceof RpcError && error.code === "Unauthenticated";
      if (!isRefused || isAnswered || !Array.isArray(call.requests)) throw error;
      // Many calls may be refused at once; one of them has the key renewed.
      if (current === used) current = renewal(error);
    }
    yield* sendSigned(options.send, call, await current);
  };
}

async function* sendSigned(
  send: Send,
  call: TransportCall,
  signer: Signer,
): AsyncGenerator<readonly Uint8Array[]> {
  const headers = await signCall(signer, call.path, call.metadata, new Date());
  yield* send({ ...call, metadata: { ...call.metadata, ...headers } });
}

async function renewKey(options: SigningOptions, cause: Error): Promise<Signer> {
  const { file, note } = options;
  const auth = createStub(
    AuthServiceDefinition,
    (path, requests) =>
      options.send({ path, requests, metadata: { runtime: "Talos" }, signal: options.signal }),
  );
  note(`Could not authenticate: ${cause.message}`);
  await deleteKey(file);
  const key = await createKey(file.identity);
  const { loginUrl } = await auth.registerPublicKey({
    identity: { email: file.identity },
    publicKey: { pgpData: new TextEncoder().encode(key.toPublic().armor()) },
  });
  const path = await saveKey(file, key);
  await showLogin(loginUrl, options);
  const fingerprint = key.getFingerprint();
  await auth.awaitPublicKeyConfirmation({ publicKeyId: fingerprint });
  note(`Public key ${fingerprint} is now registered for user ${file.identity}`);
  note(`PGP key saved to ${path}`);
  return { identity: file.identity, key };
}

/** Opens the page in a browser, or has the user do so. Only web pages: the address comes from a server. */
async function showLogin(url: string, { note, file }: SigningOptions): Promise<void> {
  const isWebPage = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  if (isWebPage && file.env("BROWSER") !== "echo") {
    note(`Attempting to open URL: ${url}`);
    if (await isOpened(url)) return;
  }
  note(`Please visit this page to authenticate: ${url}`);
}

async function isOpened(url: string): Promise<boolean> {
  const opener = { darwin: "open", windows: "explorer" }[String(Deno.build.os)] ?? "xdg-open";
  try {
    const { success } = await new Deno.Command(opener, {
      args: [url],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch {
    // No such program, or not permitted: the user is shown the address instead.
    return false;
  }
}
