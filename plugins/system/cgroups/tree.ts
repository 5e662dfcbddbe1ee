/** The tree of control groups of a node, from the files that the kernel shows. */

import { CliError } from "../../../core/errors.ts";
import { compareCodePoints } from "../../../core/output/code_point_order.ts";
import type { TemplateObject } from "../go_template/values.ts";
import type { ArchiveEntry } from "./archive.ts";
import { cgroupFields, fieldsByFile } from "./fields.ts";
import { CgroupValue } from "./value.ts";

/** The names that take the place of numbers and ids. */
export interface CgroupNames {
  /** Programs by process id. */
  processes: ReadonlyMap<string, string>;
  /** Disks by `major:minor`. */
  devices: ReadonlyMap<string, string>;
  /** Pods and containers by the names of their control groups. */
  cgroups: ReadonlyMap<string, string>;
}

/** One control group; for templates an object with the fields of spec/machine-read.md, 18. */
export class Cgroup implements TemplateObject {
  readonly goType = "*cgroups.Node";
  readonly fields = new Map<string, unknown>();
  readonly children = new Map<string, Cgroup>();

  constructor() {
    for (const { name, empty } of cgroupFields) this.fields.set(name, empty);
    this.fields.set("CgroupProcsResolved", []);
    this.fields.set("Children", this.children);
  }

  member(name: string): ReturnType<TemplateObject["member"]> {
    return this.fields.has(name) ? { value: this.fields.get(name) } : undefined;
  }

  /** The control groups below, in the order of their names. */
  sortedChildren(): [string, Cgroup][] {
    return [...this.children].sort(([left], [right]) => compareCodePoints(left, right));
  }
}

/** No kernel nests them like that; the walk over the tree is recursive. */
const maxDepth = 256;

/**
 * Builds the tree; folders without a file in them or below them are left out.
 *
 * @throws {CliError} `failed to parse "<name>": <cause>` for a file that is not as the kernel writes it;
 * and for a tree of absurd depth.
 */
export function buildTree(entries: readonly ArchiveEntry[], names: CgroupNames): Cgroup {
  const root = new Cgroup();
  for (const { path, kind, text } of entries) {
    if (kind !== "file") continue;
    const folders = path.split("/");
    const file = folders.pop() ?? "";
    if (folders.length > maxDepth) throw new CliError(`more than ${maxDepth} levels of folders`);
    let cgroup = root;
    for (const folder of folders) {
      const name = names.cgroups.get(folder) ?? folder;
      const child = cgroup.children.get(name) ?? new Cgroup();
      cgroup.children.set(name, child);
      cgroup = child;
    }
    addFile(cgroup, { path, file, text }, names);
  }
  return root;
}

function addFile(
  { fields }: Cgroup,
  { path, file, text }: { path: string; file: string; text: string },
  { processes, devices }: CgroupNames,
): void {
  const field = fieldsByFile.get(file);
  if (field === undefined) return;
  const value = parse(() => field.parse(text), path);
  fields.set(field.name, file.startsWith("io.") ? renameKeys(value, devices) : value);
  if (field.name === "CgroupProcs" && Array.isArray(value)) {
    const pids = value.filter((item) => item instanceof CgroupValue).map(String);
    fields.set("CgroupProcsResolved", pids.map((pid) => processes.get(pid) ?? pid));
  }
}

function parse(read: () => unknown, path: string): unknown {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    throw new CliError(`failed to parse "${path}": ${error.message}`, { cause: error });
  }
}

function renameKeys(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (!(value instanceof Map)) return value;
  return new Map(Array.from(value, ([key, item]) => [names.get(key) ?? key, item]));
}
