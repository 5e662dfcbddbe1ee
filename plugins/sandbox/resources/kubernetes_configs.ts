/** What Kubernetes components of a node were told, as administrators may see it. */

import { kubernetesVersion } from "../system/pods.ts";
import { asList, asSpec } from "./complete_spec.ts";
import { fixedResources } from "./fixed.ts";
import type { NodeFacts } from "./node_facts.ts";
import { onControlPlane, type Sources, whenConfigured } from "./sources.ts";

/** The sources of this area. */
export const kubernetesConfigSources: Sources = {
  "APIServerConfigs.kubernetes.talos.dev": onControlPlane((facts) => {
    const shared = {
      image: `registry.k8s.io/kube-apiserver:${kubernetesVersion}`,
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
        spec: { ...shared, serviceCIDR: ["10.96.0.0/12"] },
      },
      {
        id: "final-kube-apiserver",
        owner: "k8s.ControlPlaneAPIServerFinalController",
        spec: { ...shared, args: commandOf("kube-apiserver", facts) },
      },
    ];
  }),
  "KubeletSpecs.kubernetes.talos.dev": whenConfigured((facts) => [{
    id: "kubelet",
    owner: "k8s.KubeletSpecController",
    spec: {
      image: `ghcr.io/siderolabs/kubelet:${kubernetesVersion}`,
      args: [
        "--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubeconfig",
        "--cert-dir=/var/lib/kubelet/pki",
        "--config=/etc/kubernetes/kubelet.yaml",
        `--hostname-override=${facts.node.hostname}`,
        "--kubeconfig=/etc/kubernetes/kubeconfig-kubelet",
        `--node-ip=${facts.address}`,
      ],
      expectedNodename: facts.node.hostname,
      config: {
        apiVersion: "kubelet.config.k8s.io/v1beta1",
        clusterDNS: ["10.96.0.10"],
        clusterDomain: "cluster.local",
        kind: "KubeletConfiguration",
      },
    },
  }]),
};

/** The command of a static pod's only container. */
function commandOf(name: string, facts: NodeFacts): readonly unknown[] {
  const pod = fixedResources("StaticPods.kubernetes.talos.dev", facts).find(({ id }) =>
    id === name
  );
  const [container] = asList(asSpec(asSpec(pod?.spec)["spec"])["containers"]);
  return asList(asSpec(container)["command"]);
}
