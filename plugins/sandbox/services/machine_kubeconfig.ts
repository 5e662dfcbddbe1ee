/** MachineService/Kubeconfig: a new admin kubeconfig at every call (spec/kubeconfig.md, 4 and 8). */

import { concatBytes } from "../../../core/bytes.ts";
import { RpcError } from "../../../core/errors.ts";
import { toGoYaml } from "../../../core/output/go_yaml.ts";
import type { SandboxCluster } from "../cluster.ts";
import { requireControlPlane } from "../control_plane_only.ts";
import type { SandboxNode } from "../node.ts";
import { settingsOf } from "../resources/settings.ts";
import { settingsReader } from "../resources/settings_reader.ts";
import { implement } from "../service_group.ts";

const blockBytes = 512;

export const machineKubeconfig = implement("machine.MachineService", {
  kubeconfig: async function* (_request, { cluster, node }) {
    requireControlPlane(node, "kubeconfig");
    requireAuthority(node);
    const content = new TextEncoder().encode(
      node.kubeconfig ?? await adminKubeconfig(cluster, node),
    );
    const archive = concatBytes([await tarHeader(content.length), content]);
    const packed = new Blob([archive]).stream().pipeThrough(new CompressionStream("gzip"));
    yield { bytes: new Uint8Array(await new Response(packed).arrayBuffer()) };
  },
});

/** The authority is the sandbox's own, but a node whose configuration has none could issue nothing. */
function requireAuthority(node: SandboxNode): void {
  const { any, text } = settingsReader(node);
  const places = ["KubeAPIServerCAConfig/issuingCA", "v1alpha1/cluster.ca"];
  if (any(...places) === undefined) {
    throw new RpcError("FailedPrecondition", "k8s API server CA config is not set");
  }
  if (text(...places.map((place) => `${place}.key`)) === undefined) {
    throw new RpcError("Unknown", "issuing CA is not set");
  }
}

async function adminKubeconfig(cluster: SandboxCluster, node: SandboxNode): Promise<string> {
  const { kubernetes, kubernetesPki } = cluster;
  const name = settingsOf(node).clusterName ?? cluster.name;
  const { certificatePem } = await kubernetesPki.authority();
  const client = await kubernetesPki.client({
    commonName: "admin",
    organizations: ["system:masters"],
  });
  const user = `admin@${name}`;
  const document = {
    apiVersion: "v1",
    clusters: [{
      cluster: {
        "certificate-authority-data": btoa(certificatePem),
        server: await kubernetes.url(),
      },
      name,
    }],
    contexts: [{ context: { cluster: name, namespace: "default", user }, name: user }],
    "current-context": user,
    kind: "Config",
    users: [{
      name: user,
      user: {
        "client-certificate-data": btoa(client.certificatePem),
        "client-key-data": btoa(client.keyPem),
      },
    }],
  };
  return toGoYaml(document, { indent: 2, sequenceIndent: false });
}

/** The archive's only header. A node writes no more than the data behind it, not even to the end of the block. */
async function tarHeader(sizeBytes: number): Promise<Uint8Array> {
  const { pack } = await import("tar-stream");
  const archive = pack();
  archive.entry({ name: "kubeconfig", mode: 0o600, size: sizeBytes, mtime: new Date() });
  for await (const bytes of archive as AsyncIterable<Uint8Array>) {
    archive.destroy();
    return bytes.subarray(0, blockBytes);
  }
  throw new Error("an archive without a header was made");
}
