/** `talosctl gen config`: the files that a cluster's machines start from. */

import type { Command } from "../../core/command.ts";
import { configFlags } from "../../core/machine_config/generate/flags.ts";
import type { genFlags } from "./group.ts";

export const config: Command<object, typeof configFlags, typeof genFlags> = {
  path: ["gen", "config"],
  usage: "<cluster name> <cluster endpoint>",
  summary: "Generate the machine configurations and the talosconfig of a cluster",
  description: `Writes controlplane.yaml, worker.yaml and talosconfig, for machines that are to
form one cluster. The endpoint is the https URL at which Kubernetes will be
reached: a load balancer, a shared IP or a DNS name in front of the control
plane nodes.

Each run makes new secrets: to generate again for the same cluster, keep them
with "gen secrets" and pass them by --with-secrets. The files hold private keys.`,
  example: `  talosctl gen config lab https://10.5.0.1:6443
  talosctl gen config lab https://k8s.example.com:6443 --with-secrets secrets.yaml -o conf
  talosctl gen config lab https://10.5.0.1:6443 -t worker -o - --config-patch @patch.yaml`,
  args: { rule: "exact", min: 2, max: 2 },
  flags: configFlags,
  targets: "none",

  async *run(ctx) {
    const { generateFiles } = await import("../../core/machine_config/generate/files.ts");
    const text = await generateFiles(ctx.args, ctx.flags, ctx);
    if (text !== undefined) yield text;
  },
};
