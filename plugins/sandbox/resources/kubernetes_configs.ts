/** What Kubernetes components of a node were told, as administrators may see it. */

import { asList, asSpec } from "./complete_spec.ts";
import { fixedResources } from "./fixed.ts";
import type { NodeFacts } from "./node_facts.ts";
import { settingsOf } from "./settings.ts";
import { type Args, imageOf } from "./settings_kubernetes.ts";
import { onControlPlane, type Sources, whenConfigured } from "./sources.ts";

/** The sources of this area. */
export const kubernetesConfigSources: Sources = {
  "APIServerConfigs.kubernetes.talos.dev": onControlPlane((facts) => {
    const settings = settingsOf(facts.node);
    const shared = {
      image: imageOf(settings, "kube-apiserver"),
      controlPlaneEndpoint: `https://${facts.endpoint}`,
      etcdServers: ["https://127.0.0.1:2379"],
      localPort: 6443,
      advertisedAddress: "$(POD_IP)",
      resources: { requests: { cpu: "", memory: "" } },
      startupProbesEnabled: true,
      useAuthenticationConfig: true,
    };
    return [
      {
        id: "kube-apiserver",
        owner: "k8s.ControlPlaneAPIServerController",
        spec: { ...shared, serviceCIDR: settings.serviceSubnets },
      },
      {
        id: "final-kube-apiserver",
        owner: "k8s.ControlPlaneAPIServerFinalController",
        spec: { ...shared, args: commandOf("kube-apiserver", facts) },
      },
    ];
  }),
  "KubeletSpecs.kubernetes.talos.dev": whenConfigured((facts) => {
    const { kubelet, dnsDomain } = settingsOf(facts.node);
    return [{
      id: "kubelet",
      owner: "k8s.KubeletSpecController",
      spec: {
        image: kubelet.image,
        args: kubeletArgs(facts, kubelet.extraArgs),
        expectedNodename: facts.node.hostname,
        config: {
          apiVersion: "kubelet.config.k8s.io/v1beta1",
          clusterDNS: kubelet.clusterDns,
          clusterDomain: dnsDomain,
          kind: "KubeletConfiguration",
          ...kubelet.extraConfig,
        },
      },
    }];
  }),
};

/** In the order of their names; those of the configuration win. */
function kubeletArgs({ node, address }: NodeFacts, extraArgs: Args): readonly string[] {
  const args: Args = {
    "bootstrap-kubeconfig": { values: ["/etc/kubernetes/bootstrap-kubeconfig"] },
    "cert-dir": { values: ["/var/lib/kubelet/pki"] },
    "config": { values: ["/etc/kubernetes/kubelet.yaml"] },
    "hostname-override": { values: [node.hostname] },
    "kubeconfig": { values: ["/etc/kubernetes/kubeconfig-kubelet"] },
    "node-ip": { values: [address] },
    ...extraArgs,
  };
  return Object.entries(args).sort(([one], [other]) => one < other ? -1 : 1)
    .flatMap(([name, { values }]) => values.map((value) => `--${name}=${value}`));
}

/** The command of a static pod's only container. */
function commandOf(name: string, facts: NodeFacts): readonly unknown[] {
  const pod = fixedResources("StaticPods.kubernetes.talos.dev", facts).find(({ id }) =>
    id === name
  );
  const [container] = asList(asSpec(asSpec(pod?.spec)["spec"])["containers"]);
  return asList(asSpec(container)["command"]);
}
