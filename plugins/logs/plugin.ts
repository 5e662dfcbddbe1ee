/** What nodes tell as it happens: logs of services and of the kernel, and events. */

import type { Plugin } from "../../core/plugin.ts";
import { completeLogSource } from "./complete_log_source.ts";
import { dmesg } from "./dmesg.ts";
import { events } from "./events.ts";
import { logs } from "./logs.ts";

export default {
  name: "logs",
  apiVersion: 1,
  register(registry) {
    registry.command(dmesg);
    registry.command(events);
    registry.command(logs);
    registry.completer("logSource", completeLogSource);
  },
} satisfies Plugin;
