/** The client configuration of a sandbox: one context with a fresh client certificate (spec/client.md, 4.6). */

import { emptyTalosconfigContext, type Talosconfig } from "../../core/talosconfig/talosconfig.ts";
import type { KeyedCertificate } from "../../core/pki/authority.ts";

/** What the context says; PEM texts are stored as base64. */
export interface TalosconfigParts {
  contextName: string;
  endpoints: readonly string[];
  /** Of the authority. */
  caPem: string;
  client: KeyedCertificate;
}

/** A configuration whose only context is the current one. */
export function talosconfigOf(parts: TalosconfigParts): Talosconfig {
  const context = {
    ...emptyTalosconfigContext(),
    endpoints: [...parts.endpoints],
    ca: base64(parts.caPem),
    crt: base64(parts.client.certificatePem),
    key: base64(parts.client.keyPem),
  };
  return { context: parts.contextName, contexts: new Map([[parts.contextName, context]]) };
}

function base64(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}
