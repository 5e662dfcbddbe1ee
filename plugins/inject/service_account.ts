/** `talosctl inject serviceaccount`: manifests whose workloads may use the Talos API. */

import { concatBytes } from "../../core/bytes.ts";
import type { Command, Context, Flags } from "../../core/command.ts";
import { readBounded } from "../../core/files/read_bounded.ts";
import { injectServiceAccounts } from "./manifest.ts";

const flags = {
  file: { type: "string", short: "f", help: "Manifest to read; - is stdin" },
  roles: {
    type: "strings",
    short: "r",
    help: "Roles of the service account",
    default: ["os:reader"],
  },
} as const satisfies Flags;

const path = ["inject", "serviceaccount"] as const;

/** Kubernetes takes no object of more than some megabytes. */
const maxSizeBytes = 256 * 1024 * 1024;

export const serviceAccount: Command<object, typeof flags> = {
  path,
  aliases: ["tsa"],
  usage: "[--roles='<ROLE_1>,<ROLE_2>'] -f <manifest.yaml>",
  summary: "Give the workloads of a manifest access to the Talos API",
  description: `Prints the manifest with a Talos service account for each workload in it,
mounted at /var/run/secrets/talos.dev. Pods, Deployments, StatefulSets,
DaemonSets, Jobs and CronJobs are changed, all else passes through. Nodes must
allow the roles in their configuration.

Running it again on its own output changes nothing.`,
  example: `  talosctl inject serviceaccount -f deployment.yaml > with-access.yaml
  talosctl inject serviceaccount --roles='os:reader,os:etcd:backup' -f - < job.yaml | kubectl apply -f -`,
  args: { rule: "none" },
  flags,
  targets: "none",

  async *run({ flags: { file, roles }, stdin, host }) {
    if (file === "") {
      yield await host.helpOf(path);
      return;
    }
    const text = new TextDecoder().decode(await readManifest(file, stdin));
    yield new TextEncoder().encode(await injectServiceAccounts(text, roles));
  },
};

async function readManifest(file: string, stdin: Context["stdin"]): Promise<Uint8Array> {
  if (file !== "-") return await readBounded(file, maxSizeBytes);
  return concatBytes(await Array.fromAsync(stdin));
}
