/** Faults by name: what can be wrong with a node or an endpoint, and how another node words it when it dials there. */

import { isIPv6 } from "node:net";
import { RpcError } from "../../core/errors.ts";
import type { FaultKind } from "./fault_kinds.ts";

/** Numbers for the faults that have one. */
export interface FaultOptions {
  /** `slow`, `goaway`: see there; `black-hole`, `no-route`: how long another node waits before it gives up. */
  delayMs?: number;
  /** `reset`: bytes that still come through. */
  afterBytes?: number;
}

/** A fault that is on. */
export interface Fault extends FaultOptions {
  kind: FaultKind;
}

const handshake = "transport: authentication handshake failed: ";
const verify = handshake + "tls: failed to verify certificate: x509: ";

/**
 * What apid answers when it cannot reach `address` because of `fault` (spec/client.md, 4.4);
 * undefined where the fault does not keep it from connecting.
 */
export function dialError(kind: FaultKind, address: string, now: Date): RpcError | undefined {
  const dial = `transport: Error while dialing: dial tcp ${hostPort(address)}: `;
  const certificateTime = `${verify}certificate has expired or is not yet valid: current time `;
  const time = now.toISOString().replace(/\.\d+/, "");
  switch (kind) {
    case "down":
      return connectionError(`${dial}connect: connection refused`);
    case "no-route":
      return connectionError(`${dial}connect: no route to host`);
    case "black-hole":
      return connectionError(`${dial}i/o timeout`);
    case "unknown-name":
      return unresolvedError();
    case "close":
      return connectionError(`${handshake}EOF`);
    case "garbage":
    case "plain-http":
      return connectionError(`${handshake}tls: first record does not look like a TLS handshake`);
    case "wrong-certificate":
      return connectionError(
        `${verify}certificate signed by unknown authority (possibly because of "x509: Ed25519 ` +
          `verification failure" while trying to verify candidate authority certificate "talos")`,
      );
    case "misnamed-certificate":
      return misnamedDialError(address, ["192.0.2.1"]);
    case "expired-certificate":
      return connectionError(`${certificateTime}${time} is after ${shift(now, -1)}`);
    case "not-yet-valid":
      return connectionError(`${certificateTime}${time} is before ${shift(now, 1)}`);
    case "slow":
    case "reset":
    case "goaway":
      return undefined;
  }
}

/** A node in maintenance mode, or of another cluster, shows a certificate of an authority that nobody knows. */
export function strangerDialError(): RpcError {
  return connectionError(`${verify}certificate signed by unknown authority`);
}

/** A node shows a certificate for these addresses, and another one was dialled: that is found out first. */
export function misnamedDialError(address: string, addresses: readonly string[]): RpcError {
  return connectionError(
    `${verify}certificate is valid for ${addresses.join(", ")}, not ${address}`,
  );
}

/** A name nobody can resolve. */
function unresolvedError(): RpcError {
  return new RpcError("Unavailable", "name resolver error: produced zero addresses");
}

/** A connection that broke while the answer was on its way. */
export function brokenError(address: string): RpcError {
  const text = `error reading from server: read tcp ${hostPort(address)}: connection reset by peer`;
  return new RpcError("Unavailable", text);
}

function connectionError(text: string): RpcError {
  const quoted = text.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
  return new RpcError("Unavailable", `connection error: desc = "${quoted}"`);
}

function hostPort(address: string): string {
  return isIPv6(address) ? `[${address}]:50000` : `${address}:50000`;
}

function shift(time: Date, hours: number): string {
  return new Date(time.getTime() + hours * 3_600_000).toISOString().replace(/\.\d+/, "");
}
