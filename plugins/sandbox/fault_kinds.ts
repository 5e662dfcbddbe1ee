/** The names of faults, apart from what they do: commands show them without loading it. */

/** What can be switched on by `sandbox.fault`. */
export const faultKinds = [
  /** Nothing listens: connection refused. */
  "down",
  /** Accepts connections and stays silent. */
  "black-hole",
  /** Answers, `delayMs` late. */
  "slow",
  /** Resets the connection after `afterBytes` bytes, counted from its start. */
  "reset",
  /** Shows a certificate of another authority with the same subject. */
  "wrong-certificate",
  /** Shows a certificate for another name and address. */
  "misnamed-certificate",
  "expired-certificate",
  "not-yet-valid",
  /** Sends GOAWAY on its connections, once; running calls get `delayMs` to end. New connections are fine. */
  "goaway",
  /** Answers with bytes that are no TLS. */
  "garbage",
  /** Answers as a plain HTTP server. */
  "plain-http",
  /** Closes each connection at once. */
  "close",
  /** No route to the address; only seen by other nodes. */
  "no-route",
  /** Its host name does not resolve; only seen by other nodes. */
  "unknown-name",
] as const;

/** The name of a fault, one of {@linkcode faultKinds}, which tells what each does. */
export type FaultKind = typeof faultKinds[number];
