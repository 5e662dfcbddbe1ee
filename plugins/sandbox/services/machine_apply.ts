/** MachineService: a new machine configuration, checked, shown or put in force (spec/machine-ops.md, 16.7). */

import { countedText } from "../../../core/counted_errors.ts";
import { CliError, RpcError } from "../../../core/errors.ts";
import { validateConfig } from "../../../core/machine_config/validate/validate.ts";
import { decodeText } from "../../../core/yaml/decode_text.ts";
import type { ApplyConfigurationRequest } from "../../../proto/gen/machine/machine.ts";
import { requireAdminOrMaintenance } from "../admin_or_maintenance.ts";
import { type ApplyMode, dryRunDetails, modeDetails } from "../apply_details.ts";
import { changeConfig } from "../change_config.ts";
import { isInMaintenance, type NodeConfig, type SandboxNode } from "../node.ts";
import { readNodeConfig } from "../node_config.ts";
import { type HandlerContext, implement } from "../service_group.ts";

const applying = new WeakSet<SandboxNode>();
/** What ends the wait of a configuration that is only tried. */
const trials = new WeakMap<SandboxNode, AbortController>();
const defaultTryMs = 60_000;

export const machineApply = implement("machine.MachineService", {
  applyConfiguration: async (request, context) => {
    const { node } = context;
    if (applying.has(node)) {
      const reason = "another apply configuration is already in progress";
      throw new RpcError("FailedPrecondition", reason);
    }
    requireAdminOrMaintenance(context);
    applying.add(node);
    try {
      return { messages: [await apply(request, context)] };
    } finally {
      applying.delete(node);
    }
  },
});

async function apply(request: ApplyConfigurationRequest, context: HandlerContext) {
  const { node } = context;
  if (request.mode !== "TRY") trials.get(node)?.abort();
  const config = await readConfig(request.data);
  if (!isInMaintenance(node) && config.machineType === "unknown") {
    throw invalid(
      "the applied machine configuration doesn't contain v1alpha1 config, " +
        "did you mean to patch the machine config instead?",
    );
  }
  if (request.mode === "REBOOT" && !isInMaintenance(node)) {
    const reason = "the REBOOT mode is not supported, please use AUTO or NO_REBOOT modes instead";
    throw new RpcError("Unimplemented", reason);
  }
  const { platform } = node;
  const { errors, warnings } = await validateConfig(config.documents, {
    mode: platform,
    isStrict: false,
  });
  if (errors.length > 0) throw invalid(countedText(errors));
  const mode = modeOf(request);

  if (request.dryRun) {
    const before = isInMaintenance(node) ? [] : node.config?.documents ?? [];
    return { mode, modeDetails: await dryRunDetails(mode, before, config.documents) };
  }
  const tryMs = durationMs(request.tryModeTimeout);
  putInForce(config, { ...context, mode, tryMs });
  return { mode, warnings, modeDetails: modeDetails(mode, tryMs) };
}

async function readConfig(data: Uint8Array): Promise<NodeConfig> {
  try {
    return await readNodeConfig(decodeText(data));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    throw new RpcError("InvalidArgument", error.message, { cause: error });
  }
}

function modeOf({ mode }: ApplyConfigurationRequest): ApplyMode {
  switch (mode) {
    case "REBOOT":
    case "AUTO":
    case "NO_REBOOT":
      return "NO_REBOOT";
    case "STAGED":
    case "TRY":
      return mode;
    default:
      throw invalid(`incorrect mode '${mode}' specified for the apply config call`);
  }
}

interface Application extends HandlerContext {
  mode: ApplyMode;
  tryMs: number;
}

function putInForce(config: NodeConfig, { cluster, node, mode, tryMs }: Application): void {
  const before = node.config;
  if (mode !== "TRY") node.disk.config = config;
  changeConfig(cluster, node, mode === "STAGED" ? before : config);
  if (mode !== "TRY") return;
  trials.get(node)?.abort();
  const trial = new AbortController();
  trials.set(node, trial);
  // Ends with the sandbox.
  void node.lifecycle.later(tryMs, trial.signal, () => changeConfig(cluster, node, before));
}

function durationMs(duration: { seconds: string; nanos: number } | undefined): number {
  if (duration === undefined) return defaultTryMs;
  const { seconds, nanos } = duration;
  return Number(seconds) * 1000 + nanos / 1e6 || defaultTryMs;
}

function invalid(reason: string): RpcError {
  return new RpcError("InvalidArgument", reason);
}
