/** The sample nodes of tests/golden/resources as the resources that such nodes send. */

import { startSandbox } from "../mod.ts";
import { CosiStore } from "../plugins/sandbox/cosi_store.ts";
import { sharedResources } from "../plugins/sandbox/shared_resources.ts";
import type { Sandbox } from "../plugins/sandbox/start.ts";
import type { Resource } from "../proto/gen/v1alpha1/resource.ts";

/** A resource of seeds.json. */
interface Seed {
  metadata: {
    namespace: string;
    type: string;
    id: string;
    version: string;
    owner?: string;
    phase?: string;
    created: string;
    updated: string;
    finalizers?: string[];
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  yamlSpec: string;
  protoSpecBase64: string;
}

/** One node of seeds.json; `resources` holds what is on every node too. */
export interface SeededNode {
  address: string;
  names: readonly string[];
  resources: readonly Resource[];
}

/** One case of cases.json; its README explains the rest. */
export interface ResourceCase {
  name: string;
  args: readonly string[];
  role?: string;
  stdout: string;
  stderr: string;
  exitCode: number;
  usageFollows?: boolean;
}

const folder = new URL("golden/resources/", import.meta.url);

/** The cases of `get`. */
export async function readGetCases(): Promise<ResourceCase[]> {
  const cases: ResourceCase[] = JSON.parse(
    await Deno.readTextFile(new URL("cases.json", folder)),
  );
  return cases.filter(({ args }) => args.includes("get") || args.includes("g"));
}

/** The nodes, the control plane first. */
export async function readSeededNodes(): Promise<SeededNode[]> {
  const { nodes, onEveryNode }: {
    nodes: Record<string, { names: string[]; resources: Seed[] }>;
    onEveryNode: Seed[];
  } = JSON.parse(await Deno.readTextFile(new URL("seeds.json", folder)));
  return Object.entries(nodes).map(([address, { names, resources }]) => ({
    address,
    names,
    resources: [...resources, ...onEveryNode].map(resourceOf),
  }));
}

function resourceOf({ metadata, yamlSpec, protoSpecBase64 }: Seed): Resource {
  const { created, updated } = metadata;
  return {
    metadata: {
      owner: "",
      phase: "running",
      finalizers: [],
      labels: {},
      annotations: {},
      ...metadata,
      created: { seconds: String(Date.parse(created) / 1000), nanos: 0 },
      updated: { seconds: String(Date.parse(updated) / 1000), nanos: 0 },
    },
    spec: { yamlSpec, protoSpec: Uint8Array.fromBase64(protoSpecBase64) },
  };
}

/** Nodes with the addresses, names and resources of seeds.json; .3 and .4 lie between them and are not asked. */
export async function startSeededSandbox(): Promise<Sandbox> {
  const sandbox = await startSandbox({ controlPlanes: 1, workers: 3 });
  const seeded = await readSeededNodes();
  for (const [index, node] of sandbox.nodes.entries()) {
    const address = `172.20.0.${index + 2}`;
    Object.assign(node, { addresses: [address] });
    // The seeds are all that such a node has; what it would have by itself is left out.
    const resources = new CosiStore(sandbox.clock, sharedResources(sandbox.clock, sandbox.nodes));
    Object.defineProperty(node, "resources", { value: resources });
    const seed = seeded.find((candidate) => candidate.address === address);
    node.hostname = seed?.names[0] ?? address;
    for (const resource of seed?.resources ?? []) putResource(node.resources, resource);
  }
  return sandbox;
}

/** The store counts versions itself: what was seen in its third version is put three times. */
function putResource(
  store: Sandbox["nodes"][number]["resources"],
  { metadata, spec }: Resource,
): void {
  if (metadata === undefined || spec === undefined) {
    throw new Error("a seed without metadata or spec");
  }
  const { namespace, type, id, owner, finalizers, labels, annotations } = metadata;
  const draft = { namespace, type, id, owner, finalizers, labels, annotations, ...spec };
  const dateOf = (time: typeof metadata.created) => new Date(Number(time?.seconds) * 1000);
  for (let version = 1; version <= Number(metadata.version); version++) {
    store.put(draft, dateOf(version === 1 ? metadata.created : metadata.updated));
  }
}
