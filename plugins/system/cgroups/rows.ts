/** The tree of control groups as rows of a table, and as data. */

import { executeTemplate } from "../go_template/execute.ts";
import type { Template } from "../go_template/syntax.ts";
import type { TemplateObject } from "../go_template/values.ts";
import type { Cgroup } from "./tree.ts";
import { CgroupValue } from "./value.ts";

/** Where a control group stands. */
interface Place {
  /** The cell of its name. */
  label: string;
  /** What its children's labels begin with. */
  indent: string;
  parent: Cgroup | undefined;
}

/**
 * One row of cells a control group, parents first (spec/machine-read.md, 18).
 *
 * @throws {CliError} where a template does not fit, after the rows above it.
 */
export function* treeRows(
  cgroup: Cgroup,
  columns: readonly Template[],
  place: Place = { label: ".", indent: "", parent: undefined },
): Generator<string[]> {
  const { label, indent, parent } = place;
  const data = forTemplates(cgroup, parent);
  yield [label, ...columns.map((column) => executeTemplate(column, data))];
  const children = cgroup.sortedChildren();
  for (const [index, [name, child]] of children.entries()) {
    const isLast = index === children.length - 1;
    yield* treeRows(child, columns, {
      label: `${indent}${isLast ? "└──" : "├──"}${name}`,
      indent: indent + (isLast ? "    " : "│   "),
      parent: cgroup,
    });
  }
}

/** What a template sees: the control group, and the one above it. */
function forTemplates(cgroup: Cgroup, parent: Cgroup | undefined): TemplateObject {
  return {
    goType: "struct { *cgroups.Node; Parent *cgroups.Node }",
    member: (name) => name === "Parent" ? { value: parent } : cgroup.member(name),
    toString: () => "{}",
  };
}

/** Every control group as data, parents first; `path` is `/` for the root. */
export function* treeRecords(
  cgroup: Cgroup,
  path = "",
): Generator<{ path: string } & Record<string, unknown>> {
  const fields = [...cgroup.fields].filter(([name]) => name !== "Children")
    .map(([name, value]) => [dataName(name), toData(value)]);
  yield { path: path === "" ? "/" : path, ...Object.fromEntries(fields) };
  for (const [name, child] of cgroup.sortedChildren()) yield* treeRecords(child, `${path}/${name}`);
}

/** `CPUStatLocal` is `cpuStatLocal`, `PidsMax` is `pidsMax`. */
function dataName(field: string): string {
  return field.replace(/^([A-Z]+)(?=[A-Z][a-z]|$)|^[A-Z]/, (start) => start.toLowerCase());
}

function toData(value: unknown): unknown {
  if (value instanceof CgroupValue) return value.toData();
  if (Array.isArray(value)) return value.map(toData);
  if (!(value instanceof Map)) return value;
  return Object.fromEntries(Array.from(value, ([key, item]) => [key, toData(item)]));
}
