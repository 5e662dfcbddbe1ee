/** The resources that a reader may not see: a grant to read only is not to lead to them by the user's own certificate. */

import type { Talos } from "../client/talos.ts";
import { CliError } from "../errors.ts";

const definitions = { namespace: "meta", type: "ResourceDefinitions.meta.cosi.dev" };

/** Which types are sensitive, as the nodes themselves say; each type is asked for once. */
export interface SensitiveTypes {
  /**
   * Refuses a type that is.
   *
   * @param node Who is asked; undefined: an endpoint.
   */
  check(type: unknown, node: string | undefined): Promise<void>;
}

/** Knows nothing before it is asked. */
export function sensitiveTypes(talos: Talos): SensitiveTypes {
  const known = new Map<string, Promise<boolean>>();
  return {
    async check(type, node) {
      const id = String(type).toLowerCase();
      const answer = known.get(id) ?? isSensitive(talos, node, id);
      known.set(id, answer);
      if (!await answer) return;
      throw new CliError(`reading resources of type "${type}": they are sensitive`, {
        hint: `the plugin was granted calls that only read, as os:reader may make them`,
      });
    },
  };
}

async function isSensitive(talos: Talos, node: string | undefined, id: string): Promise<boolean> {
  const [state, { ResourceDefinitionSpec, ResourceDefinitionSpec_Sensitivity }] = await Promise.all(
    [
      (node === undefined ? talos : talos.node(node)).service("cosi.resource.State"),
      import("../../proto/gen/v1alpha1/meta.ts"),
    ],
  );
  const { resource } = await state.get({ ...definitions, id });
  const { sensitivity } = ResourceDefinitionSpec.decode(
    resource?.spec?.protoSpec ?? new Uint8Array(),
  );
  return sensitivity !== ResourceDefinitionSpec_Sensitivity.NON_SENSITIVE;
}
