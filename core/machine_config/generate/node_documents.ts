/** The documents about the node itself: discovery, installation, names, disks, registries (spec/machine-config.md, 2.4). */

import { goQuote } from "../../output/go_quote.ts";
import { compareNaturally } from "../../talosconfig/name_order.ts";
import type { ConfigDocument } from "../value.ts";
import { byVersion, type CompleteInput } from "./input.ts";
import { newDocument } from "./plain.ts";

/** In the order in which they are written; up to 1.13 there are few of them, up to 1.11 none. */
export function nodeDocuments(input: CompleteInput): ConfigDocument[] {
  const { since } = byVersion(input);
  return [
    ...since(14, settings(input)) ?? [],
    ...since(12, mirrors(input)) ?? [],
    ...since(12, [newDocument("HostnameConfig", { auto: "stable" })]) ?? [],
    ...input.hasKubespan ? since(13, [newDocument("KubeSpanConfig", { enabled: true })]) ?? [] : [],
  ];
}

function settings(input: CompleteInput): ConfigDocument[] {
  const { cluster } = input.secrets;
  return [
    ...input.hasDiscovery ? [discoveryService()] : [],
    newDocument("DiscoveryIdentityConfig", {
      clusterID: cluster.id,
      clusterSecret: cluster.secret,
    }),
    ...input.installDisk === "" ? [] : [installation(input)],
    newDocument("ResolverConfig", { hostDNS: { enabled: true, forwardKubeDNSToHost: true } }),
    newDocument("VolumeConfig", { name: "EPHEMERAL", mount: { secure: true } }),
    newDocument("FilesystemTrimConfig", { interval: "168h0m0s" }),
    newDocument("SecurityProfileConfig", { workloadIsolation: true }),
  ];
}

function discoveryService(): ConfigDocument {
  const fields = { name: "default", endpoint: "https://discovery.talos.dev/" };
  return newDocument("DiscoveryServiceConfig", fields);
}

function installation({ installDisk, installImage }: CompleteInput): ConfigDocument {
  const match = `disk.dev_path == ${goQuote(installDisk)}`;
  return newDocument("UnattendedInstallConfig", {
    installer: { image: installImage },
    provisioning: { diskSelector: { match }, wipe: false },
  });
}

function mirrors({ registryMirrors }: CompleteInput): ConfigDocument[] {
  return [...registryMirrors].sort(([left], [right]) => compareNaturally(left, right))
    .map(([name, urls]) =>
      newDocument("RegistryMirrorConfig", { name, endpoints: urls.map((url) => ({ url })) })
    );
}
