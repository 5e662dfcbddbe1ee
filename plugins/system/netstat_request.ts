/** From the flags of `netstat` to the question a node is asked (spec/machine-read.md, 8). */

import type { DeepPartial } from "../../core/client/talos.ts";
import type { NetstatRequest } from "../../proto/gen/machine/machine.ts";

/** The flags that choose sockets. */
export interface SocketChoice {
  all: boolean;
  listening: boolean;
  programs: boolean;
  pods: boolean;
  verbose: boolean;
  tcp: boolean;
  udp: boolean;
  udplite: boolean;
  raw: boolean;
  ipv4: boolean;
  ipv6: boolean;
}

/**
 * The request for these flags.
 *
 * @param network The network namespace to look in, in the place of the node's own.
 */
export function netstatRequest(
  choice: SocketChoice,
  network?: string,
): DeepPartial<NetstatRequest> {
  return {
    filter: choice.all ? "ALL" : choice.listening ? "LISTENING" : "CONNECTED",
    feature: { pid: choice.programs },
    l4proto: protocols(choice),
    netns: {
      hostnetwork: network === undefined,
      allnetns: choice.pods,
      netns: network === undefined ? [] : [network],
    },
  };
}

/** TCP and UDP where no protocol is chosen; one version of IP alone only where just that one is named. */
function protocols(choice: SocketChoice) {
  const { verbose, tcp, udp, udplite, raw, ipv4, ipv6 } = choice;
  const isDefault = !(verbose || tcp || udp || udplite || raw);
  const chosen = {
    tcp: tcp || verbose || isDefault,
    udp: udp || verbose || isDefault,
    udplite: udplite || verbose,
    raw: raw || verbose,
  };
  const hasV4 = ipv4 || !ipv6;
  const hasV6 = ipv6 || !ipv4;
  return {
    tcp: chosen.tcp && hasV4,
    tcp6: chosen.tcp && hasV6,
    udp: chosen.udp && hasV4,
    udp6: chosen.udp && hasV6,
    udplite: chosen.udplite && hasV4,
    udplite6: chosen.udplite && hasV6,
    raw: chosen.raw && hasV4,
    raw6: chosen.raw && hasV6,
  };
}
