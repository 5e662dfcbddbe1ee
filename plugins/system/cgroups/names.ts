/** Names for the numbers in control groups: programs, disks, pods and containers, as far as the node tells them. */

import { kubernetesContainers } from "../../../core/client/container_source.ts";
import type { Stub } from "../../../core/client/talos.ts";
import { withPrefix } from "../../../core/error_prefix.ts";
import { CliError } from "../../../core/errors.ts";
import type { MachineServiceDefinition } from "../../../proto/gen/machine/machine.ts";
import { readArchive } from "./archive.ts";

/** The machine service of the node that is asked. */
export type Machine = Stub<typeof MachineServiceDefinition>;

type Names = ReadonlyMap<string, string>;

/**
 * The names that `find` gives, none when it fails.
 *
 * @param warn Is told the failure: the tree is of use without names too.
 */
export async function namesOrWarning(
  find: Promise<Names>,
  warn: (line: string) => void,
): Promise<Names> {
  try {
    return await find;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    warn(`WARNING: ${error.message}`);
    return new Map();
  }
}

/** Programs by process id. */
export async function findProcessNames(machine: Machine): Promise<Names> {
  const { messages } = await withPrefix("error getting processes", machine.processes({}));
  const processes = messages.flatMap((message) => message.processes);
  return new Map(processes.map(({ pid, executable, command, args }) => {
    const program = executable || command || args.split(/\s+/).find((word) => word !== "") || "";
    return [String(pid), baseName(program)];
  }));
}

/** Disks by `major:minor`, from the links that the kernel keeps for them. */
export async function findDeviceNames(machine: Machine): Promise<Names> {
  const entries = await readArchive(machine.copy({ rootPath: "/sys/dev/block" }), {
    opening: "error copying devices",
    receiving: "error reading devices",
  });
  return new Map(
    entries.filter(({ kind }) => kind === "symlink").map((
      { path, text },
    ) => [path, baseName(text)]),
  );
}

/** Pods by `pod<uid>`, and containers by the ids that containerd gave them. */
export async function findPodNames(machine: Machine): Promise<Names> {
  const { messages } = await withPrefix(
    "error getting containers",
    machine.containers(kubernetesContainers),
  );
  const names = new Map<string, string>();
  for (const { uid, podId, internalId, name } of messages.flatMap(({ containers }) => containers)) {
    if (uid !== "" && podId !== "") names.set(`pod${uid}`, podId);
    if (internalId !== "") names.set(internalId, podId === name ? "sandbox" : name);
  }
  return names;
}

function baseName(path: string): string {
  return path.replace(/\/+$/, "").split("/").at(-1) ?? "";
}
