/** Sending a configuration to nodes, and what is said of their answers (spec/machine-ops.md, 3). */

import type { Context, FlagsOf } from "../../core/command.ts";
import { protobufDuration } from "../../core/protobuf_duration.ts";
import type {
  ApplyConfigurationRequest,
  ApplyConfigurationResponse,
} from "../../proto/gen/machine/machine.ts";
import type { modeFlags } from "./mode_flags.ts";

/** What a node did with a configuration; `-o json` prints it as it is. */
export interface ApplicationRecord {
  node: string;
  /** The mode that the node chose, such as `NO_REBOOT`; empty where it was not asked. */
  mode: string;
  warnings: string[];
  /** What happened, in words of several lines; with `--dry-run` the differences too. */
  modeDetails: string;
}

type Mode = ApplyConfigurationRequest["mode"];

const modes: Readonly<Record<string, Mode>> = {
  "auto": "AUTO",
  "no-reboot": "NO_REBOOT",
  "staged": "STAGED",
  "try": "TRY",
};

/** The request that brings `data` to a node, as the flags want it. */
export function applyRequest(
  data: Uint8Array,
  { mode, dryRun, timeout }: FlagsOf<typeof modeFlags>,
) {
  return { data, mode: modes[mode], dryRun, tryModeTimeout: protobufDuration(timeout) };
}

/** What a node answered, as one record. */
export function recordOf(
  node: string,
  { messages }: ApplyConfigurationResponse,
): ApplicationRecord {
  return {
    node,
    mode: messages[0]?.mode ?? "",
    warnings: messages.flatMap(({ warnings }) => warnings),
    modeDetails: messages.map(({ modeDetails }) => modeDetails).join("\n"),
  };
}

/** The record of a node that was left as it is. */
export function skippedRecord(node: string, reason: "no changes detected" | "empty file") {
  return { node, mode: "", warnings: [], modeDetails: `Apply was skipped: ${reason}.` };
}

/** Says it on stderr, as the official client does; other output formats hold it already. */
export function tell(
  { note, output }: Pick<Context, "note" | "output">,
  { warnings, modeDetails }: ApplicationRecord,
): void {
  if (output !== "table") return;
  for (const warning of warnings) note(`WARNING: ${warning}`);
  if (modeDetails !== "") note(modeDetails);
}
