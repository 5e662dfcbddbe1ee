/** PEM text: Talos labels its Ed25519 keys in a way of its own (spec/client.md, 6), TLS stacks want PKCS#8's label. */

/** One block of a PEM text. */
export interface PemContent {
  /** What stands behind `BEGIN`. */
  label: string;
  der: Uint8Array<ArrayBuffer>;
}

/** The first whole block of a text, as Go takes it; nothing where there is none. */
export function decodePem(text: string): PemContent | undefined {
  const block = /-----BEGIN ([^-\n]*)-----[ \t]*\r?\n([A-Za-z0-9+/=\s]*?)-----END \1-----/.exec(
    text,
  );
  if (block === null) return undefined;
  const [, label = "", body = ""] = block;
  try {
    return { label, der: Uint8Array.fromBase64(body) };
  } catch {
    // What is no base64 is no block: the caller reports that there is none.
    return undefined;
  }
}

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
