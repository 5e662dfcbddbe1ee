/** `image list`: the tables of spec/machine-read.md 22, from nodes with and without the image service. */

import assert from "node:assert/strict";
import { RpcError } from "../../core/errors.ts";
import { startAnswering, unreachable } from "../answering_nodes.ts";

const alpine = {
  name: "docker.io/library/alpine:latest",
  digest: "sha256:aa",
  size: "3512345",
  createdAt: { seconds: "1700000000", nanos: 5 },
  labels: { z: "1", a: "b" },
};
const nameless = { name: "sha256:bb", digest: "sha256:bb" };

Deno.test("image list shows names, digests, sizes, labels and times", async () => {
  await using cluster = await startAnswering({
    "machine.ImageService/List": (_request, node) =>
      node === "10.0.0.9" ? unreachable() : [alpine, nameless],
  });

  const outcome = await cluster.talosctl("image list -n 10.0.0.9,10.0.0.1");

  const table = `NODE       IMAGE                             DIGEST      SIZE     LABELS    CREATED
10.0.0.1   docker.io/library/alpine:latest   sha256:aa   3.5 MB   a=b,z=1   2023-11-14T22:13:20Z
10.0.0.1   sha256:bb                         sha256:bb   0 B                1970-01-01T00:00:00Z
`;
  assert.deepEqual(outcome, {
    code: 1,
    stdout: table,
    stderr: "error from node 10.0.0.9: rpc error: code = Unavailable desc = node is down\n",
  });
});

Deno.test("image list prints nothing where there is no image", async () => {
  await using cluster = await startAnswering({ "machine.ImageService/List": () => [] });

  assert.deepEqual(await cluster.talosctl("images ls -n 10.0.0.1"), {
    code: 0,
    stdout: "",
    stderr: "",
  });
});

Deno.test("image list --namespace chooses a containerd", async () => {
  const rows: [string, Record<string, string>][] = [
    ["cri", { driver: "CRI", namespace: "NS_CRI" }],
    ["system", { driver: "CRI", namespace: "NS_SYSTEM" }],
    ["inmem", { driver: "CONTAINERD", namespace: "NS_SYSTEM" }],
  ];
  await using cluster = await startAnswering({ "machine.ImageService/List": () => [] });
  for (const [namespace, containerd] of rows) {
    await cluster.talosctl(`image l -n 10.0.0.1 --namespace ${namespace}`);

    assert.deepEqual(cluster.calls.at(-1)?.request, { containerd });
  }

  const unknown = await cluster.talosctl("image list -n 10.0.0.1 --namespace foo");
  assert.deepEqual(unknown, { code: 1, stdout: "", stderr: 'unsupported namespace "foo"\n' });
});

Deno.test("image list asks all nodes anew when one does not know the image service", async () => {
  await using cluster = await startAnswering({
    "machine.ImageService/List": (_request, node) => {
      if (node === "10.0.0.2") throw new RpcError("Unimplemented", "unknown service");
      return [alpine];
    },
    "machine.MachineService/ImageList": (_request, node) => {
      const { labels: _labels, ...image } = alpine;
      return node === "10.0.0.2" ? [image] : [];
    },
  });

  const outcome = await cluster.talosctl("image list -n 10.0.0.1,10.0.0.2");

  const table = `NODE       IMAGE                             DIGEST      SIZE     CREATED
10.0.0.2   docker.io/library/alpine:latest   sha256:aa   3.5 MB   2023-11-14T22:13:20Z
`;
  assert.deepEqual(outcome, { code: 0, stdout: table, stderr: "" });
  const again = cluster.calls.filter(({ method }) => method === "ImageList");
  assert.deepEqual(again.map(({ request }) => request), [
    { namespace: "NS_CRI" },
    { namespace: "NS_CRI" },
  ]);
});

Deno.test("image list prints the old table's header without an image, and knows no inmem there", async () => {
  await using cluster = await startAnswering({
    "machine.ImageService/List": () => {
      throw new RpcError("Unimplemented", "unknown service");
    },
    "machine.MachineService/ImageList": () => [],
  });

  const empty = await cluster.talosctl("image list -n 10.0.0.1");
  const inMemory = await cluster.talosctl("image list -n 10.0.0.1 --namespace inmem");

  assert.deepEqual(empty, {
    code: 0,
    stdout: "NODE   IMAGE   DIGEST   SIZE   CREATED\n",
    stderr: "",
  });
  assert.deepEqual(inMemory, { code: 1, stdout: "", stderr: 'unsupported namespace "inmem"\n' });
});
