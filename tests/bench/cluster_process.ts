/** A cluster with large things in it, in another process: a server in ours would take its share of our processor. */

import type { Bench } from "./runs.ts";

/** How much there is of each. */
export interface ClusterSizes {
  /** Of a large file, and of etcd's database. */
  fileBytes: number;
  logLines: number;
  /** Kernel parameters on the first worker, and so on. */
  resources: readonly number[];
}

/** The running cluster. Disposing ends it. */
export interface ClusterProcess extends AsyncDisposable {
  /** What `writeCredentials` has written. */
  folder: string;
}

/** Starts it; our talosconfig is that of the cluster from then on. */
export async function startCluster(bench: Bench, sizes: ClusterSizes): Promise<ClusterProcess> {
  const folder = await Deno.makeTempDir({ dir: bench.work });
  const { fileBytes, logLines, resources } = sizes;
  const source = new URL("big_cluster.ts", import.meta.url).pathname;
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", source, folder, ...[fileBytes, logLines, ...resources].map(String)],
    env: bench.env,
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const output = process.stdout.getReader();
  const { done } = await output.read();
  if (done) throw new Error("the cluster did not start");
  await Deno.copyFile(`${folder}/talosconfig`, `${bench.work}/.talos/config`);
  return {
    folder,
    async [Symbol.asyncDispose]() {
      await process.stdin.close();
      await process.status;
      await output.cancel();
    },
  };
}
