/** Authorities that exist already: what they issue can be told from nothing else they issued. */

import assert from "node:assert/strict";
import { X509Certificate } from "@peculiar/x509";
import { createAuthority, loadAuthority } from "../../core/pki/authority.ts";

const validity = { notBefore: new Date("2026-11-21T10:00:00Z"), lifetimeMs: 3_600_000 };

Deno.test("an authority that is loaded again issues certificates with a key of its own kind", async () => {
  const labels: Record<string, string> = {};
  for (const keyKind of ["ed25519", "ecdsa-p256"] as const) {
    const made = await createAuthority({ organization: "talos", keyKind, ...validity });
    const { certificatePem, keyPem } = made;

    const loaded = await loadAuthority({ certificatePem, keyPem });
    const client = await loaded.issue({
      organizations: ["os:admin"],
      usage: ["clientAuth"],
      ...validity,
    });

    const authority = new X509Certificate(certificatePem);
    const certificate = new X509Certificate(client.certificatePem);
    assert.ok(await certificate.verify({ publicKey: authority, signatureOnly: true }));
    assert.equal(certificate.issuer, "O=talos");
    assert.equal(certificate.subject, "O=os:admin");
    labels[keyKind] = client.keyPem.split("\n", 1)[0] ?? "";
  }

  assert.deepEqual(labels, {
    "ed25519": "-----BEGIN ED25519 PRIVATE KEY-----",
    "ecdsa-p256": "-----BEGIN EC PRIVATE KEY-----",
  });
});
