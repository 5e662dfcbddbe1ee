/** `talosctl diskfree`: how full the mounted volumes of each node are. */

import type { Command, Entry, Flags, NodeError } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { mergeArrivals } from "../../core/merge_arrivals.ts";
import { formatIBytes, formatSi } from "../../core/output/sizes.ts";
import { type MountedVolume, readMountedVolumes } from "./mounted_volumes.ts";

/** The mounted volumes of one node; one document a node, as a node without any counts too. */
interface VolumesRecord {
  node: string;
  /** In order of their ids. */
  volumes: MountedVolume[];
}

const flags = {
  bytes: { type: "bool", short: "b", help: "Print sizes in bytes" },
  inodes: { type: "bool", short: "i", help: "Count inodes instead of space" },
} as const satisfies Flags;

export const diskfree: Command<VolumesRecord, typeof flags> = {
  path: ["diskfree"],
  aliases: ["df"],
  usage: "[volume ID]",
  summary: "Show how full the volumes of nodes are",
  description: `Shows the size of the mounted volumes and how much of it is taken; of one volume
when its id is given.`,
  example: `  talosctl diskfree -n 10.5.0.2
  talosctl diskfree -n 10.5.0.2 EPHEMERAL --inodes`,
  group: "talos",
  args: { rule: "max", max: 1 },
  flags,
  targets: "many",
  // spec/machine-read.md, 15: the header comes with the first node that answered well, even without volumes.
  layout({ flags: { inodes, bytes }, first }) {
    const header = inodes ? inodeHeader : spaceHeader;
    const cells = inodes ? inodeCells : spaceCells;
    return {
      rows: (record) => {
        const { node, volumes } = record;
        const rows = volumes.map((volume) => {
          const { volumeId, filesystem, mountPoint } = volume;
          return [node, volumeId, filesystem, ...cells(volume, bytes), mountPoint];
        });
        return record === first ? [header, ...rows] : rows;
      },
    };
  },

  async *run({ args: [id = ""], nodes, talos, signal }) {
    const ended = new AbortController();
    const callSignal = AbortSignal.any([signal, ended.signal]);
    async function* volumesOf(node: string): AsyncGenerator<VolumesRecord | NodeError> {
      try {
        const volumes = await readMountedVolumes(talos.node(node), id, callSignal);
        yield { node, volumes };
      } catch (error) {
        if (!(error instanceof CliError)) throw error;
        yield { node, error };
      }
    }
    try {
      const answers: AsyncIterable<Entry<VolumesRecord>> = mergeArrivals(
        (await nodes()).map(volumesOf),
      );
      yield* answers;
    } finally {
      ended.abort();
    }
  },
};

const spaceHeader = "NODE,VOLUME,FILESYSTEM,SIZE,USED,AVAILABLE,USAGE,MOUNT POINT".split(",");
const inodeHeader = "NODE,VOLUME,FILESYSTEM,INODES,IUSED,IFREE,%IUSED,MOUNT POINT".split(",");

function spaceCells({ size, used, available }: MountedVolume, isPlain: boolean): string[] {
  const text = (amount: string) => isPlain ? amount : formatIBytes(amount).replace(" ", "");
  const total = BigInt(used) + BigInt(available);
  return [text(size), text(used), text(available), percentText(used, total)];
}

function inodeCells(volume: MountedVolume, isPlain: boolean): string[] {
  const { inodes, inodesUsed, inodesFree } = volume;
  const text = (count: string) => isPlain ? count : formatSi(count).toUpperCase();
  return [
    text(inodes),
    text(inodesUsed),
    text(inodesFree),
    percentText(inodesUsed, BigInt(inodes)),
  ];
}

/** Rounded up, so that a volume that is in use never shows 0%. */
function percentText(used: string, total: bigint): string {
  if (total === 0n) return "-";
  return `${(BigInt(used) * 100n + total - 1n) / total}%`;
}
