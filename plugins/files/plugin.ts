/** The files of nodes: listing, measuring, reading, copying them, and the volumes they are on. */

import type { Plugin } from "../../core/plugin.ts";
import { completeNodeDirectory, completeNodePath } from "./complete_node_path.ts";
import { copy } from "./copy.ts";
import { diskfree } from "./diskfree.ts";
import { list } from "./list.ts";
import { read } from "./read.ts";
import { usage } from "./usage.ts";

export default {
  name: "files",
  apiVersion: 1,
  register(registry) {
    registry.command(copy);
    registry.command(diskfree);
    registry.command(list);
    registry.command(read);
    registry.command(usage);
    registry.completer("nodeDirectory", completeNodeDirectory);
    registry.completer("nodePath", completeNodePath);
  },
} satisfies Plugin;
