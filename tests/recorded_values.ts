/** The values that a node fills its outputs with, by command: they are compared by their form, tables by their columns too. */

/** What is done to an output that is full of a node's own values. */
export interface ValueRule {
  /** The recorded command lines that it is for. */
  command: RegExp;
  /** The columns of its table whose cells are compared by form; tables of unlisted columns lose only their padding. */
  columns?: readonly string[];
  /** Further values, line by line. */
  mask?: (text: string) => string;
  /**
   * Which rows must be there. `recorded`: those that were recorded, others may be too. `known`: any, as long as rows
   * of this form were recorded. `sorted`: all, in an order that follows the values. Default: all, in their order.
   */
  rows?: "recorded" | "known" | "sorted";
}

const duration = /[\d.]+(?:µs|ms|s)/;

/** The first whose command fits is used. */
export const valueRules: readonly ValueRule[] = [
  // Times are aligned to the right, shares of the parent to the left.
  {
    command: / cgroups /,
    mask: (text) =>
      text.replace(new RegExp(` +${duration.source}`, "g"), (cell) => "TIME".padStart(cell.length))
        .replace(/[\d.]+% */g, (cell) => "SHARE".padEnd(cell.length)),
  },
  { command: / containers/, columns: ["PID"] },
  { command: / stats/, columns: ["MEMORY(MB)", "CPU"] },
  { command: / memory -v/, mask: (text) => text.replace(/^((?!NODE)\w+: )\d+/gm, "$1N") },
  {
    command: / memory/,
    columns: ["TOTAL", "USED", "FREE", "SHARED", "BUFFERS", "CACHE", "AVAILABLE"],
  },
  {
    command: / mounts$/m,
    columns: ["SIZE(GB)", "USED(GB)", "AVAILABLE(GB)", "PERCENT USED"],
    rows: "recorded",
  },
  // The recorded nodes shared one network namespace, so each had the sockets of all of them.
  {
    command: / netstat/,
    columns: ["Recv-Q", "Send-Q", "Local Address", "Foreign Address", "Uid", "Inode"],
    mask: (text) => text.replace(/^\d\S+/gm, "NODE").replace(/ \d+\/[\w-]+$/gm, " N/PROGRAM"),
    rows: "known",
  },
  {
    command: / processes/,
    columns: ["PID", "STATE", "THREADS", "CPU-TIME", "VIRTMEM", "RESMEM"],
    // A process of the sandbox does not know which member of etcd was the first.
    mask: (text) =>
      text.replace(/ (--initial-cluster)=\S+ (--initial-cluster-state)=\w+/g, " $1=… $2=…"),
    rows: "sorted",
  },
  {
    command: / etcd status/,
    columns: ["DB SIZE", "RAFT INDEX", "RAFT TERM", "RAFT APPLIED INDEX"],
    mask: (text) => maskIdentities(text).replace(/ \d+ kB \([\d.]+%\)/g, " SIZE (SHARE)"),
    rows: "sorted",
  },
  // The order is that of the ids, which are random.
  { command: / etcd members/, columns: [], mask: maskIdentities, rows: "sorted" },
  // What was written to etcd by then.
  {
    command: / etcd snapshot/,
    mask: (text) =>
      text.replace(/\(\d+ bytes\)/, "(N bytes)")
        .replace(/ hash [\da-f]{8}, revision \d+, total keys \d+, total size \d+$/m, " FIGURES"),
  },
  { command: / (?:ls|usage) /, columns: ["SIZE(B)", "SIZE", "LASTMOD"], rows: "recorded" },
  { command: / image list/, columns: ["IMAGE", "DIGEST", "SIZE", "CREATED"] },
  { command: / logs /, mask: maskLogLine },
  // The whole history of a node is the tale of its own boot.
  { command: / events --(?:tail -1|duration)/, mask: maskHistory, rows: "known" },
  { command: / events /, mask: maskEventIds },
  // Ids that are derived from the random identity of a member have its order.
  { command: / affiliates/, columns: ["VERSION"], mask: maskIdentities, rows: "sorted" },
  // The API server of the recorded nodes was configured to be at the first node's loopback address.
  {
    command: / kubeprism/,
    columns: ["VERSION"],
    mask: (text) => text.replace(/(k8s-cluster .*?) {3}\S.*/, "$1 HOSTS PORTS"),
  },
  // Seconds without the zeros at their end.
  {
    command: / get .*cpustats/,
    columns: ["VERSION"],
    mask: (text) => text.replace(/ [\d.]+ {3}[\d.]+$/gm, " N   N"),
  },
  {
    command: / get .*links -o yaml/,
    mask: (text) =>
      maskIdentities(text)
        // The other end is in the host's network namespace; a node names it by its own links if its index is one of theirs.
        .replace(/^( +linkIndex: )[1-9]\d*$/gm, "$1N")
        .replace(/^ +veth:\n +peerName: eth0\n/gm, ""),
  },
  { command: / get /, columns: ["VERSION"], mask: maskIdentities },
  { command: / inspect /, mask: maskIdentities },
  // New keys at every call; the recorded API server was at the loopback address of its node.
  {
    command: / kubeconfig -$/m,
    mask: (text) =>
      text.replace(/(-data: )\S+/g, "$1BASE64").replace(
        /(server: https:\/\/)[\d.]+:\d+/,
        "$1ADDRESS",
      ),
  },
  { command: / read \/etc\/machine-id/, mask: (text) => text.replace(/[\da-f]{32}/, "ID") },
];

/** Identities of cluster members, hardware addresses and what is derived from them, ids of etcd members. */
function maskIdentities(text: string): string {
  return text
    .replace(/\b[\dA-Za-z]{43,44}\b/g, "IDENTITY")
    .replace(/\bfe80::[\da-f]+:[\da-f]+ff:fe[\da-f]+:[\da-f]+/g, "LINK-LOCAL")
    .replace(/(?!00:00|ff:ff)(?:\b[\da-f]{2}:){5}[\da-f]{2}\b/g, "HARDWARE-ADDRESS")
    .replace(/\b[\da-f]{16}\b/g, "MEMBER-ID");
}

/** What a program logs is its own; prefix and time are the node's. */
function maskLogLine(text: string): string {
  return text
    .replace(
      /^(\S+: )[\d/]{10} [\d:]{8}\.\d{6} \S+ [\d/]{10} [\d:]{8} .*/gm,
      "$1TIME machined TIME TEXT",
    )
    .replace(/^(\S+: )[-\d]{10}T[\d:]{8}\.\d+Z (\S+) [^{]* \{.*\}/gm, "$1TIME $2 TEXT")
    .replace(/^(\S+: )\{"level":"info","ts":"[-\d]{10}T[\d:.]+Z",.*\}/gm, "$1JSON");
}

function maskEventIds(text: string): string {
  return text.replace(/^(\S+ {3})[\da-v]{20} /gm, "$1ID ");
}

/** Each event by its type, and what it tells by where it stands: the name after 12 blanks, the text after 35. */
function maskHistory(text: string): string {
  return maskEventIds(text)
    .replace(/^ {12}(?=[^ ]).{22} (?=[^ ]).*/gm, "DETAIL")
    .replace(/^ {35}ADDRESSES: $/gm, "ADDRESSES");
}

/** An address, a number with its unit, a time, an age, or a digest by what it is. */
function formOf(cell: string): string {
  const [, address = "", port] = /^(.+):(\d+|\*)$/.exec(cell) ?? [];
  if (port === "*") return cell;
  if (port !== undefined && /^[\da-f.:]+$/.test(address)) {
    return address.includes(".") ? "IPV4:PORT" : "IPV6:PORT";
  }
  return cell
    .replace(/sha256:[\da-f]{64}/, "DIGEST")
    .replace(/^[-\d]{10}T[\d:]{8}Z$|^[A-Z][a-z]{2} [ \d]\d [\d:]{8}$/, "TIME")
    .replace(/^\d+ (?:second|minute|hour|day|week)s? ago$/, "AGE")
    .replace(/^\d+(?:\.\d+)? [kMGT]?B$/, "SIZE")
    .replace(/^(\d+)\.(\d+)/, (_, _whole, fraction) => `N.${"N".repeat(fraction.length)}`)
    .replace(/^\d+/, "N")
    .replace(/^[RS]$/, "STATE");
}

/**
 * A table without its padding, the cells of some columns by their form. What is not padded as tables are (each column
 * as wide as its widest cell, and three blanks) stays as it is, and so differs.
 */
export function tableForm(text: string, columns: readonly string[]): string {
  const lines = text.split("\n");
  const [header = "", ...rows] = lines.slice(0, -1);
  const names = header.split(/ {3,}/);
  if (names.length < 2) return text;
  const starts = names.map((_, index) =>
    names.slice(0, index).reduce((from, name) => header.indexOf(name, from) + name.length, 0)
  ).map((from, index) => header.indexOf(names[index] ?? "", from));
  const table = [header, ...rows].map((row) =>
    starts.map((start, index) => row.slice(start, starts[index + 1]))
  );
  const isPadded = starts.every((start, index) => {
    const next = starts[index + 1];
    if (next === undefined) return true;
    const widths = table.map((cells) => (cells[index] ?? "").trimEnd().length);
    return Math.max(...widths) + 3 === next - start;
  });
  if (!isPadded) return text;
  const shown = table.map((cells, row) =>
    cells.map((cell, index) => {
      const isLast = index === cells.length - 1;
      const value = isLast ? cell : cell.trimEnd();
      return row > 0 && columns.includes(names[index] ?? "") ? formOf(value) : value;
    }).join("   ")
  );
  return [...shown, ""].join("\n");
}
