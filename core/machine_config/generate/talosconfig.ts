/** The talosconfig of a new cluster: one context, with a new certificate for its administrator (spec/machine-config.md, 2.5). */

import { CliError } from "../../errors.ts";
import { loadAuthority } from "../../pki/authority.ts";
import { emptyTalosconfigContext, type Talosconfig } from "../../talosconfig/talosconfig.ts";
import type { SecretsBundle } from "../secrets.ts";
import { encoded } from "./key_material.ts";

const lifetimeMs = 8760 * 3_600_000;

/** What a talosconfig is generated from. */
export interface TalosconfigInput {
  clusterName: string;
  secrets: SecretsBundle;
  /** From when the certificate is valid. */
  now: Date;
  /** Default none: they are added once the nodes have addresses. */
  endpoints?: readonly string[];
}

/**
 * A talosconfig whose holder may do everything.
 *
 * @throws {CliError} when the bundle's CA of the Talos API is absent or broken
 */
export async function generateTalosconfig(input: TalosconfigInput): Promise<Talosconfig> {
  const { os } = input.secrets.certificates;
  if (os === undefined) throw new CliError("the secrets have no CA of the Talos API");
  const authority = await loadAuthority(os);
  const { certificatePem, keyPem } = await authority.issue({
    organizations: ["os:admin"],
    usage: ["clientAuth"],
    notBefore: input.now,
    lifetimeMs,
  });
  const context = {
    ...emptyTalosconfigContext(),
    endpoints: [...input.endpoints ?? []],
    ca: encoded(os.certificatePem),
    crt: encoded(certificatePem),
    key: encoded(keyPem),
  };
  return { context: input.clusterName, contexts: new Map([[input.clusterName, context]]) };
}
