/** `talosctl image list`: the images that nodes keep. */

import { perNode } from "../../core/client/per_node.ts";
import type { Column, Command, Context, Entry } from "../../core/command.ts";
import { containerdInstance, legacyNamespace } from "../../core/containerd_instance.ts";
import { RpcError } from "../../core/errors.ts";
import { compareCodePoints } from "../../core/output/code_point_order.ts";
import { formatBytes } from "../../core/output/sizes.ts";
import { formatTable } from "../../core/output/table.ts";
import { exactIsoTime } from "../../core/output/times.ts";
import type { ImageServiceListResponse } from "../../proto/gen/machine/image.ts";
import type { namespaceFlags } from "./namespace.ts";

/** One name of an image; an image has as many records as names. */
interface ImageRecord {
  node: string;
  name: string;
  digest: string;
  /** Bytes; 0 when the node does not know it. */
  size: string;
  /** ISO 8601. */
  createdAt: string;
  /** Absent from nodes without the image service. */
  labels?: Record<string, string>;
}

export const list: Command<ImageRecord, Record<never, never>, typeof namespaceFlags> = {
  path: ["image", "list"],
  aliases: ["l", "ls"],
  summary: "List the images on nodes",
  description: "Lists the images that containerd keeps, with digest, size and labels.",
  example: `  talosctl image list -n 10.5.0.2
  talosctl image list -n 10.5.0.2 --namespace system`,
  args: { rule: "none" },
  flags: {},
  targets: "many",
  layout: ({ first }) => ({
    columns: first === undefined || first.labels !== undefined ? columns : legacyColumns,
    header: "first row",
  }),

  async *run(context) {
    const nodes = await context.nodes();
    const entries = await listImages(context, nodes);
    yield* entries ?? listFromOldNodes(context, nodes);
  },
};

/** Held back until all have answered; undefined when one node does not know the image service. */
async function listImages(
  { flags, talos }: Pick<Context<typeof namespaceFlags>, "flags" | "talos">,
  nodes: readonly string[],
): Promise<Entry<ImageRecord>[] | undefined> {
  const containerd = containerdInstance(flags.namespace);
  const images = await talos.nodes(nodes).service("machine.ImageService");
  const entries: Entry<ImageRecord>[] = [];
  for await (
    const entry of perNode(images.list({ containerd }), (image) => [{
      ...readImage(image),
      labels: image.labels,
    }])
  ) {
    const error = "error" in entry ? entry.error : undefined;
    if (error instanceof RpcError && error.code === "Unimplemented") return undefined;
    entries.push(entry);
  }
  return entries;
}

/** All nodes are asked again, and the header stands there also without an image (spec/machine-read.md, 22). */
async function* listFromOldNodes(
  { flags, output, talos }: Pick<Context<typeof namespaceFlags>, "flags" | "output" | "talos">,
  nodes: readonly string[],
): AsyncGenerator<Entry<ImageRecord>> {
  const namespace = legacyNamespace(flags.namespace);
  const machine = await talos.nodes(nodes).service("machine.MachineService");
  let isEmpty = true;
  for await (
    const entry of perNode(machine.imageList({ namespace }), (image) => [readImage(image)])
  ) {
    if (!("error" in entry)) isEmpty = false;
    yield entry;
  }
  if (isEmpty && output === "table") yield formatTable([legacyColumns.map(({ header }) => header)]);
}

function readImage(
  { name, digest, size, createdAt }: Omit<ImageServiceListResponse, "labels">,
): Omit<ImageRecord, "node" | "labels"> {
  const created = createdAt && exactIsoTime(createdAt);
  return { name, digest, size, createdAt: created ?? "1970-01-01T00:00:00Z" };
}

const firstColumns: Column<ImageRecord>[] = [
  { header: "NODE", cell: ({ node }) => node },
  { header: "IMAGE", cell: ({ name }) => name },
  { header: "DIGEST", cell: ({ digest }) => digest },
  { header: "SIZE", cell: ({ size }) => formatBytes(size) },
];

const created: Column<ImageRecord> = {
  header: "CREATED",
  cell: ({ createdAt }) => createdAt.replace(/\.\d+Z$/, "Z"),
};

const columns: Column<ImageRecord>[] = [
  ...firstColumns,
  { header: "LABELS", cell: ({ labels = {} }) => labelsText(labels) },
  created,
];

const legacyColumns: Column<ImageRecord>[] = [...firstColumns, created];

function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .toSorted(([left], [right]) => compareCodePoints(left, right))
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}
