/** `talosctl cluster destroy`: ends a local cluster and removes what is kept of it. */

import type { clusterFlags } from "../../core/cluster_flags.ts";
import { clusterFolder, readClusterState } from "../../core/cluster_state.ts";
import type { Command, Flags } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { saveLogsArchive } from "./logs_archive.ts";

const flags = {
  force: {
    type: "bool",
    short: "f",
    help: "Remove the state of the cluster even if something else fails",
    persistent: true,
  },
  provisioner: {
    type: "string",
    help: "Accepted for old scripts; without effect",
    default: "docker",
    hidden: true,
    deprecated: "the provisioner is inferred automatically",
  },
  saveClusterLogsArchivePath: {
    type: "string",
    help: "Save the logs of the nodes to this archive first",
    persistent: true,
  },
  saveSupportArchivePath: {
    type: "string",
    help: "Save a support bundle to this file first",
    persistent: true,
  },
} as const satisfies Flags;

export const destroy: Command<object, typeof flags, typeof clusterFlags> = {
  path: ["cluster", "destroy"],
  summary: "Remove a local cluster and its state",
  description:
    `Stop and delete the nodes of the cluster, its network and the folder with its state. Nothing is asked.

Contexts in the talosconfig and in the kubeconfig stay; "talosctl config remove" and "kubectl config"
remove them.`,
  example: `  talosctl cluster destroy
  talosctl cluster destroy --name lab --force`,
  args: { rule: "none" },
  flags,
  targets: "none",

  async run(context) {
    const { flags, host, note } = context;
    const { provisionerName } = await readClusterState(flags.state, flags.name);
    const provisioners = await host.provisioners();
    const provisioner = provisioners.find(({ name }) => name === provisionerName);
    if (provisioner === undefined) {
      throw new CliError(`unsupported provisioner "${provisionerName}"`, {
        hint: `clusters of these can be removed here: ${
          provisioners.map(({ name }) => name).join(", ")
        }`,
      });
    }
    if (flags.saveSupportArchivePath !== "") {
      throw new CliError("saving a support archive: not available yet", {
        hint: "nothing was removed",
      });
    }
    const folder = clusterFolder(flags.state, flags.name);
    if (flags.saveClusterLogsArchivePath !== "") {
      note(`saving cluster logs archive to ${flags.saveClusterLogsArchivePath}`);
      await saveLogsArchive(folder, flags.saveClusterLogsArchivePath);
    }
    try {
      await provisioner.destroy(folder, context);
    } catch (error) {
      if (!flags.force) throw error;
      note(`WARNING: ${error instanceof Error ? error.message : String(error)}`);
    }
    note("removing state directory");
    await Deno.remove(folder, { recursive: true });
  },
};
