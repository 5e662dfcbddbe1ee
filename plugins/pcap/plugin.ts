/** The `pcap` command: packets of a node. */

import type { Plugin } from "../../core/plugin.ts";
import { pcap } from "./pcap.ts";

export default {
  name: "pcap",
  apiVersion: 1,
  register(registry) {
    registry.command(pcap);
  },
} satisfies Plugin;
