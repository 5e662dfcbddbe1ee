/** `talosctl config proxy-url`: the proxy through which a context's endpoints are reached. */

import type { Command } from "../../core/command.ts";
import { chosenContext, openConfig } from "./chosen_context.ts";

export const proxyUrl: Command = {
  path: ["config", "proxy-url"],
  usage: "[url]",
  summary: "Show or set the proxy of the current context",
  description: `Prints the URL of the proxy through which the endpoints are reached, or stores
the one given; an empty one removes it.`,
  example: `  talosctl config proxy-url socks5://127.0.0.1:1080
  talosctl config proxy-url ''`,
  args: { rule: "max", max: 1 },
  flags: {},
  targets: "none",

  async run({ args: [url], config, note }) {
    const { context } = config.flags;
    if (url === undefined) {
      const file = await openConfig(config);
      // On stderr, as the official client has it (spec/client.md, 2.4).
      note(chosenContext(file.config, context).proxyUrl);
      return;
    }
    await config.edit((talosconfig) => {
      chosenContext(talosconfig, context).proxyUrl = url.trim();
    });
  },
};
