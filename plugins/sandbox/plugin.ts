/** Simulated clusters: `cluster create sandbox`, its process, its faults. */

import type { Plugin } from "../../core/plugin.ts";
import { createCommand } from "./create.ts";
import { fault, heal, powerOn, sandboxGroup } from "./fault_commands.ts";
import { provisioner } from "./provisioner.ts";
import { serve } from "./serve_command.ts";

export default {
  name: "sandbox",
  apiVersion: 1,
  register(registry) {
    registry.command(createCommand({ entry: entryModule() }));
    registry.command(serve);
    registry.command(sandboxGroup);
    registry.command(fault);
    registry.command(heal);
    registry.command(powerOn);
    registry.provisioner(provisioner);
  },
} satisfies Plugin;

/** This module's place in the program's folder is fixed, so the entry's is known, bundled or not. */
function entryModule(): URL | undefined {
  if (Deno.build.standalone) return undefined;
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return new URL(`../../cli/main.${extension}`, import.meta.url);
}
