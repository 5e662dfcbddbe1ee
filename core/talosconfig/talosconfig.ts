/** What a talosconfig holds (spec/client.md, 1.3), with every optional string as `""` when it is absent. */

/** The client configuration: how to reach and authenticate with clusters. */
export interface Talosconfig {
  /** The current context's name; `""` when none is set. */
  context: string;
  /** By their names. */
  contexts: Map<string, TalosconfigContext>;
}

/** One way to reach a cluster. */
export interface TalosconfigContext {
  /** Addresses of the API; absent where the file has no such key. */
  endpoints?: string[];
  /** The nodes that commands ask when none is named. */
  nodes?: string[];
  /** Base64 of the PEM bundle of CA certificates, as it stands in the file. */
  ca: string;
  /** Base64 of the PEM client certificate. */
  crt: string;
  /** Base64 of the PEM client key. */
  key: string;
  /** What is sent with each call besides. */
  auth: TalosconfigAuth;
  /** The cluster's name, for an endpoint that serves several. */
  cluster: string;
  /** `socks5://…`, `http://…`, `https://…` or `direct`. */
  proxyUrl: string;
}

/** Ways to authenticate besides the client certificate. */
export interface TalosconfigAuth {
  /** Name and password, sent with each call. */
  basic?: { username: string; password: string };
  /** An account whose key signs each call. */
  siderov1?: { identity: string };
}

/** A configuration without contexts: what an absent file is created with. */
export function emptyTalosconfig(): Talosconfig {
  return { context: "", contexts: new Map() };
}

/** A context that says nothing yet. */
export function emptyTalosconfigContext(): TalosconfigContext {
  return { ca: "", crt: "", key: "", auth: {}, cluster: "", proxyUrl: "" };
}
