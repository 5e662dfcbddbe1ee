/** TLS with an endpoint over a socket already connected, and the verification of who answers there (spec/client.md, 3.6, 3.7, 3.12). */

import type { X509Certificate } from "node:crypto";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { isIpAddress } from "../ip_address.ts";
import type { Credentials } from "./credentials.ts";
import { connectError, tlsReason } from "./go_errors.ts";
import { pemBlocks } from "./pem_blocks.ts";
import { serverIdentityProblem } from "./server_identity.ts";

/** Whom to trust: the authorities of a context, or in maintenance mode anybody, or anybody with one of these keys. */
export type TlsTrust = { credentials: Credentials } | {
  /** Base64 of SHA-256 over the public key; empty: any server. */
  fingerprints: readonly string[];
};

/**
 * Does the handshake; aborting destroys the socket, afterwards too.
 *
 * @throws {RpcError} `Unavailable` with the reason
 */
export type Handshake = (socket: Socket, host: string, signal: AbortSignal) => Promise<TLSSocket>;

/** Prepares handshakes: the certificates are parsed once for all of them. */
export async function prepareTls(trust: TlsTrust): Promise<Handshake> {
  const [tls, crypto] = await Promise.all([import("node:tls"), import("node:crypto")]);
  const credentials = "credentials" in trust ? trust.credentials : {};
  const secureContext = tls.createSecureContext({
    ...(credentials.ca === undefined
      ? {}
      : { ca: pemBlocks(credentials.ca).map(({ pem }) => pem) }),
    ...(credentials.identity
      ? { cert: credentials.identity.certificate, key: credentials.identity.key }
      : {}),
    minVersion: "TLSv1.2",
  });
  const authorities = pemBlocks(credentials.ca ?? "")
    .map(({ pem }) => new crypto.X509Certificate(pem));

  const problemOf = async (socket: TLSSocket, host: string) => {
    const certificate = new crypto.X509Certificate(socket.getPeerCertificate(true).raw);
    if ("fingerprints" in trust) return await fingerprintProblem(certificate, trust.fingerprints);
    // The stack names an untrusted chain by its code, though the type says that it is an error.
    const chainError = socket.authorized ? undefined : String(socket.authorizationError);
    return serverIdentityProblem({ certificate, host, chainError, authorities, now: new Date() });
  };

  return async (raw, host, signal) => {
    const socket = tls.connect({
      socket: raw,
      secureContext,
      // An address is no server name; an empty one would break the library further up.
      ...(isIpAddress(host) ? {} : { servername: host }),
      ALPNProtocols: ["h2"],
      // The verdict is ours, below: the stack would stop at the chain before names are looked at.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    });
    signal.addEventListener("abort", () => socket.destroy(), { once: true });
    try {
      await established(socket);
      const problem = await problemOf(socket, host);
      if (problem) throw connectError("handshake", problem);
      return socket;
    } catch (error) {
      socket.destroy();
      throw error;
    }
  };
}

/** Waits for the end of the handshake; without an error event a closed socket counts as the peer's end. */
function established(socket: TLSSocket): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once("secureConnect", resolve);
  socket.once("close", () => reject(connectError("handshake", "EOF")));
  // Stays for the life of the socket: an error that comes later is the session's, and must not be unhandled.
  socket.on("error", (error) => reject(connectError("handshake", tlsReason(error), error)));
  return promise;
}

async function fingerprintProblem(
  certificate: X509Certificate,
  fingerprints: readonly string[],
): Promise<string | undefined> {
  if (fingerprints.length === 0) return undefined;
  const publicKey = certificate.publicKey.export({ type: "spki", format: "der" });
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(publicKey)));
  return fingerprints.includes(digest.toBase64())
    ? undefined
    : `leaf peer certificate doesn't match the provided fingerprints: [${fingerprints.join(" ")}]`;
}
