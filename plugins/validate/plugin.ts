/** The `validate` command: a configuration file checked without a node. */

import type { Plugin } from "../../core/plugin.ts";
import { validate } from "./validate.ts";

export default {
  name: "validate",
  apiVersion: 1,
  register(registry) {
    registry.command(validate);
  },
} satisfies Plugin;
