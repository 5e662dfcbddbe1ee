/** `containers`, `stats` and `restart`: the tables of spec/machine-read.md 4, and who is asked for what. */

import assert from "node:assert/strict";
import { RpcError } from "../../core/errors.ts";
import { startAnswering, unreachable } from "../answering_nodes.ts";

const pod = {
  namespace: "k8s.io",
  id: "kube-system/b",
  podId: "kube-system/b",
  name: "kube-system/b",
  image: "registry.k8s.io/pause:3.10",
  pid: 100,
  status: "SANDBOX_READY",
  networkNamespace: "cni-1",
};
const coredns = {
  namespace: "k8s.io",
  id: "kube-system/b:coredns:0123456789ab",
  podId: "kube-system/b",
  name: "coredns",
  image: "coredns:1",
  pid: 101,
  status: "CONTAINER_RUNNING",
};
const exited = { ...coredns, id: "kube-system/b:old:cdef", pid: 0, status: "CONTAINER_EXITED" };

Deno.test("containers -k lists a pod with its containers below it, sorted by id", async () => {
  await using cluster = await startAnswering({
    "machine.MachineService/Containers": () => ({ messages: [{ containers: [coredns, pod] }] }),
  });

  const outcome = await cluster.talosctl("containers -k -n 10.0.0.1");

  const table =
    `NODE       NAMESPACE   ID                                      IMAGE                        PID   STATUS
10.0.0.1   k8s.io      kube-system/b                           registry.k8s.io/pause:3.10   100   SANDBOX_READY
10.0.0.1   k8s.io      └─ kube-system/b:coredns:0123456789ab   coredns:1                    101   CONTAINER_RUNNING
`;
  assert.deepEqual(outcome, { code: 0, stdout: table, stderr: "" });
  assert.deepEqual(cluster.calls, [{
    method: "Containers",
    node: "10.0.0.1",
    request: { namespace: "k8s.io", driver: "CRI" },
  }]);
});

Deno.test("containers asks for those of Talos itself and takes the old --use-cri without effect", async () => {
  await using cluster = await startAnswering({
    "machine.MachineService/Containers": () => ({ messages: [{ containers: [] }] }),
  });

  const outcome = await cluster.talosctl("c --use-cri -n 127.0.0.2");

  assert.equal(outcome.stdout, "NODE   NAMESPACE   ID   IMAGE   PID   STATUS\n");
  assert.deepEqual(cluster.calls.map(({ request }) => request), [
    { namespace: "system", driver: "CONTAINERD" },
  ]);
});

Deno.test("containers keeps the rows of other nodes when one is down, and the header when all are", async () => {
  const apid = { namespace: "system", id: "apid", podId: "apid", pid: 116, status: "RUNNING" };
  await using cluster = await startAnswering({
    "machine.MachineService/Containers": (_request, node) =>
      node === "127.0.0.66" ? unreachable() : { messages: [{ containers: [apid] }] },
  });

  const one = await cluster.talosctl("containers -n 127.0.0.66,127.0.0.2");
  const all = await cluster.talosctl("containers -n 127.0.0.66");

  const failure = "error from node 127.0.0.66: rpc error: code = Unavailable desc = node is down\n";
  assert.deepEqual(one, {
    code: 1,
    stdout: `NODE        NAMESPACE   ID     IMAGE   PID   STATUS
127.0.0.2   system      apid           116   RUNNING
`,
    stderr: failure,
  });
  assert.deepEqual(all, {
    code: 1,
    stdout: "NODE   NAMESPACE   ID   IMAGE   PID   STATUS\n",
    stderr: failure,
  });
});

Deno.test("containers -o json prints each container with the names of the API", async () => {
  await using cluster = await startAnswering({
    "machine.MachineService/Containers": () => ({ messages: [{ containers: [pod] }] }),
  });

  const { stdout } = await cluster.talosctl("containers -k -n 10.0.0.1 -o json");

  assert.deepEqual(JSON.parse(stdout), {
    ...pod,
    node: "10.0.0.1",
    internalId: "",
    uid: "",
  });
});

Deno.test("stats shows megabytes and nanoseconds", async () => {
  await using cluster = await startAnswering({
    "machine.MachineService/Stats": () => ({
      messages: [{
        stats: [
          { namespace: "system", id: "b", podId: "b", memoryUsage: "123456789", cpuUsage: "42" },
          {
            namespace: "system",
            id: "apid",
            podId: "x",
            memoryUsage: "12345",
            cpuUsage: "9999999999",
          },
        ],
      }],
    }),
  });

  const outcome = await cluster.talosctl("stats -n 10.0.0.1");

  const table = `NODE       NAMESPACE   ID        MEMORY(MB)   CPU
10.0.0.1   system      └─ apid   0.01         9999999999
10.0.0.1   system      b         123.46       42
`;
  assert.deepEqual(outcome, { code: 0, stdout: table, stderr: "" });
});

Deno.test("restart says nothing about success, and names the node of a failure", async () => {
  await using cluster = await startAnswering({
    "machine.MachineService/Restart": ({ id }) => {
      if (id === "nosuch") throw new RpcError("Unknown", 'container "nosuch" not found');
      return { messages: [{}] };
    },
  });

  const good = await cluster.talosctl("restart -n 127.0.0.2 apid");
  const bad = await cluster.talosctl("restart -n 127.0.0.2 -k nosuch");

  assert.deepEqual(good, { code: 0, stdout: "", stderr: "" });
  assert.deepEqual(bad, {
    code: 1,
    stdout: "",
    stderr:
      'error restarting process on node 127.0.0.2: rpc error: code = Unknown desc = container "nosuch" not found\n',
  });
  assert.deepEqual(cluster.calls.map(({ request }) => request), [
    { namespace: "system", id: "apid", driver: "CONTAINERD" },
    { namespace: "k8s.io", id: "nosuch", driver: "CRI" },
  ]);
});

Deno.test("restart completes containers that run, with -k without their pods, from all nodes that answer", async () => {
  const apid = { id: "apid", podId: "apid", pid: 5 };
  await using cluster = await startAnswering({
    "machine.MachineService/Containers": ({ driver }, node) => {
      if (node === "10.0.0.9") return unreachable();
      return { messages: [{ containers: driver === "CRI" ? [pod, coredns, exited] : [apid] }] };
    },
  });

  const own = await cluster.talosctl(["__complete", "restart", "-n", "10.0.0.1,10.0.0.9", ""]);
  const ofPods = await cluster.talosctl(["__complete", "restart", "-k", "-n", "10.0.0.1", ""]);

  assert.equal(own.stdout, "apid\n:4\n");
  assert.match(own.stderr, /error from node 10\.0\.0\.9: rpc error: code = Unavailable/);
  assert.equal(ofPods.stdout, "kube-system/b:coredns:0123456789ab\n:4\n");
});
