/** What runs on nodes and what it uses: containers, processes, memory, mounts, sockets, control groups, clocks. */

import type { Plugin } from "../../core/plugin.ts";
import { cgroups } from "./cgroups.ts";
import { completeContainer, completePod } from "./complete_containers.ts";
import { containers } from "./containers.ts";
import { memory } from "./memory.ts";
import { mounts } from "./mounts.ts";
import { netstat } from "./netstat.ts";
import { processes } from "./processes.ts";
import { restart } from "./restart.ts";
import { stats } from "./stats.ts";
import { time } from "./time.ts";

export default {
  name: "system",
  apiVersion: 1,
  register(registry) {
    registry.command(cgroups);
    registry.command(containers);
    registry.command(memory);
    registry.command(mounts);
    registry.command(netstat);
    registry.command(processes);
    registry.command(restart);
    registry.command(stats);
    registry.command(time);
    registry.completer("container", completeContainer);
    registry.completer("pod", completePod);
  },
} satisfies Plugin;
