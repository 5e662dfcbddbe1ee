/** The `kubeconfig` command. */

import type { Plugin } from "../../core/plugin.ts";
import { kubeconfig } from "./kubeconfig.ts";

export default {
  name: "kubeconfig",
  apiVersion: 1,
  register(registry) {
    registry.command(kubeconfig);
  },
} satisfies Plugin;
