/** What is asked of a node after its events have said that it is done (spec/machine-ops.md, 6.4). */

import type { Stub, Talos } from "../client/talos.ts";
import { CliError } from "../errors.ts";
import type { Services } from "../../proto/gen/services.ts";
import { readBootId } from "./boot_id.ts";
import { isConnectionLoss } from "./connection_loss.ts";
import { retry, RetryLater, type RetryOptions } from "./retry.ts";
import type { Show } from "./updates_view.ts";

/** The main service of one node. */
export type Machine = Stub<Services["machine.MachineService"]>;

/** A node after an action. */
export interface CheckedNode {
  node: string;
  machine: Machine;
  talos: Pick<Talos, "maintenance">;
  /** Undefined where the caller may not read it: then nothing can be compared. */
  bootIdBefore: string | undefined;
  signal: AbortSignal;
}

/** Whether the node is what it should be by now; a node that cannot be reached is asked again later. */
export type PostCheck = (checked: CheckedNode) => Promise<boolean>;

/** The node has started anew. */
export const hasRebooted: PostCheck = async ({ machine, bootIdBefore, signal }) => {
  if (bootIdBefore === undefined) return true;
  const bootId = await readBootId(machine, signal);
  return bootId === undefined || bootId !== bootIdBefore;
};

/** The node waits for a configuration, or has started anew with the one it has kept. */
export const isWipedOrHasRebooted: PostCheck = async (checked) => {
  try {
    const storage = await checked.talos.maintenance(checked.node).service("storage.StorageService");
    await storage.disks({}, { signal: checked.signal });
    return true;
  } catch (error) {
    // Not in maintenance mode: whatever the reason is, the other check says what is to be known.
    if (!(error instanceof CliError)) throw error;
    return await hasRebooted(checked);
  }
};

/**
 * Asks until the node passes.
 *
 * @throws {CliError} for a node that refuses to be asked, or does not pass in time
 */
export async function passPostCheck(
  check: PostCheck,
  checked: CheckedNode,
  { show, ...options }: RetryOptions & { show: Show },
): Promise<void> {
  await retry(async () => {
    let hasPassed: boolean;
    try {
      hasPassed = await check(checked);
    } catch (error) {
      if (options.signal.aborted || !(error instanceof CliError)) throw error;
      if (!isConnectionLoss(error)) throw error;
      show("unavailable, retrying...", "error");
      throw new RetryLater(error.message, { cause: error });
    }
    if (!hasPassed) throw new RetryLater("didn't reboot yet");
  }, options);
  show("post check passed", "succeeded");
}
