/** Links of a node: what the kernel says of each of its network interfaces. */

import { interfacesOf, type NetworkInterface } from "../system/hardware.ts";
import type { NodeFacts } from "./node_facts.ts";
import type { ResourceSeed } from "./resource_seed.ts";
import { settingsOf } from "./settings.ts";
import { onMetal, type Sources } from "./sources.ts";

/** The sources of this area. */
export const networkLinkSources: Sources = {
  "LinkStatuses.net.talos.dev": (facts) =>
    interfacesOf(facts.node).map((link) => ({
      id: link.name,
      owner: "network.LinkStatusController",
      version: link.name === "lo" ? 1 : 2,
      spec: linkSpec(facts, link),
    })),
  "LinkSpecs.net.talos.dev": ({ node }) => [
    { id: "lo", owner: "LinkMergeControllers.net.talos.dev", version: 2, spec: loopbackSpec },
    {
      id: "default/lo",
      namespace: "network-config",
      owner: "network.LinkConfigController",
      spec: loopbackSpec,
    },
    ...settingsOf(node).links.flatMap(({ name, mtuBytes }): ResourceSeed[] => {
      const spec = { name, up: true, mtu: mtuBytes, type: "netrom", layer: "configuration" };
      return [
        { id: name, owner: "LinkMergeControllers.net.talos.dev", version: 2, spec },
        {
          id: `configuration/${name}`,
          namespace: "network-config",
          owner: "network.LinkConfigController",
          spec,
        },
      ];
    }),
  ],
  "HardwareAddresses.net.talos.dev": onMetal(({ hardwareAddress }) => [{
    id: "first",
    owner: "network.HardwareAddrController",
    spec: { name: "eth0", hardwareAddr: hardwareAddress },
  }]),
};

const loopbackSpec = { name: "lo", up: true, type: "netrom", layer: "default" };

const metalIndexes: Readonly<Record<string, number>> = {
  lo: 1,
  bond0: 2,
  eth0: 4,
  "flannel.1": 5,
  cni0: 6,
};

/** The number of a link. */
export function linkIndex({ isMetal }: NodeFacts, name: string): number {
  return isMetal ? metalIndexes[name] ?? 0 : name === "lo" ? 1 : 2;
}

function linkSpec(facts: NodeFacts, link: NetworkInterface) {
  const { name, hardwareAddress, mtuBytes, isUp } = link;
  return {
    index: linkIndex(facts, name),
    type: "ether",
    flags: "UP,BROADCAST,RUNNING,MULTICAST,LOWER_UP",
    hardwareAddr: hardwareAddress,
    permanentAddr: facts.isMetal ? hardwareAddress : "",
    broadcastAddr: "ff:ff:ff:ff:ff:ff",
    mtu: settingsOf(facts.node).links.find((each) => each.name === name)?.mtuBytes || mtuBytes,
    queueDisc: "noqueue",
    operationalState: isUp ? "up" : "down",
    linkState: isUp,
    port: "Other",
    duplex: "Unknown",
    ...ofItsKind(facts, name),
  };
}

/** What a link has that others do not. */
function ofItsKind(facts: NodeFacts, name: string): object {
  switch (name) {
    case "lo":
      return {
        type: "loopback",
        flags: "UP,LOOPBACK,RUNNING,LOWER_UP",
        broadcastAddr: "00:00:00:00:00:00",
        operationalState: "unknown",
      };
    case "bond0":
      return bond;
    case "flannel.1":
      return { kind: "vxlan", driver: "vxlan", operationalState: "unknown" };
    case "cni0":
      return { kind: "bridge", driver: "bridge", speedMbit: 10000 };
    default:
      return facts.isMetal ? virtioLink : { ...vethLink, linkIndex: linkIndex(facts, name) };
  }
}

const virtioLink = {
  alias: "net0",
  queueDisc: "pfifo_fast",
  busPath: "0000:00:02.0",
  pciID: "1AF4:1000",
  driver: "virtio_net",
  driverVersion: "1.0.0",
  productID: "0x1000",
  vendorID: "0x1af4",
  product: "Virtio network device",
  vendor: "Red Hat",
};

const vethLink = {
  kind: "veth",
  driver: "veth",
  driverVersion: "1.0",
  speedMbit: 10000,
  port: "TwistedPair",
  duplex: "Full",
  veth: { peerName: "eth0" },
};

const bond = {
  flags: "BROADCAST,MASTER,MULTICAST",
  kind: "bond",
  driver: "bonding",
  bondMaster: {
    mode: "balance-rr",
    xmitHashPolicy: "layer2",
    lacpRate: "slow",
    arpValidate: "none",
    arpAllTargets: "any",
    primaryReselect: "always",
    failOverMac: "none",
    resendIgmp: 1,
    lpInterval: 1,
    packetsPerSlave: 1,
    numPeerNotif: 1,
    tlbLogicalLb: 1,
    useCarrier: true,
  },
};
