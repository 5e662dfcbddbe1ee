/** Errors a user can mend, and how a failed call reads: the text the frame prints as it stands. */

/** What a {@linkcode CliError} may carry besides its text. */
export interface CliErrorOptions {
  /** The process's exit status; the official client knows only 1. */
  exitCode?: number;
  /** One sentence that says what helps; printed on a line of its own below the error. */
  hint?: string;
  /** The error behind it. */
  cause?: unknown;
}

/** An error whose text is meant for the user: printed without a prefix and without a stack trace. */
export class CliError extends Error {
  /** The same for all that are derived from it. */
  override readonly name = "CliError";
  /** The process's exit status; default 1. */
  readonly exitCode: number;
  /** One sentence that says what helps. */
  readonly hint: string | undefined;

  /** An error with this text, printed as it is. */
  constructor(message: string, options: CliErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.exitCode = options.exitCode ?? 1;
    this.hint = options.hint;
  }
}

/** A failure that the user has been told of already: nothing more is printed, only the exit status remains. */
export class ReportedError extends CliError {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** The hint of an error, or of the nearest of its causes that has one. */
export function hintOf(error: unknown): string | undefined {
  if (!(error instanceof CliError)) return undefined;
  return error.hint ?? hintOf(error.cause);
}

/** gRPC status codes by number, in the spelling of error texts (spec/client.md, 3.4). */
export const statusNames = [
  "OK",
  "Canceled",
  "Unknown",
  "InvalidArgument",
  "DeadlineExceeded",
  "NotFound",
  "AlreadyExists",
  "PermissionDenied",
  "ResourceExhausted",
  "FailedPrecondition",
  "Aborted",
  "OutOfRange",
  "Unimplemented",
  "Internal",
  "Unavailable",
  "DataLoss",
  "Unauthenticated",
] as const;

/** A code's name, such as `Unavailable`. */
export type StatusName = typeof statusNames[number];

/** A call that ended with a gRPC status other than OK; its text is the official client's. */
export class RpcError extends CliError {
  /** The status as a name: what decisions are made on. */
  readonly code: StatusName;
  /** The status's own text, without the `rpc error:` frame. */
  readonly description: string;

  /** An error with the official client's text for this status. */
  constructor(code: StatusName, description: string, options: CliErrorOptions = {}) {
    super(`rpc error: code = ${code} desc = ${description}`, options);
    this.code = code;
    this.description = description;
  }
}

/**
 * A call that never began, because no connection could be had: the official client words some errors by this
 * (spec/client.md, 3.4). Text, hint and status are those of its cause.
 */
export class UnopenedCallError extends RpcError {
  constructor(reason: RpcError) {
    super(reason.code, reason.description, { cause: reason });
  }
}
