/** The `wipe` command group: erasing storage of nodes. */

import type { Plugin } from "../../core/plugin.ts";
import { array } from "./array.ts";
import { disk } from "./disk.ts";
import { group } from "./group.ts";
import { logicalVolume } from "./logical_volume.ts";
import { physicalVolume } from "./physical_volume.ts";
import { volumeGroup } from "./volume_group.ts";

export default {
  name: "wipe",
  apiVersion: 1,
  register(registry) {
    registry.command(group);
    registry.command(disk);
    registry.command(logicalVolume);
    registry.command(array);
    registry.command(physicalVolume);
    registry.command(volumeGroup);
  },
} satisfies Plugin;
