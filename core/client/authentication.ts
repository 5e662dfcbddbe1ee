/** What a context asks to be added to each call so that its sender is known (spec/client.md, 3.9). */

import type { TalosconfigAuth } from "../talosconfig/talosconfig.ts";
import type { TalosOptions } from "./create_talos.ts";
import type { Endpoints } from "./endpoints.ts";
import { callWithFailover } from "./failover.ts";
import { basicCredentials } from "./proxy_tunnel.ts";
import type { TransportCall } from "./transport.ts";

/** Makes a call as the user. */
export type Authenticate = (call: TransportCall) => AsyncIterable<readonly Uint8Array[]>;

/** Whose calls, and where to. */
export interface AuthenticatorOptions {
  auth: TalosconfigAuth;
  contextName: string;
  connections: Endpoints;
  options: Pick<TalosOptions, "siderov1KeysDir" | "env" | "note" | "signal">;
}

/**
 * The way calls are made in a context: signed, with a password, or with nothing but the client certificate.
 *
 * @throws {CliError} for a service account that cannot be read
 */
export async function authenticatorOf(
  { auth, contextName, connections, options }: AuthenticatorOptions,
): Promise<Authenticate> {
  const send: Authenticate = (call) => callWithFailover(connections, call);
  const { basic, siderov1 } = auth;
  let signed = send;
  if (siderov1) {
    const { signingSender } = await import("./siderov1.ts");
    const { siderov1KeysDir: keysDir, env, note, signal } = options;
    const file = { contextName, identity: siderov1.identity, keysDir, env };
    signed = await signingSender({ file, send, note, signal });
  }
  if (!basic) return signed;
  const authorization = `Basic ${basicCredentials(basic.username, basic.password)}`;
  return (call) => signed({ ...call, metadata: { ...call.metadata, authorization } });
}
