/** Certificates of others, read; and what is in ours that another library reads. */

import assert from "node:assert/strict";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  Extension,
  type JsonName,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { createAuthority, readCertificate } from "../../core/pki/authority.ts";
import { parseCertificate } from "../../core/pki/certificate.ts";
import { organizationsOf } from "../../core/pki/distinguished_name.ts";
import { encodePem } from "../../core/pki/pem.ts";
import { goldenSecrets } from "../generated_configs.ts";

const notBefore = new Date("2026-11-21T10:00:00Z");

async function madeElsewhere(
  { name = [], notAfter = new Date("2027-01-01"), usages, isAuthority, extension }: {
    name?: JsonName;
    notAfter?: Date;
    usages?: string[];
    isAuthority?: boolean;
    extension?: Uint8Array<ArrayBuffer>;
  },
): Promise<Uint8Array<ArrayBuffer>> {
  const signingAlgorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name,
    notBefore,
    notAfter,
    keys: await crypto.subtle.generateKey(signingAlgorithm, true, ["sign", "verify"]),
    signingAlgorithm,
    extensions: [
      ...usages === undefined ? [] : [new ExtendedKeyUsageExtension(usages)],
      ...isAuthority === undefined ? [] : [new BasicConstraintsExtension(isAuthority)],
      ...extension === undefined ? [] : [new Extension("2.999.1", false, extension)],
    ],
  });
  return new Uint8Array(certificate.rawData);
}

Deno.test("organizations are read in whatever type of text they stand, several in a part or not", async () => {
  const der = await madeElsewhere({
    name: [
      { O: ["Zürich", "os:admin"] },
      { CN: ["not one"] },
      { O: ["ABCD"] },
      { O: ["cafX"] },
    ],
  });
  // The last two as BMPString and TeletexString.
  const hex = der.toHex().replaceAll("130441424344", "1e04014100f3")
    .replaceAll("130463616658", "1404636166e9");

  const { subject } = parseCertificate(Uint8Array.fromHex(hex));

  assert.deepEqual(organizationsOf(subject), ["Zürich", "os:admin", "Łó", "café"]);
});

Deno.test("the end of a certificate is read from years of two digits and of four", async () => {
  for (
    const end of [
      "1999-12-31T23:59:59Z",
      "2049-12-31T23:59:59Z",
      "2050-01-01T00:00:00Z",
      "2131-02-28T01:02:03Z",
    ]
  ) {
    const der = await madeElsewhere({ notAfter: new Date(end) });

    assert.equal(parseCertificate(der).notAfter.toISOString(), new Date(end).toISOString());
  }
});

Deno.test("certificates that end after 2049 end when they should", async () => {
  for (const end of ["2049-12-31T23:59:59Z", "2050-01-01T00:00:00Z", "2131-02-28T01:02:03Z"]) {
    const lifetimeMs = Date.parse(end) - notBefore.getTime();

    const { certificatePem } = await createAuthority({ notBefore, lifetimeMs });

    const { notAfter } = new X509Certificate(certificatePem);
    assert.equal(notAfter.toISOString(), new Date(end).toISOString());
  }
});

Deno.test("usages are named by their numbers, however large", async () => {
  const usages = ["1.3.6.1.5.5.7.3.2", "2.999.3", "1.3.6.1.4.1.311.20.2.2", "0.9.4294967296.1"];
  const der = await madeElsewhere({ usages });

  assert.deepEqual(parseCertificate(der).usageOids, usages);
});

Deno.test("a certificate is that of an authority only where it says so", async () => {
  const found = [];
  for (const isAuthority of [true, false, undefined]) {
    const options = isAuthority === undefined ? {} : { isAuthority };
    const der = await madeElsewhere(options);
    found.push(parseCertificate(der).isAuthority);
  }

  assert.deepEqual(found, [true, false, false]);
});

Deno.test("a certificate with bytes cut off or added at its end is malformed", async () => {
  const { certificatePem } = await createAuthority({ notBefore, lifetimeMs: 1000 });
  const { rawData } = new X509Certificate(certificatePem);
  const der = new Uint8Array(rawData);
  const malformed = { message: "failed to parse certificate: x509: malformed certificate" };
  for (let length = 0; length < der.length; length++) {
    const pem = encodePem("CERTIFICATE", der.subarray(0, length));
    assert.throws(() => readCertificate(pem), malformed, `${length} bytes`);
  }
  const longer = encodePem("CERTIFICATE", Uint8Array.of(...der, 0));
  assert.throws(() => readCertificate(longer), malformed);
});

Deno.test("an authority's extensions are byte for byte those of Talos' own", async () => {
  const { os } = (await goldenSecrets("gen-config-current")).certificates;
  assert.ok(os);
  const ours = await createAuthority({ organization: "talos", notBefore, lifetimeMs: 1000 });
  // From the key usage to where the key's own name begins.
  const [theirs, made] = [os, ours].map(({ certificatePem }) =>
    /0603551d0f.*0603551d0e/.exec(
      new Uint8Array(new X509Certificate(certificatePem).rawData).toHex(),
    )?.[0]
  );

  assert.ok(theirs);
  assert.equal(made, theirs);
});

Deno.test("a certificate is malformed with more in it than reading is worth, which grows with the square", async () => {
  const large = await madeElsewhere({ extension: new Uint8Array(70_000) });
  const longOid = await madeElsewhere({ usages: ["1.3" + ".9".repeat(150)] });

  for (const der of [large, longOid]) {
    assert.throws(
      () => readCertificate(encodePem("CERTIFICATE", der)),
      { message: "failed to parse certificate: x509: malformed certificate" },
    );
  }
});
