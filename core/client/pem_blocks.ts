/** The blocks in a PEM text, whose errors must read as Go's. */

/** One block: its label, and its own text. */
export interface PemBlock {
  label: string;
  pem: string;
}

/** All blocks in order; anything between them is passed over. */
export function pemBlocks(text: string): PemBlock[] {
  const block = /-----BEGIN ([A-Z0-9 ]+)-----\r?\n[A-Za-z0-9+/=\s]*?-----END \1-----/g;
  return Array.from(text.matchAll(block), ([pem, label = ""]) => ({ label, pem: pem + "\n" }));
}
