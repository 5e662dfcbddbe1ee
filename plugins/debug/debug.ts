/** `talosctl debug`: run a container on a node, with this terminal as its own (spec/machine-ops.md, 11). */

import type { Command, Context, Flags } from "../../core/command.ts";
import { containerdInstance } from "../../core/containerd_instance.ts";
import { CliError, RpcError } from "../../core/errors.ts";
import { withPrefix } from "../../core/error_prefix.ts";
import { fileError } from "../../core/files/errors.ts";
import { pullImage } from "../../core/image_pull/pull_image.ts";
import { importImage } from "./import_image.ts";
import { openSession } from "./session.ts";

const flags = {
  args: { type: "strings", help: "Arguments for the container" },
  namespace: {
    type: "string",
    help: "Where the image is kept: inmem (in memory, gone after a reboot), system or cri",
    default: "inmem",
    typeName: "system",
  },
} as const satisfies Flags;

type DebugContext = Context<typeof flags>;

export const debug: Command<object, typeof flags> = {
  path: ["debug"],
  usage: "[<image-tar-path|image ref>]",
  summary: "Run a container on a node to look around in it",
  description: `Pulls an image, or sends one from a tar file on this machine, and runs it on the
node with full privileges, connected to your terminal. The exit status of the
container decides that of this command.

It sees everything on the node, and can break it. Not available on Windows.`,
  example: `  talosctl debug -n 10.5.0.2 docker.io/library/alpine:latest
  talosctl debug -n 10.5.0.2 ./tools.tar --args sh,-c,"lsblk -f"`,
  group: "talos",
  args: { rule: "range", min: 0, max: 1 },
  flags,
  targets: "one",

  async *run(context) {
    const { args: [image], flags, talos } = context;
    if (Deno.build.os === "windows") {
      throw new CliError("running a container on a node: not available on Windows");
    }
    if (image === undefined) throw new CliError("an image tar path or reference is required");
    const [node = ""] = await context.nodes();
    const containerd = containerdInstance(flags.namespace);
    const imageName = await bringImage(context, node, image);
    const service = await talos.node(node).service("machine.DebugService");
    await using session = await openSession(context, { containerd, imageName, args: flags.args });
    try {
      for await (const { stdoutData, exitCode } of service.containerRun(session.requests)) {
        if (stdoutData !== undefined) yield stdoutData;
        if (exitCode === undefined) continue;
        if (exitCode !== 0) throw new CliError(`container exited with code ${exitCode}`);
        return;
      }
    } catch (error) {
      if (!(error instanceof RpcError) || !session.isTyping) throw error;
      const isCanceled = error.code === "Canceled";
      context.progress.update(isCanceled ? error.description : `error: ${error.message}`, "error");
    }
  },
};

/** Has the node get the image from a file of this machine, or from a registry; the name it has there. */
async function bringImage(context: DebugContext, node: string, image: string): Promise<string> {
  const { flags: { namespace }, out } = context;
  if (await isFile(image)) {
    return await withPrefix("failed to import image", importImage(context, { node, path: image }));
  }
  const showsLayers = out.stderr.isTerminal;
  const names = await withPrefix(
    "failed to pull image",
    pullImage(context, { nodes: [node], namespace, image, showsLayers }),
  );
  return names.get(node) ?? image;
}

async function isFile(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    const cause = fileError("stat", path, error);
    throw new CliError(`failed to stat image argument: ${cause.message}`, { cause });
  }
}
