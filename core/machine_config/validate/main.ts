/** Checks of the main document, in the order in which they are reported (spec/machine-config.md, 12.2). */

import { goQuote } from "../../output/go_quote.ts";
import { enumValues } from "../schema.ts";
import { type ConfigValue, entriesAt, listAt, textAt, valueAt } from "../value.ts";
import { type Findings, newFindings } from "./findings.ts";
import { annotationProblems, labelProblems, taintProblems } from "./labels.ts";
import { isControlPlane, isWorker } from "./machine_type.ts";
import { checkCluster } from "./main_cluster.ts";
import { installProblems } from "./main_install.ts";
import { checkInterfaces } from "./main_network.ts";
import { kubespanFilterProblems, kubespanMtuProblems } from "./kubespan.ts";
import { checkCni, kubeletProblems } from "./main_kubernetes.ts";
import { diskProblems, encryptionProblems } from "./main_storage.ts";
import { loggingProblems } from "./main_logging.ts";
import { countedText } from "../../counted_errors.ts";
import { knownRoles } from "../../roles.ts";

/** Checks the main document for a platform. */
export function checkMain(main: ConfigValue, mode: string): Findings {
  const findings = newFindings();
  const { errors, warnings } = findings;
  const machine = valueAt(main, "machine");
  if (machine === undefined) {
    errors.push("machine instructions are required");
    return findings;
  }
  if (listAt(machine, "files").length > 0) {
    warnings.push(
      ".machine.files is deprecated; use dedicated configuration documents instead",
    );
  }
  if (entriesAt(machine, "baseRuntimeSpecOverrides").length > 0) {
    warnings.push(
      ".machine.baseRuntimeSpecOverrides is deprecated; " +
        "use a CRIBaseRuntimeSpecConfig document instead",
    );
  }
  const type = textAt(machine, "type");
  if (isWorker(main) && type !== "worker") {
    warnings.push(`use "worker" instead of ${goQuote(type)} for machine type`);
  }

  checkCluster(main, findings);
  if (mode === "metal") errors.push(...installProblems(valueAt(machine, "install")));
  if (
    valueAt(machine, "features", "hostDNS", "forwardKubeDNSToHost") === true &&
    valueAt(machine, "features", "hostDNS", "enabled") !== true
  ) {
    errors.push(
      "feature hostDNS.forwardKubeDNSToHost requires hostDNS.enabled to be true " +
        "(.machine.features.hostDNS)",
    );
  }
  checkRole(main, findings);
  checkInterfaces(main, findings);
  const kubespan = valueAt(machine, "network", "kubespan");
  if (valueAt(kubespan, "enabled") === true) errors.push(...kubespanMtuProblems(kubespan));
  errors.push(...diskProblems(listAt(machine, "disks")));
  errors.push(...kubeletProblems(valueAt(machine, "kubelet")));
  errors.push(...encryptionProblems(valueAt(machine, "systemDiskEncryption")));
  if (valueAt(kubespan, "enabled") === true) errors.push(...kubespanFilterProblems(kubespan));
  errors.push(...loggingProblems(listAt(machine, "logging", "destinations")));
  checkExtensions(machine, findings);
  errors.push(...nodeProblems(machine));
  checkFeatures(main, findings);
  checkRegistries(machine, findings);
  return findings;
}

/** What depends on whether it is a control plane machine or a worker. */
function checkRole(main: ConfigValue, findings: Findings): void {
  const { errors } = findings;
  const machine = valueAt(main, "machine");
  const ca = valueAt(machine, "ca");
  const hasAccepted = listAt(machine, "acceptedCAs").length > 0;
  const [certificate, key] = [textAt(ca, "crt"), textAt(ca, "key")];
  if (ca === undefined && !hasAccepted) {
    errors.push("issuing CA or some accepted CAs are required (.machine.ca, machine.acceptedCAs)");
  }
  if (isControlPlane(main)) {
    checkCni(main, findings);
    if (ca === undefined) errors.push("issuing CA is required (.machine.ca)");
    else if (key === "") {
      errors.push("issuing CA key is required for controlplane nodes (.machine.ca.key)");
    }
  } else if (isWorker(main)) {
    for (const device of listAt(machine, "network", "interfaces")) {
      for (const link of [device, ...listAt(device, "vlans")]) {
        if (valueAt(link, "vip") === undefined) continue;
        errors.push("virtual (shared) IP is not allowed on non-controlplane nodes");
      }
    }
    if (key !== "") {
      errors.push(
        "issuing Talos API CA key is not allowed on non-controlplane nodes (.machine.ca)",
      );
    }
    if (textAt(main, "cluster", "ca", "key") !== "") {
      errors.push(
        "issuing Kubernetes API CA key is not allowed on non-controlplane nodes (.cluster.ca)",
      );
    }
    if (ca !== undefined && certificate === "" && !hasAccepted) {
      errors.push(
        "trusted CA certificates are required on non-controlplane nodes " +
          "(.machine.ca.crt, .machine.acceptedCAs)",
      );
    }
  } else errors.push(`unknown machine type ${goQuote(textAt(machine, "type"))}`);
}

function checkExtensions(machine: ConfigValue, { errors, warnings }: Findings): void {
  const images = listAt(machine, "install", "extensions").map((item) => textAt(item, "image"));
  if (images.length > 0) {
    warnings.push(
      ".machine.install.extensions is deprecated, please see " +
        "https://docs.siderolabs.com/talos/latest/platform-specific-installations/boot-assets",
    );
  }
  const repeated = images.filter((image, index) => images.indexOf(image) < index);
  for (const image of repeated) errors.push(`duplicate system extension ${goQuote(image)}`);
}

function nodeProblems(machine: ConfigValue): string[] {
  const parts = [
    ["labels", labelProblems(entriesAt(machine, "nodeLabels"))],
    ["annotations", annotationProblems(entriesAt(machine, "nodeAnnotations"))],
    ["taints", taintProblems(entriesAt(machine, "nodeTaints"))],
  ] as const;
  return parts.filter(([, problems]) => problems.length > 0)
    .map(([name, problems]) => `invalid machine node ${name}: ${countedText(problems)}`);
}

function checkFeatures(main: ConfigValue, { errors }: Findings): void {
  const features = valueAt(main, "machine", "features");
  const access = valueAt(features, "kubernetesTalosAPIAccess");
  if (valueAt(access, "enabled") === true) {
    if (!isControlPlane(main)) {
      errors.push(
        "feature Kubernetes Talos API Access can only be enabled on control plane machines",
      );
    }
    for (const role of listAt(access, "allowedRoles").map(String)) {
      if (knownRoles.includes(role)) continue;
      errors.push(
        `invalid role ${goQuote(role)} in allowed roles for Kubernetes Talos API Access`,
      );
    }
  }
  const algorithm = textAt(features, "nodeAddressSortAlgorithm");
  if (algorithm !== "" && enumValues("AddressSortAlgorithm")?.includes(algorithm) !== true) {
    errors.push(
      `invalid node address sort algorithm: ${algorithm} does not belong to ` +
        "AddressSortAlgorithm values",
    );
  }
  if (valueAt(main, "persist") === false) errors.push(".persist should be enabled");
}

function checkRegistries(machine: ConfigValue, { errors }: Findings): void {
  for (const part of ["config", "mirrors"]) {
    for (const [host, registry] of entriesAt(machine, "registries", part)) {
      if (registry === null) errors.push(`registries.${part}[${goQuote(host)}] is null`);
    }
  }
}
