/** Failed connections in the words of the official client (spec/client.md, 3.6): what scripts may read. */

import { RpcError } from "../errors.ts";
import { goQuote } from "../output/go_quote.ts";

/** How far a connection had come when it failed; each part has its own frame in the text. */
export type ConnectStage = "dial" | "handshake" | "preface";

const frames: Record<ConnectStage, string> = {
  dial: "transport: Error while dialing: ",
  handshake: "transport: authentication handshake failed: ",
  preface: "error reading server preface: ",
};

/** A connection that could not be made: `Unavailable`, with the stage and the reason in its text. */
export function connectError(stage: ConnectStage, reason: string, cause?: unknown): RpcError {
  return new RpcError(
    "Unavailable",
    `connection error: desc = ${goQuote(frames[stage] + reason)}`,
    {
      cause,
    },
  );
}

/** System errors by their code, as the C library words them in lower case. */
const errnoTexts: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset by peer",
  ECONNABORTED: "software caused connection abort",
  EHOSTUNREACH: "no route to host",
  EHOSTDOWN: "host is down",
  ENETUNREACH: "network is unreachable",
  ENETDOWN: "network is down",
  ETIMEDOUT: "connection timed out",
  EPIPE: "broken pipe",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EADDRNOTAVAIL: "cannot assign requested address",
  EINVAL: "invalid argument",
  EMFILE: "too many open files",
};

/** The reason of a failed `connect` to `address`, from the code of the system error. */
export function dialReason(address: string, code: string | undefined, message: string): string {
  const text = code === undefined ? undefined : errnoTexts[code];
  return `dial tcp ${address}: ${text === undefined ? message : `connect: ${text}`}`;
}

/** TLS alerts that a peer sends, by the end of their code here, as Go words them. */
const alertTexts: Readonly<Record<string, string>> = {
  UNEXPECTED_MESSAGE: "unexpected message",
  BAD_RECORD_MAC: "bad record MAC",
  HANDSHAKE_FAILURE: "handshake failure",
  BAD_CERTIFICATE: "bad certificate",
  UNSUPPORTED_CERTIFICATE: "unsupported certificate",
  CERTIFICATE_REVOKED: "revoked certificate",
  CERTIFICATE_EXPIRED: "expired certificate",
  CERTIFICATE_UNKNOWN: "unknown certificate",
  ILLEGAL_PARAMETER: "illegal parameter",
  UNKNOWN_CA: "unknown certificate authority",
  ACCESS_DENIED: "access denied",
  DECODE_ERROR: "error decoding message",
  DECRYPT_ERROR: "error decrypting message",
  PROTOCOL_VERSION: "protocol version not supported",
  INSUFFICIENT_SECURITY: "insufficient security level",
  INTERNAL_ERROR: "internal error",
  UNRECOGNIZED_NAME: "unrecognized name",
  CERTIFICATE_REQUIRED: "certificate required",
  NO_APPLICATION_PROTOCOL: "no application protocol",
};

/** The reason in an error of the TLS socket, before or after the handshake. */
export function tlsReason(error: unknown): string {
  const code = errorCode(error) ?? "";
  const alert = /_ALERT_(\w+)$/.exec(code)?.[1];
  if (alert !== undefined) {
    return `remote error: tls: ${alertTexts[alert] ?? alert.toLowerCase().replaceAll("_", " ")}`;
  }
  // What is no TLS record at all: a plain-text server answers so.
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER") {
    return "tls: first record does not look like a TLS handshake";
  }
  // The runtime reports an orderly end within the handshake as a reset too.
  if (code === "ECONNRESET") return "EOF";
  const text = errnoTexts[code];
  if (text !== undefined) return `write tcp: write: ${text}`;
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of an error of the runtime, such as `ECONNREFUSED`. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
