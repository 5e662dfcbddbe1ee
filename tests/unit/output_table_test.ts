/** The table writer: widths, blocks, flushes. */

import assert from "node:assert/strict";
import { formatTable, TableBuffer } from "../../core/output/table.ts";

Deno.test("a table pads all but the last cell and keeps the padding before an empty last cell", () => {
  // spec/client.md 2.4
  const rows = [
    ["CURRENT", "NAME", "ENDPOINTS", "NODES"],
    ["*", "a", "10.0.0.2", "10.0.0.2,10.0.0.3,10.0.0.4..."],
    ["", "bb", "", ""],
    ["", "ccc", "x.example.com,y.example.com:443", "n1,n2,n3"],
  ];

  const text = formatTable(rows);

  assert.equal(
    text,
    `\
CURRENT   NAME   ENDPOINTS                         NODES
*         a      10.0.0.2                          10.0.0.2,10.0.0.3,10.0.0.4...
          bb                                       ${""}
          ccc    x.example.com,y.example.com:443   n1,n2,n3
`,
  );
});

Deno.test("widths count code points, and start anew after a flush", () => {
  // spec/machine-read.md 1.3
  const buffer = new TableBuffer();
  const rowsOf = (node: string) => [
    [node, "k8s.io", "apid", "talos/apid", "5", "RUNNING"],
    [
      node,
      "k8s.io",
      "└─ kube-system/b:coredns:0123456789ab",
      "coredns:1",
      "101",
      "CONTAINER_RUNNING",
    ],
  ];
  buffer.add(["NODE", "NAMESPACE", "ID", "IMAGE", "PID", "STATUS"]);
  for (const row of rowsOf("10.0.0.2")) buffer.add(row);

  const first = buffer.flush();
  for (const row of rowsOf("10.0.0.3")) buffer.add(row);
  const second = buffer.flush();

  assert.equal(
    first + second + buffer.flush(),
    `\
NODE       NAMESPACE   ID                                      IMAGE        PID   STATUS
10.0.0.2   k8s.io      apid                                    talos/apid   5     RUNNING
10.0.0.2   k8s.io      └─ kube-system/b:coredns:0123456789ab   coredns:1    101   CONTAINER_RUNNING
10.0.0.3   k8s.io   apid                                    talos/apid   5     RUNNING
10.0.0.3   k8s.io   └─ kube-system/b:coredns:0123456789ab   coredns:1    101   CONTAINER_RUNNING
`,
  );
});

Deno.test("a newline inside a cell breaks the row, and rows below it are aligned afresh", () => {
  // spec/resources.md 5.2: a line with fewer cells ends the run
  const rows = [["NODE", "VALUE", "X"], ["n", "one\ntwo", "x"], ["n", "a much longer value", "x"]];

  const text = formatTable(rows);

  assert.equal(text, "NODE   VALUE   X\nn      one\ntwo    x\nn      a much longer value   x\n");
});

Deno.test("a cell with a hundred thousand tabs is printed, not answered with a stack overflow", () => {
  const text = formatTable([["\t".repeat(100_000)]]);

  assert.equal(text, " ".repeat(300_000) + "\n");
});
