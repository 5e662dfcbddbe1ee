/** `/sys` of a node, as far as it is asked for: disks, network interfaces, processors, and links to them by number and class. */

import type { SandboxNode } from "../node.ts";
import type { Entries, FileMaker } from "./file_maker.ts";
import type { FileNode } from "./file_tree.ts";
import { cpuCount, cpuMhz, type Disk, disksOf, interfacesOf } from "./hardware.ts";

/** What is in `/sys`, without `fs`. */
export function deviceFiles(node: SandboxNode, sys: FileMaker): Entries {
  const { directory, link } = sys;
  const disks = disksOf(node);
  const blocks = disks.flatMap((disk) => [
    { device: disk, path: `${disk.bus}/block/${disk.name}` },
    ...disk.partitions.map((part) => ({
      device: part,
      path: `${disk.bus}/block/${disk.name}/${part.name}`,
    })),
  ]);
  const byNumber = blocks.map(({ device: { major, minor }, path }) =>
    [`${major}:${minor}`, link(`../../devices/${path}`)] as const
  );
  const byName = (up: string) =>
    Object.fromEntries(
      blocks.map(({ device, path }) => [device.name, link(`${up}/devices/${path}`)] as const),
    );
  const links = interfacesOf(node);
  return {
    block: directory(() =>
      Object.fromEntries(
        disks.map((disk) => [disk.name, link(`../devices/${disk.bus}/block/${disk.name}`)]),
      )
    ),
    class: directory(() => ({
      block: directory(byName("../..")),
      net: directory(Object.fromEntries(
        links.map(({ name }) => [name, link(`../../devices/virtual/net/${name}`)] as const),
      )),
    })),
    dev: directory({ block: directory(Object.fromEntries(byNumber)), char: directory({}) }),
    devices: directory(() => ({
      ...nested(disks, sys),
      system: directory({ cpu: directory(processorFiles(sys)) }),
      virtual: directory({
        net: directory(Object.fromEntries(links.map((link) => [
          link.name,
          directory({
            address: sys.file(() => `${link.hardwareAddress}\n`),
            mtu: sys.file(() => `${link.mtuBytes}\n`),
            operstate: sys.file(() => link.isUp ? "up\n" : "down\n"),
          }),
        ]))),
      }),
    })),
  };
}

/** The directories of the disks, by the words of their buses. */
function nested(disks: readonly Disk[], sys: FileMaker): Entries {
  type Tree = Map<string, Tree | FileNode>;
  const root: Tree = new Map();
  for (const disk of disks) {
    let current = root;
    for (const word of [...disk.bus.split("/"), "block"]) {
      const next = current.get(word);
      const below: Tree = next instanceof Map ? next : new Map();
      current.set(word, below);
      current = below;
    }
    current.set(disk.name, diskDirectory(disk, sys));
  }
  const toEntries = (tree: Tree): Entries =>
    Object.fromEntries([...tree].map(([name, below]) => [
      name,
      below instanceof Map ? sys.directory(() => toEntries(below)) : below,
    ]));
  return toEntries(root);
}

function diskDirectory(disk: Disk, { directory, file }: FileMaker): FileNode {
  const sectors = (sizeBytes: number) => file(() => `${sizeBytes / 512}\n`);
  const number = ({ major, minor }: { major: number; minor: number }) =>
    file(() => `${major}:${minor}\n`);
  return directory({
    dev: number(disk),
    size: sectors(disk.sizeBytes),
    ...Object.fromEntries(disk.partitions.map((part) => [
      part.name,
      directory({ dev: number(part), size: sectors(part.sizeBytes) }),
    ])),
  });
}

function processorFiles({ directory, file }: FileMaker): Entries {
  const frequency = (name: string, kilohertz: number) =>
    [name, file(() => `${kilohertz}\n`)] as const;
  return Object.fromEntries(Array.from({ length: cpuCount }, (_, index) => [
    `cpu${index}`,
    directory({
      cpufreq: directory(Object.fromEntries([
        frequency("scaling_cur_freq", cpuMhz * 1000),
        frequency("cpuinfo_min_freq", 800_000),
        frequency("cpuinfo_max_freq", cpuMhz * 1000),
        ["scaling_governor", file(() => "performance\n")],
      ])),
    }),
  ]));
}
