/** `talosctl cluster create sandbox`: a simulated cluster in a process of its own, with its context made current. */

import { clusterFlags } from "../../core/cluster_flags.ts";
import { clusterFolder, type ClusterState, writeClusterState } from "../../core/cluster_state.ts";
import type { Command, Context, Flags } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { fileError } from "../../core/files/errors.ts";
import { patchFlags } from "../../core/machine_config/generate/patch_flags.ts";
import { goQuote } from "../../core/output/go_quote.ts";
import { mergeTalosconfig } from "../../core/talosconfig/merge.ts";
import type { Program } from "./detached.ts";
import type { ConfigPatches } from "./machine_config.ts";
import type { MachineType } from "./node.ts";

const flags = {
  controlplanes: { type: "int", help: "Control plane nodes, each with an endpoint", default: 1 },
  workers: { type: "int", help: "Worker nodes, reached through the endpoints", default: 1 },
  maintenance: {
    type: "int",
    help: "Further machines without a configuration, each with an address for --insecure",
    default: 0,
  },
  speed: {
    type: "float",
    help: "Seconds that go by on the nodes in one second; their clocks run ahead accordingly",
    default: 1,
  },
  ...patchFlags,
} as const satisfies Flags;

/** The cluster as it was made. */
interface CreatedCluster {
  name: string;
  endpoints: readonly string[];
  /** `host:port` of the machines without a configuration, in order: for `--insecure`. */
  maintenanceEndpoints: readonly string[];
  /** A proxy that knows the addresses of the nodes. */
  proxyUrl: string;
  nodes: readonly { name: string; type: MachineType; address: string }[];
  /** The context in the talosconfig. */
  context: string;
}

type CreateContext = Context<typeof flags & typeof clusterFlags>;

/** How many nodes have room in 10.5.0.0/24: addresses start at .2, and .255 is the broadcast address. */
const addressesOf24 = 253;

/** Faster, clients would take the pauses of the nodes for none. */
const fastest = 1000;

/** The command of a program that can be started again in this way. */
export function createCommand(
  program: Program,
): Command<CreatedCluster, typeof flags, typeof clusterFlags> {
  return {
    path: ["cluster", "create", "sandbox"],
    summary: "Create a simulated cluster in one process",
    description: `Starts a process that behaves as the Talos API of a whole cluster: no containers,
no virtual machines, no root. Control planes listen on loopback ports; what
commands change on a node, later commands see. Restarts take as long as those of
real machines, unless --speed makes the time of the nodes go faster.

The context of the cluster is added to your talosconfig and made current.
"cluster destroy" ends the process; a restart of your machine ends it too.

The addresses of the nodes, 10.5.0.2 and on, belong to no network: the endpoints
pass calls on to them. Commands that dial a node itself, those with --insecure
and "reset --reboot" while it waits, need HTTPS_PROXY as the output names it.
Machines of --maintenance can also be dialled at the addresses that are printed.`,
    example: `  talosctl cluster create sandbox
  talosctl cluster create sandbox --controlplanes 3 --workers 2 --name lab
  talosctl cluster create sandbox --maintenance 1 --speed 10
  talosctl cluster create sandbox --config-patch @sysctls.yaml`,
    args: { rule: "none" },
    flags,
    targets: "none",
    nameOf: ({ name }) => name,
    text: createdText,
    run: (ctx) => create(program, ctx),
  };
}

async function create(program: Program, ctx: CreateContext): Promise<CreatedCluster> {
  const { flags, note, signal } = ctx;
  const { name, controlplanes: controlPlanes, workers, maintenance, speed } = flags;
  checkFlags(ctx);
  const configPatches = await checkedPatches(flags);
  const folder = await makeFolder(flags.state, name);
  note(`creating state directory in ${goQuote(folder)}`);
  try {
    const { planNodes } = await import("./plan.ts");
    const { startDetached } = await import("./detached.ts");
    const { writeOptions } = await import("./running.ts");
    const nodes = planNodes({ name, controlPlanes, workers, maintenance }).map((
      { name, address, machineType },
    ) => ({
      name,
      address,
      type: machineType,
    }));
    await writeClusterState(flags.state, stateOf(name, nodes));
    await writeOptions(folder, {
      name,
      controlPlanes,
      workers,
      maintenance,
      speed,
      configPatches,
    });
    const { proxyUrl, maintenanceEndpoints } = await startDetached(program, folder, signal);
    const { endpoints, context } = await mergeContext(ctx, folder, nodes[0]?.address ?? "");
    return { name, endpoints, maintenanceEndpoints, proxyUrl, nodes, context };
  } catch (error) {
    const { provisioner } = await import("./provisioner.ts");
    await provisioner.destroy(folder, { ...ctx, signal: AbortSignal.timeout(5000) });
    await Deno.remove(folder, { recursive: true });
    throw error;
  }
}

function createdText(
  { name, endpoints, maintenanceEndpoints, proxyUrl, nodes, context }: CreatedCluster,
): string {
  const waiting = maintenanceEndpoints.join(", ");
  return [
    `sandbox ${goQuote(name)} is running: ${nodes.length} nodes, endpoints ${endpoints.join(", ")}`,
    ...(waiting === "" ? [] : [`without a configuration: ${waiting}`]),
    `current context: ${context}`,
    `to dial a node by its own address: HTTPS_PROXY=${proxyUrl}`,
    "",
  ].join("\n");
}

function checkFlags({ flags }: CreateContext) {
  const { name, controlplanes, workers, maintenance, speed, remoteEndpoint } = flags;
  const refuse = (reason: string) => new CliError(`creating a sandbox: ${reason}`);
  if (!/^[\w][\w.-]*$/.test(name)) throw refuse(`${goQuote(name)} is no name of a cluster`);
  if (controlplanes < 1) throw refuse(`at least 1 control plane is needed, not ${controlplanes}`);
  if (workers < 0) throw refuse(`there cannot be ${workers} workers`);
  if (maintenance < 0) {
    throw refuse(`there cannot be ${maintenance} machines without a configuration`);
  }
  if (!(speed > 0 && speed <= fastest)) {
    throw refuse(`a speed is above 0 and at most ${fastest}, not ${speed}`);
  }
  if (remoteEndpoint !== "") throw refuse("it runs on this machine, without a remote endpoint");
}

/** The patches as texts, since another process in another folder reads them; they are known to apply. */
async function checkedPatches(
  { name, configPatch, configPatchControlPlane, configPatchWorker }: CreateContext["flags"],
): Promise<ConfigPatches> {
  const given = [configPatch, configPatchControlPlane, configPatchWorker];
  const none = { common: [], controlPlane: [], worker: [] };
  if (given.every(({ length }) => length === 0)) return none;
  const { readPatchText } = await import("../../core/machine_config/load_patch.ts");
  // The line break at the end tells a text from the name of a file.
  const inline = (patches: readonly string[]) =>
    Promise.all(patches.map(async (patch) => `${await readPatchText(patch)}\n`));
  const patches = {
    common: await inline(configPatch),
    controlPlane: await inline(configPatchControlPlane),
    worker: await inline(configPatchWorker),
  };
  const { checkPatches } = await import("./check_patches.ts");
  await checkPatches(name, patches);
  return patches;
}

async function makeFolder(stateFolder: string, name: string): Promise<string> {
  const folder = clusterFolder(stateFolder, name);
  try {
    await Deno.mkdir(stateFolder, { recursive: true });
    // With its token and its credentials it is nobody else's business.
    await Deno.mkdir(folder, { mode: 0o700 });
  } catch (cause) {
    if (!(cause instanceof Deno.errors.AlreadyExists)) throw fileError("mkdir", folder, cause);
    throw new CliError(
      `failed to initialize provisioner state: state directory ${
        goQuote(folder)
      } already exists, ` +
        `is the cluster ${
          goQuote(name)
        } already running? remove cluster state with talosctl cluster destroy`,
      { cause },
    );
  }
  return await Deno.realPath(folder);
}

async function mergeContext(
  { config, note }: CreateContext,
  folder: string,
  node: string,
): Promise<{ endpoints: readonly string[]; context: string }> {
  const { config: source } = await config.openPath(`${folder}/talosconfig`);
  const added = source.contexts.get(source.context);
  if (added !== undefined) added.nodes = [node];
  let context = source.context;
  let renamed: readonly { from: string; to: string }[] = [];
  // The change may be made more than once, what is said of it is not.
  await config.edit((target) => {
    renamed = mergeTalosconfig(target, source);
    context = target.context;
  });
  for (const { from, to } of renamed) {
    note(`renamed talosconfig context ${goQuote(from)} -> ${goQuote(to)}`);
  }
  return { endpoints: added?.endpoints ?? [], context };
}

function stateOf(name: string, nodes: CreatedCluster["nodes"]): ClusterState {
  return {
    provisionerName: "sandbox",
    clusterName: name,
    network: {
      name,
      cidrs: [`10.5.0.0/${nodes.length <= addressesOf24 ? 24 : 16}`],
      gatewayAddresses: ["10.5.0.1"],
      mtu: 1500,
    },
    nodes: nodes.map(({ name, type, address }) => ({
      id: name,
      uuid: "00000000-0000-0000-0000-000000000000",
      name,
      type,
      nanoCpus: 2_000_000_000,
      memoryBytes: 2 * 1024 ** 3,
      diskBytes: 10 * 1024 ** 3,
      addresses: [address],
    })),
    kubernetesEndpoint: "",
  };
}
