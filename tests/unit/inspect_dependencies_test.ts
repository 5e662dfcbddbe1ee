/** `inspect dependencies`: the graphs of spec/resources.md 10, as text and as a picture. */

import assert from "node:assert/strict";
import { RpcError } from "../../core/errors.ts";
import { ResourceDefinitionSpec } from "../../proto/gen/v1alpha1/meta.ts";
import { startAnswering } from "../answering_nodes.ts";

/** `controller EDGE_TYPE namespace type id`, a dash for what is empty. */
function edge(line: string) {
  const words = line.split(" ").map((word) => word === "-" ? "" : word);
  const [controllerName, edgeType, resourceNamespace, resourceType, resourceId] = words;
  return { controllerName, edgeType, resourceNamespace, resourceType, resourceId };
}

const edges = [
  "network.AddressStatusController OUTPUT_EXCLUSIVE - AddressStatuses.net.talos.dev -",
  "network.NodeAddressController INPUT_WEAK network AddressStatuses.net.talos.dev -",
  "network.NodeAddressController OUTPUT_SHARED - NodeAddresses.net.talos.dev -",
  "network.HostnameSpecController OUTPUT_EXCLUSIVE - HostnameStatuses.net.talos.dev -",
  "k8s.NodenameController INPUT_WEAK network HostnameStatuses.net.talos.dev hostname",
  "k8s.NodenameController OUTPUT_EXCLUSIVE - Nodenames.kubernetes.talos.dev -",
  "k8s.NodeApplyController INPUT_STRONG k8s Nodenames.kubernetes.talos.dev nodename",
  "k8s.NodeApplyController INPUT_DESTROY_READY k8s Nodenames.kubernetes.talos.dev -",
].map(edge);

function dependenciesOf(lines: readonly ReturnType<typeof edge>[]) {
  return { messages: [{ edges: lines }] };
}

const graph = `digraph  {
\t
\tn2[fillcolor="azure2",label="AddressStatuses.net.talos.dev",shape="note",style="filled"];
\tn6[fillcolor="azure2",label="HostnameStatuses.net.talos.dev",shape="note",style="filled"];
\tn4[fillcolor="azure2",label="NodeAddresses.net.talos.dev",shape="note",style="filled"];
\tn8[fillcolor="azure2",label="Nodenames.kubernetes.talos.dev",shape="note",style="filled"];
\tn9[label="k8s.NodeApplyController",shape="box"];
\tn7[label="k8s.NodenameController",shape="box"];
\tn1[label="network.AddressStatusController",shape="box"];
\tn5[label="network.HostnameSpecController",shape="box"];
\tn3[label="network.NodeAddressController",shape="box"];
\tn2->n3[style="dotted"];
\tn6->n7[label="hostname",style="dotted"];
\tn8->n9[label="nodename",style="solid"];
\tn7->n8[style="bold"];
\tn1->n2[style="bold"];
\tn5->n6[style="bold"];
\tn3->n4[style="solid"];
\t
}
`;

Deno.test("inspect dependencies prints the graph of controllers and types", async () => {
  await using cluster = await startAnswering({
    "inspect.InspectService/ControllerRuntimeDependencies": () => dependenciesOf(edges),
  });

  const outcome = await cluster.talosctl("inspect dependencies -n 10.0.0.1");

  assert.deepEqual(outcome, { code: 0, stdout: graph, stderr: "" });
});

Deno.test("inspect dependencies --svg draws into a file and prints nothing", async () => {
  await using cluster = await startAnswering({
    "inspect.InspectService/ControllerRuntimeDependencies": () => dependenciesOf(edges),
  });
  const folder = await Deno.makeTempDir();

  const outcome = await cluster.talosctl([
    ..."inspect dependencies -n 10.0.0.1 --svg".split(" "),
    `${folder}/graph.svg`,
  ]);

  assert.deepEqual(outcome, { code: 0, stdout: "", stderr: "" });
  const svg = await Deno.readTextFile(`${folder}/graph.svg`);
  assert.match(svg, /^<\?xml [^]*<svg /);
  assert.equal(svg.match(/class="node"/g)?.length, 9);
  assert.equal(svg.match(/class="edge"/g)?.length, 7);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("inspect dependencies names what failed, and insists on one node", async () => {
  await using cluster = await startAnswering({
    "inspect.InspectService/ControllerRuntimeDependencies": () => {
      throw new RpcError("PermissionDenied", "not authorized");
    },
  });

  const refused = await cluster.talosctl("inspect dependencies -n 127.0.0.3");
  const two = await cluster.talosctl("inspect dependencies -n 127.0.0.2,127.0.0.3");

  assert.deepEqual(refused, {
    code: 1,
    stdout: "",
    stderr:
      "error getting controller runtime dependencies: rpc error: code = PermissionDenied desc = not authorized\n",
  });
  assert.match(two.stderr, /^command "inspect dependencies" requires exactly one node \(got 2\)\n/);
});

const definitions = [
  ["Addrs.net.talos.dev", "network"],
  ["Secrets.secrets.talos.dev", "secrets"],
].map(([resourceType = "", defaultNamespace = ""]) => ({
  resource: {
    metadata: { id: resourceType.toLowerCase() },
    spec: {
      protoSpec: ResourceDefinitionSpec.encode(
        ResourceDefinitionSpec.fromPartial({ resourceType, defaultNamespace }),
      ).finish(),
    },
  },
}));

Deno.test("inspect dependencies --with-resources draws each resource beside its controllers", async () => {
  const lines = [
    "net.A OUTPUT_EXCLUSIVE - Addrs.net.talos.dev -",
    "net.C INPUT_WEAK network Addrs.net.talos.dev eth0",
    "net.C INPUT_STRONG secrets Secrets.secrets.talos.dev -",
  ].map(edge);
  await using cluster = await startAnswering({
    "inspect.InspectService/ControllerRuntimeDependencies": () => dependenciesOf(lines),
    "cosi.resource.State/List": ({ namespace, type }) => {
      if (namespace === "meta") return definitions;
      if (namespace === "secrets") throw new RpcError("PermissionDenied", "not authorized");
      return ["lo", "eth0"].map((id) => ({
        resource: { metadata: { namespace, type, id, owner: id === "lo" ? "net.A" : "net.B" } },
      }));
    },
  });

  const outcome = await cluster.talosctl("inspect dependencies --with-resources -n 10.0.0.1");

  const text = `digraph  {
\tsubgraph cluster_s3 {
\t\tlabel="Addrs.net.talos.dev";
\t\tn5[fillcolor="azure2",label="network/Addrs.net.talos.dev/eth0",shape="note",style="filled"];
\t\tn4[fillcolor="azure2",label="network/Addrs.net.talos.dev/lo",shape="note",style="filled"];
\t\t
\t}
\t
\tn1[label="net.A",shape="box"];
\tn2[label="net.C",shape="box"];
\tn1->n4[style="solid"];
\tn5->n2[style="dotted"];
\t
}
`;
  assert.deepEqual(outcome, { code: 0, stdout: text, stderr: "" });
});

Deno.test("inspect dependencies --with-resources ends at a type the node does not know", async () => {
  const lines = ["block.D INPUT_WEAK - DiscoveredVolumesStatuses.block.talos.dev -"].map(edge);
  await using cluster = await startAnswering({
    "inspect.InspectService/ControllerRuntimeDependencies": () => dependenciesOf(lines),
    "cosi.resource.State/List": () => definitions,
  });

  const outcome = await cluster.talosctl("inspect dependencies --with-resources -n 127.0.0.2");

  assert.deepEqual(outcome, {
    code: 1,
    stdout: "",
    stderr:
      'rpc error: code = NotFound desc = resource "DiscoveredVolumesStatuses.block.talos.dev" is not registered\n',
  });
});
