/** The sandbox's certificates (spec/client.md, 6): made when first asked for, valid by the real clock whatever the sandbox's says. */

import {
  type Authority,
  createAuthority,
  type KeyedCertificate,
  type LeafRequest,
} from "../../core/pki/authority.ts";
import { keyPemForTls } from "../../core/pki/pem.ts";
import type { Fault } from "./faults.ts";

/** What a listener needs for its TLS. */
export interface ApidCertificate {
  certificatePem: string;
  /** Labelled as TLS stacks want it. */
  keyPem: string;
  /** Authorities of clients; undefined asks for no client certificate. */
  clientCaPem?: string;
}

/** A node's names, as they stand in its certificate. */
export interface CertificateNames {
  hostname: string;
  addresses: readonly string[];
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The Talos CA of a cluster and what it issues. */
export interface ClusterPki {
  /** The Talos CA. */
  authority(): Promise<Authority>;
  /** A client certificate for these roles, valid for `lifetimeMs` from now. */
  client(roles: readonly string[], lifetimeMs: number): Promise<KeyedCertificate>;
}

/** A cluster's CA, made by the first call that needs it. */
export function createClusterPki(): ClusterPki {
  let authority: Promise<Authority> | undefined;
  const pki: ClusterPki = {
    authority: () => authority ??= talosAuthority(),
    client: async (roles, lifetimeMs) =>
      await (await pki.authority()).issue({
        organizations: roles,
        usage: ["clientAuth"],
        notBefore: new Date(),
        lifetimeMs,
      }),
  };
  return pki;
}

/** The Talos CA as `gen secrets` makes it: ten years, `O=talos`. */
async function talosAuthority(): Promise<Authority> {
  return await createAuthority({
    organization: "talos",
    notBefore: new Date(),
    lifetimeMs: 3650 * dayMs,
  });
}

/** A node's server certificates by fault: kept for 12 hours of their 24, as a node does. */
export function apidCertificates(
  authorityOf: () => Promise<Authority>,
  names: () => CertificateNames,
): (fault: Fault | undefined) => Promise<ApidCertificate> {
  return renewing(async (fault) => {
    const authority = await authorityOf();
    const issuer = fault === "wrong-certificate" ? await talosAuthority() : authority;
    const issued = await issuer.issue(apidLeaf(names(), fault));
    return { ...forTls(issued), clientCaPem: authority.certificatePem };
  });
}

/** What stands in the server certificate of maintenance mode. */
export function maintenanceNames(
  { hostname, addresses }: CertificateNames,
): { dnsNames: string[]; ipAddresses: string[] } {
  return { dnsNames: [hostname], ipAddresses: [...addresses, "127.0.0.1", "::1"] };
}

/** The server certificate of maintenance mode, from an authority that is thrown away. */
export function maintenanceCertificates(
  names: CertificateNames,
): (fault: Fault | undefined) => Promise<ApidCertificate> {
  return renewing(async () => {
    const validity = { notBefore: new Date(), lifetimeMs: dayMs };
    const authority = await createAuthority(validity);
    return forTls(
      await authority.issue({
        ...validity,
        commonName: "maintenance-service.talos.dev",
        usage: ["serverAuth"],
        ...maintenanceNames(names),
      }),
    );
  });
}

function apidLeaf(
  { hostname, addresses }: CertificateNames,
  fault: Fault["kind"] | undefined,
): LeafRequest {
  const offsetMs = fault === "expired-certificate"
    ? -2 * dayMs
    : fault === "not-yet-valid"
    ? dayMs
    : 0;
  const shown = fault === "misnamed-certificate"
    ? { dnsNames: ["elsewhere"], ipAddresses: ["192.0.2.1"] }
    : { dnsNames: [hostname], ipAddresses: [...new Set([...addresses, "127.0.0.1"])] };
  return {
    ...shown,
    commonName: hostname,
    usage: ["serverAuth"],
    notBefore: new Date(Date.now() + offsetMs),
    lifetimeMs: dayMs,
  };
}

function renewing(
  make: (fault: Fault["kind"] | undefined) => Promise<ApidCertificate>,
): (fault: Fault | undefined) => Promise<ApidCertificate> {
  const issued = new Map<string, { renewAtMs: number; certificate: Promise<ApidCertificate> }>();
  return async (fault) => {
    const key = fault?.kind ?? "";
    const known = issued.get(key);
    if (known !== undefined && known.renewAtMs > Date.now()) return await known.certificate;

    const certificate = make(fault?.kind);
    issued.set(key, { renewAtMs: Date.now() + 12 * hourMs, certificate });
    return await certificate;
  };
}

function forTls({ certificatePem, keyPem }: KeyedCertificate): ApidCertificate {
  return { certificatePem, keyPem: keyPemForTls(keyPem) };
}
