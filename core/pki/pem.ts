/** PEM text: Talos labels its Ed25519 keys in a way of its own (spec/client.md, 6), TLS stacks want PKCS#8's label. */

/** Wraps DER bytes as one PEM block, with a newline at its end. */
export function encodePem(label: string, der: Uint8Array): string {
  const base64 = der.toBase64();
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

/** A Talos private key as TLS stacks take it: `ED25519 PRIVATE KEY` is PKCS#8 under another name; others stay. */
export function keyPemForTls(keyPem: string): string {
  return keyPem.replaceAll("ED25519 PRIVATE KEY-----", "PRIVATE KEY-----");
}
