/** cosi.resource.State: reads of a node's resources, and the refusal of writes (spec/resources.md, 1 to 3). */

import { RpcError } from "../../../core/errors.ts";
import type { ListOptions } from "../../../proto/gen/v1alpha1/state.ts";
import { checkReadAccess } from "../cosi_access.ts";
import { toProto } from "../cosi_proto.ts";
import { resourceFilter } from "../cosi_query.ts";
import { watchKind, watchResource } from "../cosi_watch.ts";
import { implement } from "../service_group.ts";

export const cosiState = implement("cosi.resource.State", {
  get: ({ namespace, type, id }, { node, roles }) => {
    checkReadAccess(node.resources, { namespace, type, roles });
    const resource = node.resources.get(namespace, type, id);
    if (resource === undefined) {
      const text = `resource ${type}(${namespace}/${id}@undefined) doesn't exist`;
      throw new RpcError("NotFound", text);
    }
    return { resource: toProto(resource) };
  },

  list: async function* ({ namespace, type, options }, { node, roles }) {
    checkReadAccess(node.resources, { namespace, type, roles });
    const isWanted = resourceFilter(options ?? emptyOptions);
    for (const resource of node.resources.list(namespace, type)) {
      if (isWanted(resource)) yield { resource: toProto(resource) };
    }
  },

  watch: async function* (request, { node, roles, cluster, signal }) {
    checkReadAccess(node.resources, { ...request, roles });
    const context = { store: node.resources, now: cluster.clock.now(), signal };
    yield* request.id === undefined
      ? watchKind(request, context)
      : watchResource({ ...request, id: request.id }, context);
  },

  create: ({ resource }) => refuseWrite(resource?.metadata),
  update: ({ newResource }) => refuseWrite(newResource?.metadata),
  destroy: ({ id }) => refuseWrite(id),
  teardown: ({ id }) => refuseWrite(id),
  teardownAndDestroy: ({ id }) => refuseWrite(id),
});

const emptyOptions: ListOptions = { labelQuery: [], idQuery: undefined };

function refuseWrite(subject: unknown): never {
  if (subject === undefined) throw new RpcError("Unknown", "metadata is missing");
  throw new RpcError("PermissionDenied", "write access is not allowed");
}
