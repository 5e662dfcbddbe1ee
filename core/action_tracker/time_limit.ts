/** Why a signal has aborted, where it was `--timeout` and not somebody's Ctrl-C. */

import { RpcError } from "../errors.ts";

/** The reason to abort with; its text is what calls end with that the limit has cut off. */
export const timeLimit = new RpcError("DeadlineExceeded", "context deadline exceeded");
