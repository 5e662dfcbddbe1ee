/** What programs without us need to call a sandbox: its talosconfig for us, PEM files and an address for them. */

import type { Sandbox } from "../../mod.ts";

/** Writes `talosconfig`, `ca.pem`, `crt.pem`, `key.pem`, and the address and name of the server into a folder. */
export async function writeCredentials(sandbox: Sandbox, folder: string): Promise<void> {
  await sandbox.writeTalosconfig(`${folder}/talosconfig`);
  const { contexts, context } = await sandbox.talosconfig();
  const { ca = "", crt = "", key = "" } = contexts.get(context) ?? {};
  for (const [name, text] of Object.entries({ ca, crt, key })) {
    const pem = atob(text).replaceAll("ED25519 PRIVATE KEY", "PRIVATE KEY");
    await Deno.writeTextFile(`${folder}/${name}.pem`, pem);
  }
  const [address = ""] = sandbox.endpoints;
  const server = { address, name: sandbox.nodes[0]?.hostname ?? "" };
  await Deno.writeTextFile(`${folder}/server.json`, JSON.stringify(server));
}
