/** What `gen config` and `machineconfig gen` do: from words and flags to files (spec/machine-config.md, 2). */

import type { Context } from "../../command.ts";
import { withPrefix } from "../../error_prefix.ts";
import { CliError } from "../../errors.ts";
import { renderTalosconfig } from "../../talosconfig/save.ts";
import { untilAborted } from "../../until_aborted.ts";
import { writeCommentedConfig } from "../commented.ts";
import type { SecretsBundle } from "../secrets.ts";
import { checkAllNew, type Destination, destinationsOf, writeOutputs } from "./destinations.ts";
import type { ConfigFlags } from "./flags.ts";
import { patchedConfigs } from "./patched.ts";
import { type ConfigRequest, readRequest } from "./request.ts";
import { generateTalosconfig } from "./talosconfig.ts";

/**
 * Generates a cluster's configuration files, all or none.
 *
 * @param words Name and endpoint of the cluster.
 * @returns What is for stdout, where `-o -` asks for that.
 * @throws {CliError} with the official client's texts
 */
export async function generateFiles(
  words: readonly string[],
  flags: ConfigFlags,
  ctx: Pick<Context, "note" | "now" | "signal">,
): Promise<Uint8Array | undefined> {
  const now = ctx.now();
  const request = await readRequest(words, flags, now);
  const destinations = flags.output === "-" ? [] : destinationsOf(flags);
  ctx.note("generating PKI and tokens");
  // New keys take seconds: what is in the way is said before.
  if (request.secrets === undefined) await checkAllNew(destinations, flags.force);

  const making = makeSecrets(request, now);
  const secrets = await bundled(untilAborted(making, ctx.signal));
  const configs = await bundled(patchedConfigs(request, secrets));
  const contentOf = async (type: string) => {
    if (type === "talosconfig") return await talosconfigText(request, secrets, now);
    const documents = type === "worker" ? configs.worker : configs.controlplane;
    return writeCommentedConfig(documents, { docs: flags.withDocs, examples: flags.withExamples });
  };
  if (flags.output === "-") {
    const [type = ""] = flags.outputTypes;
    return new TextEncoder().encode(await contentOf(type));
  }
  await checkAllNew(destinations, flags.force);
  await writeOutputs(
    await Promise.all(destinations.map(async ({ type, path }: Destination) => ({
      path,
      content: await contentOf(type),
    }))),
  );
  for (const { path } of destinations) ctx.note(`Created ${path}`);
}

async function bundled<T>(promise: Promise<T>): Promise<T> {
  return await withPrefix("failed to generate config bundle", promise);
}

async function makeSecrets({ input, secrets }: ConfigRequest, now: Date): Promise<SecretsBundle> {
  const { contract, skipsKubernetes, kubernetesVersion } = input;
  if (kubernetesVersion.replace(/^v/, "") === "") {
    throw new CliError("kubernetes version must be specified");
  }
  if (secrets !== undefined) return secrets;
  const { generateSecrets } = await import("../secrets_generate.ts");
  return await generateSecrets({ contract, now, skipsKubernetes });
}

async function talosconfigText(
  { input: { clusterName } }: ConfigRequest,
  secrets: SecretsBundle,
  now: Date,
): Promise<string> {
  return renderTalosconfig(await generateTalosconfig({ clusterName, secrets, now }));
}
