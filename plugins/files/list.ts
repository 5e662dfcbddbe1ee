/** `talosctl list`: the files below a folder of each node. */

import type { Column, Command, Context, Entry, Flags } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { formatFileMode } from "../../core/output/file_mode.ts";
import { formatRelativeTime } from "../../core/output/relative_time.ts";
import { formatBytes } from "../../core/output/sizes.ts";
import type { FileInfo, ListRequest_Type } from "../../proto/gen/machine/machine.ts";
import { formatFileTime } from "./file_time.ts";

/** One file of one node. */
interface FileRecord {
  node: string;
  /** The whole path. */
  name: string;
  /** The path below the listed folder, which is `.` itself. */
  relativeName: string;
  size: string;
  /** A file-mode word of Go. */
  mode: number;
  /** ISO 8601; seconds since 1970 where that has no such form. */
  modified: string;
  isDir: boolean;
  /** Where a symbolic link leads to, else empty. */
  link: string;
  uid: number;
  gid: number;
  /** The SELinux label; nodes tell it with `--long` only. */
  label: string;
}

const flags = {
  depth: { type: "int32", short: "d", help: "Levels of folders to show", default: 1 },
  humanize: {
    type: "bool",
    short: "H",
    help: "With --long, print sizes with units and times as ages",
  },
  long: { type: "bool", short: "l", help: "Print mode, owner, size, time and label too" },
  recurse: { type: "bool", short: "r", help: "Go into all folders below" },
  type: {
    type: "strings",
    short: "t",
    help: "Kinds of entries to show: f (files), d (folders), l (links)",
  },
} as const satisfies Flags;

export const list: Command<FileRecord, typeof flags> = {
  path: ["list"],
  aliases: ["ls"],
  usage: "[path]",
  summary: "List files and folders of nodes",
  description: "Lists a folder of the node, / if none is given.",
  example: `  talosctl list -n 10.5.0.2 /var/log
  talosctl list -n 10.5.0.2 /etc -l -H
  talosctl list -n 10.5.0.2 /var -r -t f`,
  group: "talos",
  args: { rule: "max", max: 1, completion: { positions: ["nodePath"], rest: "error" } },
  flags,
  targets: "many",
  layout({ flags: { long, humanize }, nodes }) {
    if (long) {
      return { columns: humanize ? humanizedColumns : longColumns, header: "first row" };
    }
    if (nodes.length > 1) return { columns: shortColumns, header: "first row" };
    return { text: ({ relativeName }) => `${relativeName}\n` };
  },
  nodeError: (node, error) =>
    `${error instanceof UnreadableFile ? node : `error from node ${node}`}: ${error.message}`,

  async *run(context) {
    const { depth, recurse, long } = context.flags;
    if (recurse && depth !== 1) {
      throw new CliError(
        "only one of flags --recurse and --depth can be specified at the same time",
      );
    }
    const nodes = await context.nodes();
    yield* show(context, nodes, {
      root: context.args[0] ?? "/",
      recurse: recurse || depth > 1,
      recursionDepth: recurse ? -1 : depth,
      types: fileTypes(context.flags.type),
      reportXattrs: long,
    });
  },
};

/** A file that is there and cannot be looked at; the listing goes on. */
class UnreadableFile extends Error {}

interface Listing {
  root: string;
  recurse: boolean;
  recursionDepth: number;
  types: ListRequest_Type[];
  reportXattrs: boolean;
}

async function* show(
  { talos }: Pick<Context, "talos">,
  nodes: readonly string[],
  listing: Listing,
): AsyncGenerator<Entry<FileRecord>> {
  const machine = await talos.nodes(nodes).service("machine.MachineService");
  for await (const answer of machine.list(listing)) {
    if ("error" in answer) {
      yield answer;
      continue;
    }
    const { node, value: { name, error } } = answer;
    if (error === "") yield recordOf(node, answer.value);
    else yield { node, error: new UnreadableFile(`error reading file ${name}: ${error}`) };
  }
}

const typesByLetter: Readonly<Record<string, ListRequest_Type>> = {
  f: "REGULAR",
  d: "DIRECTORY",
  l: "SYMLINK",
  L: "SYMLINK",
};

function fileTypes(words: readonly string[]): ListRequest_Type[] {
  return words.flatMap((word) => [...word]).map((letter) => {
    const type = typesByLetter[letter];
    if (type === undefined) throw new CliError(`invalid file type: ${letter}`);
    return type;
  });
}

function recordOf(node: string, info: FileInfo): FileRecord {
  const { name, relativeName, size, mode, isDir, link, uid, gid, xattrs } = info;
  const label = xattrs.find((xattr) => xattr.name === "security.selinux")?.data;
  return {
    node,
    name,
    relativeName,
    size,
    mode,
    modified: timeText(info.modified),
    isDir,
    link,
    uid,
    gid,
    label: new TextDecoder().decode(label).replace(trimmedOfLabels, ""),
  };
}

/** The kernel ends labels with NUL. */
const trimmedOfLabels = /^[\0\n]+|[\0\n]+$/g;

/** The farthest that a date of JavaScript reaches. */
const latestMs = 8.64e15;

function timeText(seconds: string): string {
  const timeMs = Number(seconds) * 1000;
  return Math.abs(timeMs) <= latestMs ? new Date(timeMs).toISOString() : seconds;
}

// The layouts of spec/machine-read.md, 13.

const shortColumns: Column<FileRecord>[] = [
  { header: "NODE", cell: ({ node }) => node },
  { header: "NAME", cell: ({ relativeName }) => relativeName },
];

const longColumns = columnsWith({
  size: ({ size }) => size,
  time: ({ modified }, { now }) => formatFileTime(new Date(modified), now) ?? modified,
});

const humanizedColumns = columnsWith({
  size: ({ size }) => formatBytes(size),
  time: ({ modified }, { now }) => formatRelativeTime(new Date(modified), now),
});

type Cell = Column<FileRecord>["cell"];

function columnsWith({ size, time }: { size: Cell; time: Cell }): Column<FileRecord>[] {
  return [
    { header: "NODE", cell: ({ node }) => node },
    { header: "MODE", cell: ({ mode }) => formatFileMode(mode) },
    { header: "UID", cell: ({ uid }) => String(uid) },
    { header: "GID", cell: ({ gid }) => String(gid) },
    { header: "SIZE(B)", cell: size },
    { header: "LASTMOD", cell: time },
    { header: "LABEL", cell: ({ label }) => label },
    { header: "NAME", cell: nameText },
  ];
}

function nameText({ relativeName, link }: FileRecord): string {
  return link === "" ? relativeName : `${relativeName} -> ${link}`;
}
