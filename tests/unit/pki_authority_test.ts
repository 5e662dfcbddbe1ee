/** Authorities that exist already: what they issue can be told from nothing else they issued. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createPublicKey, verify } from "node:crypto";
import { X509Certificate } from "@peculiar/x509";
import { createAuthority, loadAuthority } from "../../core/pki/authority.ts";
import { encodePem } from "../../core/pki/pem.ts";
import { generateKeyPair } from "../../core/pki/private_key.ts";
import { signDer } from "../../core/pki/signature.ts";

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

Deno.test("an authority's organization is certified as it is given, letter by letter", async () => {
  for (const organization of ["#cafe", 'say "hi"', "a\\b", "Zürich", "plain"]) {
    const { certificatePem } = await createAuthority({ organization, ...validity });

    assert.deepEqual(new X509Certificate(certificatePem).subjectName.getField("O"), [organization]);
  }
});

Deno.test("a certificate's subject names the organizations in DER's order, then the common name", async () => {
  const authority = await createAuthority(validity);

  const { certificatePem } = await authority.issue({
    commonName: "admin",
    organizations: ["os:reader", "os:admin", "os:etcd:backup"],
    usage: ["clientAuth"],
    ...validity,
  });

  const { subject } = new X509Certificate(certificatePem);
  assert.equal(subject, "O=os:admin+O=os:reader+O=os:etcd:backup, CN=admin");
});

Deno.test("an authority whose certificate has a broken extension cannot be loaded", async () => {
  const { certificatePem, keyPem } = await createAuthority(validity);
  const der = new Uint8Array(new X509Certificate(certificatePem).rawData).toHex();
  const basicConstraints = "551d130101ff040530030101ff";
  const broken = Uint8Array.fromHex(der.replace(basicConstraints, "551d130101ff0405300f0101ff"));
  assert.notEqual(broken.toHex(), der);

  await assert.rejects(
    loadAuthority({ certificatePem: encodePem("CERTIFICATE", broken), keyPem }),
    { message: "failed to parse certificate: x509: malformed certificate" },
  );
});

Deno.test("signatures by ECDSA are good whatever their two numbers begin with", async () => {
  const { privateKey, publicKey } = await generateKeyPair("ecdsa-p256");
  const spki = await crypto.subtle.exportKey("spki", publicKey);
  const key = createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
  const lengths = new Set<number>();
  for (let count = 0; count < 1500; count++) {
    const text = new TextEncoder().encode(String(count));
    const signature = new Uint8Array(await signDer(text, privateKey));
    assert.ok(verify("sha256", text, key, signature), signature.toHex());
    lengths.add(signature.length);
  }
  // 72 with a zero before both numbers, 70 with none, less where one is short by itself.
  assert.ok(lengths.has(70) && lengths.has(72) && Math.min(...lengths) < 70, [...lengths].join());
});
