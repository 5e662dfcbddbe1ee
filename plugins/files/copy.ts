/** `talosctl copy`: files and folders of a node, into a local folder or as an archive on stdout. */

import { dataChunks } from "../../core/client/data_stream.ts";
import type { Command, Context } from "../../core/command.ts";
import { CliError, UnopenedCallError } from "../../core/errors.ts";
import { refuseTerminal } from "../../core/output/raw_text.ts";
import { partialNotice } from "../../core/partial_notice.ts";
import { prepareFolder } from "./copy_folder.ts";
import { createCopyProgress } from "./copy_progress.ts";
import { extractArchive } from "./extract_archive.ts";
import { takeFirst } from "../../core/take_first.ts";

export const copy: Command = {
  path: ["copy"],
  aliases: ["cp"],
  usage: "<src-path> -|<local-path>",
  summary: "Copy files and folders from a node",
  description: `Copies a file, or a folder with all below it, into a local folder, which is
created where it is missing. Nothing is replaced: a file that exists there
already ends the copy. With "-" in its place the data go to stdout as a gzip'ed
tar archive.`,
  example: `  talosctl copy -n 10.5.0.2 /var/log/pods ./pods
  talosctl copy -n 10.5.0.2 /etc/kubernetes - > kubernetes.tar.gz`,
  group: "talos",
  args: {
    rule: "exact",
    min: 2,
    max: 2,
    completion: { positions: ["nodePath", "localFile"], rest: "error" },
  },
  flags: {},
  targets: "one",

  async *run(context) {
    const { args: [rootPath = "", localPath = ""], nodes, note, talos, out, signal } = context;
    const [node = ""] = await nodes();
    const machine = await talos.node(node).service("machine.MachineService");
    const opening = "error copying";
    if (localPath === "-") {
      refuseTerminal(out.stdout, "a compressed archive");
      const onPartial = () => {
        if (!signal.aborted) note(partialNotice("the archive"));
      };
      yield* dataChunks(machine.copy({ rootPath }, { joinsData: true }), { opening, onPartial });
      return;
    }
    using call = abortOnLeave();
    await copyToFolder(
      dataChunks(machine.copy({ rootPath }, { ...call, joinsData: true }), { opening }),
      context,
    );
  },
};

/** Cancels what still runs when the block is left, whatever it waits for. */
function abortOnLeave(): { signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  return { signal: controller.signal, [Symbol.dispose]: () => controller.abort() };
}

async function copyToFolder(
  chunks: AsyncGenerator<Uint8Array>,
  { args: [, localPath = ""], note, out, progress }: Context,
): Promise<void> {
  // The official order: a call that cannot begin touches nothing, any other failure comes after the folder.
  const begun = await takeFirst(chunks);
  if (begun.error instanceof CliError && begun.error.cause instanceof UnopenedCallError) {
    throw begun.error;
  }
  const folder = await prepareFolder(localPath);
  const shown = createCopyProgress(out.stderr.isTerminal ? progress : undefined);
  let isPartial = false;
  const onBroken = () => {
    isPartial = shown.files > 0;
    if (isPartial) note(partialNotice(`what is in "${localPath}"`));
  };
  try {
    await extractArchive(begun.all(), { folder, note, progress: shown, onBroken });
    shown.finish(folder);
  } catch (error) {
    const isTold = isPartial || shown.files === 0 || !out.stderr.isTerminal;
    if (!(error instanceof CliError) || isTold) throw error;
    throw new CliError(error.message, {
      exitCode: error.exitCode,
      cause: error,
      hint: `what "${localPath}" holds now is not all of it`,
    });
  }
}
