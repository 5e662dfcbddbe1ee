/** Checks of Kubernetes documents: the control plane's parts, the kubelet, the cluster (spec/machine-config.md, 12.3). */

import { countedText } from "../../counted_errors.ts";
import { goQuote } from "../../output/go_quote.ts";
import { knownRoles } from "../../roles.ts";
import { parseUrl } from "../urls.ts";
import { type ConfigValue, entriesAt, listAt, numberAt, textAt, valueAt } from "../value.ts";
import {
  certificateProblem,
  keyProblem as privateKeyProblem,
  pairProblem,
} from "./certificates.ts";
import { endpointProblem } from "./endpoint.ts";
import { type DocumentChecks, type Findings, firstOnly } from "./findings.ts";
import { annotationProblems, keyProblem, labelProblems, taintProblems } from "./labels.ts";
import { authorizerTypeProblem } from "./main_cluster.ts";
import { nodeSubnetProblems, protectedFieldProblems } from "./main_kubernetes.ts";
import { subnetProblem } from "./kubernetes_subnets.ts";
import { resourceProblem } from "./pod_resources.ts";

/** The checks by kind. */
export const kubernetesChecks: DocumentChecks = {
  KubeAdmissionControlConfig: firstOnly(({ name }, { errors }) => {
    if (name === "") errors.push("admission control plugin name is required");
  }),
  KubeAggregatorCAConfig: ({ value }, { errors }) => {
    if (valueAt(value, "issuingCA") === undefined) errors.push("issuing CA is not set");
    errors.push(...authorityProblems(value));
  },
  KubeAPIServerCAConfig: ({ value }, { errors }) => void errors.push(...authorityProblems(value)),
  KubeAPIServerConfig: ({ value }, { errors }) => {
    requireImage(value, "kube-apiserver", errors);
    errors.push(...argumentProblems(entriesAt(value, "extraArgs").map(([key]) => key)));
    errors.push(...resourceProblems(value));
  },
  KubeAuthorizerConfig: ({ name, value }, { errors, warnings }) => {
    const type = textAt(value, "type");
    const hasWebhook = entriesAt(value, "webhook").length > 0;
    if (name === "") errors.push("authorizer name is required");
    if (type === "") errors.push("authorizer type is required");
    else if (authorizerTypeProblem(type) !== "") errors.push(authorizerTypeProblem(type));
    if (type === "Webhook" && !hasWebhook) {
      errors.push("authorizer webhook configuration is required for Webhook authorizer type");
    }
    if (type !== "Webhook" && hasWebhook) {
      warnings.push(
        "authorizer webhook configuration is not allowed non-Webhook authorizer types",
      );
    }
  },
  KubeClusterConfig: ({ value }, { errors }) => {
    if (textAt(value, "clusterName") === "") errors.push("clusterName must be specified");
    const endpoint = textAt(value, "endpoint");
    const problem = endpoint === "" ? undefined : endpointProblem(endpoint);
    if (endpoint === "") errors.push("endpoint must be specified");
    else if (problem !== undefined) errors.push(`cluster endpoint is invalid: ${problem}`);
  },
  KubeControllerManagerConfig: ({ value }, { errors }) => {
    if (valueAt(value, "enabled") === false) return;
    requireImage(value, "kube-controller-manager", errors);
    errors.push(...resourceProblems(value));
  },
  KubeSchedulerConfig: ({ value }, { errors }) => {
    if (valueAt(value, "enabled") === false) return;
    requireImage(value, "scheduler", errors);
    errors.push(...resourceProblems(value));
  },
  KubeProxyConfig: ({ value }, findings) => {
    if (valueAt(value, "enabled") !== false) checkProxy(value, findings);
  },
  KubeEtcdEncryptionConfig: ({ value }, { errors }) => {
    if (entriesAt(value, "config").length === 0) errors.push("etcd encryption config is required");
  },
  KubeExternalManifestConfig: ({ name, value }, { errors }) => {
    errors.push(...manifestNameProblems(name, "manifest"));
    const url = textAt(value, "url");
    if (url === "") errors.push("manifest URL is required");
    else if (!["http", "https"].includes(parseUrl(url).scheme)) {
      const scheme = goQuote(parseUrl(url).scheme);
      errors.push(`manifest URL scheme must be http or https: ${scheme}`);
    }
  },
  KubeInlineManifestConfig: ({ name }, { errors }) => {
    errors.push(...manifestNameProblems(name, "manifest"));
  },
  KubeStaticPodConfig: ({ name, value }, { errors }) => {
    errors.push(...manifestNameProblems(name, "static pod"));
    if (entriesAt(value, "pod").length === 0) errors.push("static pod spec is required");
  },
  KubeFlannelCNIConfig: ({ value }, { errors }) => {
    if (textAt(value, "backendType") === "") {
      errors.push("flannel backend type must be specified");
    }
    errors.push(...resourceProblems(value));
  },
  KubeletConfig: ({ value }, { errors }) => {
    requireImage(value, "kubelet", errors);
    errors.push(...protectedFieldProblems(entriesAt(value, "config")));
  },
  KubePrismConfig: ({ value }, { errors }) => {
    const port = numberAt(value, "port");
    if (port >= 1 && port <= 65535) return;
    errors.push(`invalid port ${port}: must be in range 1-65535`);
  },
  KubeNetworkConfig: ({ value }, { errors }) => void errors.push(...networkProblems(value)),
  KubeNodeConfig: ({ value }, { errors }) => {
    errors.push(...nodeSubnetProblems(listAt(value, "nodeIP", "validSubnets"), ""));
    const parts = [
      ["labels", labelProblems(entriesAt(value, "labels"))],
      ["annotations", annotationProblems(entriesAt(value, "annotations"))],
      ["taints", taintProblems(entriesAt(value, "taints"))],
    ] as const;
    for (const [name, problems] of parts) {
      if (problems.length > 0) errors.push(`invalid node ${name}: ${countedText(problems)}`);
    }
  },
  KubeServiceAccountConfig: ({ value }, { errors }) => {
    const key = textAt(value, "issuer", "privateKey");
    const problem = key === "" ? undefined : privateKeyProblem(key);
    if (key === "") errors.push("service issuer private key is required");
    else if (problem !== undefined) {
      errors.push(`service issuer private key is invalid: ${problem}`);
    }
    if (textAt(value, "issuer", "issuerURL") === "") {
      errors.push("service issuer URL is required");
    }
  },
  KubeTalosAPIAccessConfig: ({ value }, { errors }) => {
    const unknown = listAt(value, "allowedRoles").map(String)
      .filter((role) => !knownRoles.includes(role));
    errors.push(...unknown.map((role) => `invalid role ${goQuote(role)} in .allowedRoles`));
  },
};

function requireImage(value: ConfigValue, name: string, errors: string[]): void {
  if (textAt(value, "image") === "") errors.push(`${name} image cannot be empty`);
}

function resourceProblems(value: ConfigValue): string[] {
  const problem = resourceProblem(valueAt(value, "resources"));
  return problem === undefined ? [] : [problem];
}

function authorityProblems(value: ConfigValue): string[] {
  const problems: string[] = [];
  const issuing = valueAt(value, "issuingCA");
  const ofPair = issuing === undefined ? undefined : pairProblem(issuing);
  if (ofPair !== undefined) problems.push(`issuing CA: ${ofPair}`);
  for (const [index, accepted] of listAt(value, "acceptedCAs").entries()) {
    const problem = certificateProblem(String(accepted));
    if (problem !== undefined) problems.push(`accepted CA #${index}: ${problem}`);
  }
  return problems;
}

/** Arguments of the API server that have documents of their own. */
const replacedArguments = [
  ["anonymous-auth", "KubeAuthenticationConfig"],
  ["authentication-config", "KubeAuthenticationConfig"],
  ["oidc-", "KubeAuthenticationConfig"],
  ["authorization-config", "KubeAuthorizationConfig"],
  ["authorization-mode", "KubeAuthorizationConfig"],
  ["authorization-webhook-", "KubeAuthorizationConfig"],
] as const;

function argumentProblems(given: readonly string[]): string[] {
  return replacedArguments.flatMap(([prefix, kind]) =>
    given.filter((name) => name.startsWith(prefix)).map((name) =>
      `kube-apiserver extra argument ${goQuote(name)} is not allowed: use ${kind}`
    )
  );
}

function checkProxy(value: ConfigValue, { errors, warnings }: Findings): void {
  requireImage(value, "proxy", errors);
  const mode = textAt(value, "mode");
  if (mode === "iptables" || mode === "ipvs") {
    warnings.push(
      `proxy mode ${goQuote(mode)} is not recommended, please switch to nftables if possible`,
    );
  } else if (mode !== "" && mode !== "nftables") {
    const supported = "supported modes are iptables, ipvs and nftables";
    errors.push(`invalid proxy mode ${goQuote(mode)}: ${supported}`);
  }
  if (entriesAt(value, "extraArgs").length > 0) {
    warnings.push(
      "extra arguments for kube-proxy may not work as expected, " +
        "please use configuration instead",
    );
  }
  errors.push(...resourceProblems(value));
}

function manifestNameProblems(name: string, what: string): string[] {
  if (name === "") return [`${what} name is required`];
  const problem = keyProblem(name);
  return problem === undefined ? [] : [`${what} name is invalid: ${problem}`];
}

function networkProblems(value: ConfigValue): string[] {
  const problems: string[] = [];
  const masks = {
    4: numberAt(value, "nodeCIDRMaskSizeIPv4"),
    6: numberAt(value, "nodeCIDRMaskSizeIPv6"),
  };
  for (const [family, longest] of [[4, 32], [6, 128]] as const) {
    const length = masks[family];
    if (length === 0 || length >= 1 && length <= longest) continue;
    problems.push(`nodeCIDRMaskSizeIPv${family} must be between 1 and ${longest}`);
  }
  const pods = listAt(value, "podSubnets").map((subnet) => String(subnet ?? ""));
  const services = listAt(value, "serviceSubnets").map((subnet) => String(subnet ?? ""));
  const ofPods = subnetProblem(pods, { ipv4: masks[4] || 24, ipv6: masks[6] || 64 });
  const ofServices = subnetProblem(services);
  if (ofPods !== undefined) problems.push(`pod subnets: ${ofPods}`);
  if (ofServices !== undefined) problems.push(`service subnets: ${ofServices}`);
  if (pods.length !== services.length) {
    problems.push("the number of pod subnets must match the number of service subnets");
  }
  return problems;
}
