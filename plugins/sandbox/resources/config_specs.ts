/** Resources that say what the configuration asks for, before anything is done about it. */

import type { NodeFacts } from "./node_facts.ts";
import type { ResourceSeed } from "./resource_seed.ts";
import { type NodeSettings, settingsOf } from "./settings.ts";
import { onMetal, type Sources, whenConfigured } from "./sources.ts";

/** The sources of this area. */
export const configSpecSources: Sources = {
  "DiscoveryConfigs.cluster.talos.dev": whenConfigured(fromSettings(discovery)),
  "EventSinkConfigs.runtime.talos.dev": fromSettings(({ eventSink }) =>
    eventSink === undefined ? [] : [{ id: "event-sink", spec: { endpoint: eventSink } }]
  ),
  "KernelModuleSpecs.runtime.talos.dev": fromSettings(({ kernelModules }) =>
    kernelModules.map(({ name, parameters }) => ({
      id: name,
      owner: "runtime.KernelModuleConfigController",
      spec: { string: name, parameters },
    }))
  ),
  "KernelParamSpecs.runtime.talos.dev": fromSettings(({ kernelParameters }) =>
    Object.entries(kernelParameters).map(([id, value]) => ({
      id,
      owner: "runtime.KernelParamConfigController",
      spec: { value },
    }))
  ),
  "KernelParamStatuses.runtime.talos.dev": fromSettings(({ kernelParameters }) =>
    Object.entries(kernelParameters).map(([id, current]) => ({
      id,
      owner: "runtime.KernelParamSpecController",
      spec: { current, default: kernelDefaults[id] ?? "" },
    }))
  ),
  "KmsgLogConfigs.runtime.talos.dev": fromSettings(({ kernelLogUrls: destinations }) =>
    destinations.length === 0
      ? []
      : [{ id: "kmsg-log", owner: "runtime.KmsgLogConfigController", spec: { destinations } }]
  ),
  "KubeSpanConfigs.kubespan.talos.dev": whenConfigured(fromSettings(kubeSpan)),
  "NodeAnnotationSpecs.k8s.talos.dev": fromSettings(({ nodeAnnotations }) =>
    pairs(nodeAnnotations, "k8s.NodeAnnotationSpecController")
  ),
  "NodeLabelSpecs.k8s.talos.dev": fromSettings(({ nodeLabels }) =>
    pairs(nodeLabels, "k8s.NodeLabelSpecController")
  ),
  "NodeTaintSpecs.k8s.talos.dev": fromSettings(({ nodeTaints }) =>
    Object.entries(nodeTaints).map(([key, given]) => {
      const [value, effect] = given.includes(":") ? given.split(":") : ["", given];
      return { id: key, owner: "k8s.NodeTaintSpecController", spec: { key, effect, value } };
    })
  ),
  "RegistryConfigs.cri.talos.dev": whenConfigured(fromSettings(({ registries }) => [{
    id: "registry-config",
    owner: "cri.RegistriesConfigController",
    spec: registries,
  }])),
  "WatchdogTimerConfigs.runtime.talos.dev": onMetal(
    fromSettings(({ watchdog }) =>
      watchdog === undefined
        ? []
        : [{ id: "timer", owner: "runtime.WatchdogTimerConfigController", spec: watchdog }]
    ),
  ),
};

/** What the kernel starts with. */
const kernelDefaults: Readonly<Record<string, string>> = {
  "proc.sys.net.core.somaxconn": "4096",
  "proc.sys.vm.max_map_count": "65530",
  "proc.sys.vm.nr_hugepages": "0",
  "proc.sys.vm.swappiness": "60",
};

function fromSettings(
  source: (settings: NodeSettings) => readonly ResourceSeed[],
): (facts: NodeFacts) => readonly ResourceSeed[] {
  return ({ node }) => source(settingsOf(node));
}

function pairs(values: Readonly<Record<string, string>>, owner: string): readonly ResourceSeed[] {
  return Object.entries(values).map(([key, value]) => ({ id: key, owner, spec: { key, value } }));
}

function discovery({ discovery, identity }: NodeSettings): readonly ResourceSeed[] {
  const { isEnabled, usesKubernetes, endpoint } = discovery;
  const { host, protocol } = URL.parse(endpoint) ?? { host: "", protocol: "" };
  const isInsecure = protocol === "http:";
  const address = /:\d+$/.test(host) ? host : `${host}:${isInsecure ? 80 : 443}`;
  return [{
    id: "cluster",
    owner: "cluster.ConfigController",
    spec: isEnabled
      ? {
        discoveryEnabled: true,
        registryKubernetesEnabled: usesKubernetes,
        registryServiceEnabled: true,
        serviceEndpoint: address,
        serviceEndpointInsecure: isInsecure,
        serviceClusterID: identity.clusterId,
        serviceEndpoints: [{ name: "default", endpoint: address, insecure: isInsecure }],
      }
      : {},
  }];
}

function kubeSpan({ kubeSpan, identity }: NodeSettings): readonly ResourceSeed[] {
  return [{
    id: "kubespan",
    owner: "kubespan.ConfigController",
    spec: {
      enabled: kubeSpan.isEnabled,
      clusterId: identity.clusterId,
      sharedSecret: identity.clusterSecret,
      forceRouting: !kubeSpan.bypassesDownPeers,
      advertiseKubernetesNetworks: kubeSpan.advertisesKubernetesNetworks,
      mtu: kubeSpan.mtuBytes,
      endpointFilters: kubeSpan.endpointFilters,
      harvestExtraEndpoints: kubeSpan.harvestsEndpoints,
    },
  }];
}
