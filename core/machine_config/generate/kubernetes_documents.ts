/** The documents about Kubernetes, from Talos 1.14 on (spec/machine-config.md, 2.4). */

import type { SecretsBundle } from "../secrets.ts";
import type { ConfigDocument } from "../value.ts";
import type { CompleteInput } from "./input.ts";
import {
  auditPolicy,
  componentImage,
  kubeletImage,
  kubePrismPort,
  noLoadBalancersLabel,
  podSecurity,
  podSubnets,
  serviceSubnets,
} from "./kubernetes_defaults.ts";
import { newDocument, type PlainMap } from "./plain.ts";

/** In the order in which they are written. */
export function kubernetesDocuments(input: CompleteInput): ConfigDocument[] {
  const { isControlPlane, clusterName, endpoint, dnsDomain } = input;
  return [
    newDocument("KubeClusterConfig", { clusterName, endpoint }),
    newDocument("KubeNodeConfig", {
      nodeIP: {},
      ...(isControlPlane ? controlPlaneMarks : {}),
    }),
    newDocument("KubeletConfig", {
      image: kubeletImage(input.kubernetesVersion),
      config: {},
      defaultRuntimeSeccompProfileEnabled: true,
    }),
    newDocument("KubeNetworkConfig", { dnsDomain, podSubnets, serviceSubnets }),
    newDocument("KubeAPIServerCAConfig", apiServerCa(input)),
    newDocument("KubePrismConfig", { port: kubePrismPort }),
    ...isControlPlane ? controlPlaneDocuments(input) : [],
  ];
}

const controlPlaneRole = "node-role.kubernetes.io/control-plane";
const controlPlaneMarks: PlainMap = {
  labels: { [controlPlaneRole]: "", [noLoadBalancersLabel]: "" },
  taints: { [controlPlaneRole]: "NoSchedule" },
};

function apiServerCa({ isControlPlane, secrets }: CompleteInput): PlainMap {
  const { kubernetes } = secrets.certificates;
  if (kubernetes === undefined) return {};
  const { certificatePem: cert, keyPem: key } = kubernetes;
  return isControlPlane ? { issuingCA: { cert, key } } : { acceptedCAs: [cert] };
}

function controlPlaneDocuments(input: CompleteInput): ConfigDocument[] {
  return [...accessDocuments(input), ...componentDocuments(input)];
}

/** Who may do what, and what keeps that secret. */
function accessDocuments({ secrets, endpoint }: CompleteInput): ConfigDocument[] {
  const { aggregator, serviceAccountKey } = secrets.certificates;
  const paths = ["/livez", "/readyz", "/healthz"];
  const anonymous = { enabled: true, conditions: paths.map((path) => ({ path })) };
  const issuingCA = aggregator && { cert: aggregator.certificatePem, key: aggregator.keyPem };
  return [
    newDocument("KubeAggregatorCAConfig", { issuingCA }),
    newDocument("KubeAdmissionControlConfig", { name: "PodSecurity", configuration: podSecurity }),
    newDocument("KubeAuditPolicyConfig", { configuration: auditPolicy }),
    newDocument("KubeAuthenticationConfig", { configuration: { anonymous, jwt: [] } }),
    newDocument("KubeAuthorizerConfig", { name: "node", type: "Node" }),
    newDocument("KubeAuthorizerConfig", { name: "rbac", type: "RBAC" }),
    newDocument("KubeEtcdEncryptionConfig", { config: etcdEncryption(secrets) }),
    newDocument("KubeServiceAccountConfig", {
      issuer: { privateKey: serviceAccountKey, issuerURL: endpoint },
    }),
  ];
}

/** An AES-CBC secret of old stands under `secretbox` too, as the official client has it. */
function etcdEncryption(secrets: SecretsBundle): PlainMap {
  const key = secrets.secretboxEncryptionSecret === undefined
    ? { name: "key1", secret: secrets.aescbcEncryptionSecret }
    : { name: "key2", secret: secrets.secretboxEncryptionSecret };
  return { resources: [{ providers: [{ secretbox: { keys: [key] } }], resources: ["secrets"] }] };
}

function componentDocuments(input: CompleteInput): ConfigDocument[] {
  const component = (kind: string, name: string, rest: PlainMap = {}) => {
    const image = componentImage(name, input.kubernetesVersion);
    return newDocument(kind, { image, ...rest });
  };
  return [
    component("KubeAPIServerConfig", "kube-apiserver", { certExtraSANs: input.additionalSans }),
    component("KubeControllerManagerConfig", "kube-controller-manager"),
    component("KubeSchedulerConfig", "kube-scheduler", { config: {} }),
    component("KubeProxyConfig", "kube-proxy", { config: {} }),
    newDocument("KubeFlannelCNIConfig", { backendType: "vxlan", backendPort: 4789 }),
    newDocument("KubeCoreDNSConfig", { enabled: true }),
  ];
}
