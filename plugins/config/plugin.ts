/** The `config` command group: the talosconfig, which says where clusters are and who the user is there. */

import type { Plugin } from "../../core/plugin.ts";
import { add } from "./add.ts";
import { context } from "./context.ts";
import { contexts } from "./contexts.ts";
import { endpoint } from "./endpoint.ts";
import { group } from "./group.ts";
import { info } from "./info.ts";
import { merge } from "./merge.ts";
import { newConfig } from "./new.ts";
import { node } from "./node.ts";
import { proxyUrl } from "./proxy_url.ts";
import { remove } from "./remove.ts";

export default {
  name: "config",
  apiVersion: 1,
  register(registry) {
    registry.command(group);
    registry.command(add);
    registry.command(context);
    registry.command(contexts);
    registry.command(endpoint);
    registry.command(info);
    registry.command(merge);
    registry.command(newConfig);
    registry.command(node);
    registry.command(proxyUrl);
    registry.command(remove);
  },
} satisfies Plugin;
