/** `talosctl plugin remove`: removes plugins with what was approved of them. */

import type { Command } from "../../core/command.ts";
import { approvalFlags, approve } from "./approval.ts";
import { remember, withChangeLock } from "./install.ts";
import { findInstalled } from "./installed.ts";
import { removeTree } from "./staged_plugin.ts";

export const remove: Command<object, typeof approvalFlags> = {
  path: ["plugin", "remove"],
  aliases: ["rm"],
  usage: "<name>...",
  summary: "Remove plugins and their approval",
  description: `Removes the folder of each plugin and what was approved of it. What a plugin
itself has written elsewhere stays.`,
  example: `  talosctl plugin remove my-plugin
  talosctl plugin remove my-plugin --yes`,
  args: { rule: "min", min: 1, completion: { positions: [], rest: "plugin" } },
  flags: approvalFlags,
  targets: "none",

  async run(ctx) {
    // All are looked for before one is removed: a wrong name changes nothing.
    const found = [];
    for (const name of new Set(ctx.args)) found.push(await findInstalled(name, ctx.env));
    await approve(ctx, {
      attempt: `removing ${found.map(({ name }) => name).join(", ")}`,
      lines: found.map(({ name, folder }) => `plugin ${name}: ${folder} is removed`),
      question: "Remove?",
    });
    for (const { name, folder, pluginsFolder } of found) {
      await withChangeLock(pluginsFolder, ctx.signal, async () => {
        // Without its approval it cannot run, should the removal of the folder fail.
        await remember(pluginsFolder, name, undefined);
        await removeTree(folder);
      });
    }
  },
};
