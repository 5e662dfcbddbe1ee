/** What Kubernetes is set up with in every version: images, subnets, policies. */

import type { PlainMap } from "./plain.ts";

export const podSubnets = ["10.244.0.0/16"];
export const serviceSubnets = ["10.96.0.0/12"];

/** The port of KubePrism on every node. */
export const kubePrismPort = 7445;

/** Keeps load balancers of the cloud from sending traffic of services to a node. */
export const noLoadBalancersLabel = "node.kubernetes.io/exclude-from-external-load-balancers";

/** The image of a component of Kubernetes. */
export function componentImage(name: string, kubernetesVersion: string): string {
  return `registry.k8s.io/${name}:v${kubernetesVersion}`;
}

/** The image of the kubelet, which Talos builds itself. */
export function kubeletImage(kubernetesVersion: string): string {
  return `ghcr.io/siderolabs/kubelet:v${kubernetesVersion}`;
}

/** Pods must meet the baseline of Pod Security, except in kube-system. */
export const podSecurity: PlainMap = {
  apiVersion: "pod-security.admission.config.k8s.io/v1alpha1",
  kind: "PodSecurityConfiguration",
  defaults: {
    audit: "restricted",
    "audit-version": "latest",
    enforce: "baseline",
    "enforce-version": "latest",
    warn: "restricted",
    "warn-version": "latest",
  },
  exemptions: { namespaces: ["kube-system"], runtimeClasses: [], usernames: [] },
};

/** All requests are recorded without their content. */
export const auditPolicy: PlainMap = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  rules: [{ level: "Metadata" }],
};
