/**
 * `deno task index`: asks every folder of `plugins/` what it declares and writes `cli/index.jsonl`.
 * With `--check` it only says whether the file is current.
 */

import type { CommandIndex, IndexedCommand } from "../core/command_index.ts";
import { indexPlugin } from "../core/plugin_index.ts";
import { loadPlugin } from "../core/plugin_loader.ts";
import { formatIndex } from "../core/stored_index.ts";
import { frameCommands } from "./frame_commands.ts";

/** The order in which the official client registers its root commands; suggestions follow it (spec/cli.md, 3). */
const registrationOrder =
  `docs bgp-launch dhcpd-launch dnsd-launch json-logs-launch kms-launch loadbalancer-launch qemu-launch
  remote-provision-launch cluster gen debug-tool inject machineconfig siderolink-launch validate virtiofsd-launch
  apply-config bootstrap cgroups config conformance containers copy crashdump dashboard debug diskfree disks usage dmesg
  edit etcd events get health image inspect interfaces kubeconfig list logs memory meta mounts netstat patch pcap
  processes read reboot reset restart rollback rotate-ca routes service shutdown stats support time upgrade-k8s upgrade
  version wipe`.split(/\s+/);

/** The index of the first-party plugins and the frame's own commands. */
export async function buildIndex(root: URL): Promise<CommandIndex> {
  const index: CommandIndex = { commands: [], completers: {}, provisioners: [] };
  const folders = [...Deno.readDirSync(new URL("plugins/", root))]
    .filter((entry) => entry.isDirectory).map((entry) => entry.name).sort();
  for (const folder of folders) {
    const plugin = await loadPlugin(new URL(`plugins/${folder}/plugin.ts`, root));
    const part = indexPlugin(plugin, folder);
    index.commands.push(...part.commands);
    Object.assign(index.completers, part.completers);
    index.provisioners.push(...part.provisioners);
  }
  index.commands.sort((a, b) => compareCommands(a, b));
  index.commands.push(...frameCommands.map((command) => ({ ...command, plugin: "" })));
  refuseTwice(index.commands);
  return index;
}

function compareCommands(a: IndexedCommand, b: IndexedCommand): number {
  return rank(a) - rank(b) || (a.path.join(" ") < b.path.join(" ") ? -1 : 1);
}

/** Commands the official client does not have come after all it has. */
function rank({ path: [first = ""] }: IndexedCommand): number {
  const at = registrationOrder.indexOf(first);
  return at < 0 ? registrationOrder.length : at;
}

function refuseTwice(commands: readonly IndexedCommand[]): void {
  const owners = new Map<string, string>();
  for (const { path, plugin } of commands) {
    const name = path.join(" ");
    const owner = owners.get(name);
    if (owner !== undefined) throw new Error(`"${name}" is in plugins ${owner} and ${plugin}`);
    owners.set(name, plugin);
  }
}

if (import.meta.main) {
  const root = new URL("..", import.meta.url);
  const file = new URL("cli/index.jsonl", root);
  const text = formatIndex(await buildIndex(root));
  if (Deno.args.includes("--check")) {
    if (Deno.readTextFileSync(file) !== text) {
      Deno.stderr.writeSync(
        new TextEncoder().encode("cli/index.jsonl is not current: run deno task index\n"),
      );
      Deno.exit(1);
    }
  } else Deno.writeTextFileSync(file, text);
}
