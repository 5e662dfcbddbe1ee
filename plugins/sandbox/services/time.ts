/** TimeService: a node's time beside that of a time server (spec/machine-read.md, 10). */

import { RpcError } from "../../../core/errors.ts";
import { timestamp } from "../changes.ts";
import { type HandlerContext, implement } from "../service_group.ts";

/** Asked where the configuration names none. */
const defaultServer = "time.cloudflare.com";
/** How far the imagined servers are ahead. */
const aheadMs = 4;

export const time = implement("time.TimeService", {
  time: (_request, context) => query(defaultServer, context),

  timeCheck: ({ server }, context) => {
    if (server === "") throw new RpcError("InvalidArgument", "ntp server is required");
    return query(server, context);
  },
});

function query(server: string, { cluster, node }: HandlerContext) {
  const refuse = (reason: string) => new RpcError("Unknown", reason);
  if (server.startsWith("/dev/")) {
    const reason = `open ${server}: no such file or directory`;
    throw refuse(`error querying PTP device "${server}": ${reason}`);
  }
  // On the node itself and on the other nodes nobody serves time.
  if (/^127\.|^::1$|^localhost$/.test(server) || cluster.find(server) !== undefined) {
    const local = server.startsWith("10.") ? node.addresses[0] : server;
    const reason = `read udp ${local}:41969->${server}:123: read: connection refused`;
    throw refuse(`error querying NTP server "${server}": ${reason}`);
  }
  if (!/[.:]/.test(server) || cluster.strangers.get(server)?.kind === "unknown-name") {
    const reason = `lookup ${server} on 127.0.0.53:53: no such host`;
    throw refuse(`error querying NTP server "${server}": ${reason}`);
  }
  const now = cluster.clock.now();
  return {
    messages: [{
      server,
      localtime: timestamp(now),
      remotetime: timestamp(new Date(now.getTime() + aheadMs)),
    }],
  };
}
