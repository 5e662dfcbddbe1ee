/** The fields of a kubeconfig that Kubernetes knows: their types, and which are written even when they say nothing (spec/kubeconfig.md, 7). */

/** The type of a value. */
export type Field =
  & (
    | { kind: "string" | "bool" | "bytes" | "any" }
    | {
      kind: "list";
      item: Field;
      /** Items are told apart by their names and sorted by them; the type in errors says into what. */
      namedInto?: string;
    }
    | { kind: "map"; value: Field }
    | { kind: "struct"; struct: Struct }
  )
  & {
    /** Written also where it is empty. */
    isAlways?: true;
  };

/** An object with known fields; others may stand among them. */
export interface Struct {
  /** In Go, for errors. */
  name: string;
  fields: Readonly<Record<string, Field>>;
}

const text = { kind: "string" } as const;
const truth = { kind: "bool" } as const;
const bytes = { kind: "bytes" } as const;
const texts: Field = { kind: "list", item: text };

function named(name: string, key: string, body: Field, namedInto: string): Field {
  const fields = { name: { ...text, isAlways: true }, [key]: { ...body, isAlways: true } } as const;
  return { kind: "list", item: { kind: "struct", struct: { name, fields } }, namedInto };
}

function struct(name: string, fields: Struct["fields"]): Field & { struct: Struct } {
  return { kind: "struct", struct: { name, fields } };
}

const extensions = named(
  "NamedExtension",
  "extension",
  { kind: "any" },
  "*map[string]runtime.Object",
);

const cluster = struct("Cluster", {
  "server": { ...text, isAlways: true },
  "tls-server-name": text,
  "insecure-skip-tls-verify": truth,
  "certificate-authority": text,
  "certificate-authority-data": bytes,
  "proxy-url": text,
  "disable-compression": truth,
  extensions,
});

const context = struct("Context", {
  cluster: { ...text, isAlways: true },
  user: { ...text, isAlways: true },
  namespace: text,
  extensions,
});

const environmentVariable = struct("ExecEnvVar", {
  name: { ...text, isAlways: true },
  value: { ...text, isAlways: true },
});

const exec = struct("ExecConfig", {
  command: { ...text, isAlways: true },
  args: { ...texts, isAlways: true },
  env: { kind: "list", item: environmentVariable, isAlways: true },
  apiVersion: text,
  installHint: text,
  provideClusterInfo: { ...truth, isAlways: true },
  interactiveMode: text,
});

const user = struct("AuthInfo", {
  "client-certificate": text,
  "client-certificate-data": bytes,
  "client-key": text,
  "client-key-data": bytes,
  "token": text,
  "tokenFile": text,
  "as": text,
  "as-uid": text,
  "as-groups": texts,
  "as-user-extra": { kind: "map", value: texts },
  "username": text,
  "password": text,
  "auth-provider": struct("AuthProviderConfig", {
    name: { ...text, isAlways: true },
    config: { kind: "map", value: text },
  }),
  exec,
  extensions,
});

/** The document. */
export const config = struct("Config", {
  "kind": text,
  "apiVersion": text,
  "preferences": struct("Preferences", { colors: truth, extensions }),
  "clusters": {
    ...named("NamedCluster", "cluster", cluster, "*map[string]*api.Cluster"),
    isAlways: true,
  },
  "users": {
    ...named("NamedAuthInfo", "user", user, "*map[string]*api.AuthInfo"),
    isAlways: true,
  },
  "contexts": {
    ...named("NamedContext", "context", context, "*map[string]*api.Context"),
    isAlways: true,
  },
  "current-context": { ...text, isAlways: true },
  extensions,
}).struct;

/** The fields of the entries of the three lists, by the key of the entry's body. */
export const entryFields = {
  cluster: cluster.struct.fields,
  user: user.struct.fields,
  context: context.struct.fields,
} as const;

/** The name of a field's type in Go. */
export function goTypeOf(field: Field): string {
  switch (field.kind) {
    case "string":
    case "bool":
      return field.kind;
    case "bytes":
      return "[]uint8";
    case "any":
      return "runtime.RawExtension";
    case "list":
      return `[]${goTypeOf(field.item)}`;
    case "map":
      return `map[string]${goTypeOf(field.value)}`;
    case "struct":
      return `v1.${field.struct.name}`;
  }
}
