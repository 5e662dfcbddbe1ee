/** Kubeconfigs that others wrote: what of them survives a merge, how they are written, and why some are refused. */

import assert from "node:assert/strict";
import { mergeKubeconfigs } from "../../plugins/kubeconfig/merge.ts";
import { readKubeconfig } from "../../plugins/kubeconfig/read.ts";
import { saveKubeconfig } from "../../plugins/kubeconfig/save.ts";
import { kubeconfigText } from "../../plugins/kubeconfig/write.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

async function rewritten(text: string): Promise<string> {
  return kubeconfigText(await readKubeconfig(bytesOf(text)));
}

async function merged(old: string, fresh: string, forceContextName = ""): Promise<string> {
  const { config } = await mergeKubeconfigs(
    await readKubeconfig(bytesOf(old)),
    await readKubeconfig(bytesOf(fresh)),
    { forceContextName, decide: () => Promise.resolve("rename") },
  );
  return kubeconfigText(config);
}

Deno.test("an empty kubeconfig is written with all that is always there", async () => {
  const empty = `\
apiVersion: v1
clusters: null
contexts: null
current-context: ""
kind: Config
users: null
`;
  for (const text of ["", "# nothing\n", "{}", "kind: Config\npreferences: {}\nusers: []\n"]) {
    assert.equal(await rewritten(text), empty);
  }
});

Deno.test("fields of other programs survive, also beside an entry that comes again", async () => {
  const old = `\
apiVersion: v1
clusters:
- cluster:
    server: https://10.5.0.2:6443
    x-note: mine
  color: red
  name: c1
contexts: null
current-context: ""
kind: Config
users: null
x-tool:
  answers: [yes, 0x10, 1.5, ~, 12345678901234567890]
`;
  const fresh = "clusters: [{name: c1, cluster: {server: 'https://10.5.0.2:6443'}}]";

  const text = await merged(old, fresh);

  assert.equal(
    text,
    old.replace(
      "  answers: [yes, 0x10, 1.5, ~, 12345678901234567890]\n",
      "  answers:\n  - true\n  - 16\n  - 1.5\n  - null\n  - 12345678901234567890\n",
    ),
  );
});

Deno.test("a kubeconfig is written as Kubernetes writes it", async () => {
  // spec/kubeconfig.md, 7.
  const text = await rewritten(`
users:
- {name: c10, user: {token: "123", username: 'yes', password: 'p@ss: #word'}}
- {name: c2, user: {client-key-data: "a2V5\\nLUE=", as-groups: [], as-uid: ""}}
- name: "123-1"
  user:
    auth-provider: {config: {k10: "a: b", k2: "1e3"}, name: oidc}
- name: "123"
  user:
    exec:
      command: aws
      installHint: "${"word ".repeat(20).trim()}"
      env: [{name: A, value: "null"}]
- {name: many, user: {token: "first\\nsecond\\n"}}
clusters:
- {name: a, cluster: {server: x, insecure-skip-tls-verify: false, extensions: [{name: b, extension: {}}, {name: a}]}}
contexts:
- {name: a}
`);

  assert.equal(
    text,
    `\
apiVersion: v1
clusters:
- cluster:
    extensions:
    - extension: null
      name: a
    - extension: {}
      name: b
    server: x
  name: a
contexts:
- context:
    cluster: ""
    user: ""
  name: a
current-context: ""
kind: Config
users:
- name: "123"
  user:
    exec:
      args: null
      command: aws
      env:
      - name: A
        value: "null"
      installHint: word word word word word word word word word word word word word
        word word word word word word word
      provideClusterInfo: false
- name: 123-1
  user:
    auth-provider:
      config:
        k2: "1e3"
        k10: 'a: b'
      name: oidc
- name: c10
  user:
    password: 'p@ss: #word'
    token: "123"
    username: "yes"
- name: c2
  user:
    client-key-data: a2V5LUE=
- name: many
  user:
    token: |
      first
      second
`,
  );
});

Deno.test("kubeconfigs that are saved at the same time all survive", async () => {
  const path = await Deno.makeTempFile();
  const names = ["a", "b", "c", "d", "e", "f", "g", "h"];

  await Promise.all(
    names.map((name) =>
      saveKubeconfig(bytesOf(`users: [{name: ${name}, user: {}}]`), {
        path,
        isSpecial: false,
        merge: true,
        force: false,
        forceContextName: "",
        wantsContext: false,
        signal: new AbortController().signal,
      })
    ),
  );

  const users = names.map((name) => `- name: ${name}\n  user: {}\n`).join("");
  assert.ok((await Deno.readTextFile(path)).endsWith(`users:\n${users}`));
  await Deno.remove(path);
});

Deno.test("anchors and merge keys are resolved", async () => {
  const text = await rewritten(`
x: &base {server: https://a, proxy-url: p}
y: &other {server: https://b, tls-server-name: t}
clusters:
- name: a
  cluster:
    proxy-url: q
    <<: [*base, *other]
`);

  assert.match(
    text,
    /^- cluster:\n {4}proxy-url: q\n {4}server: https:\/\/a\n {4}tls-server-name: t\n {2}name: a\n/m,
  );
});

Deno.test("a name that stands for several things is replaced in all names made of it", async () => {
  // spec/kubeconfig.md, 5.3: a reference to what is not there becomes empty.
  const old = "clusters: [{name: c, cluster: {server: a}}]";
  const fresh = `
clusters: [{name: c, cluster: {server: b}}]
users: [{name: c@c, user: {}}]
contexts: [{name: x-c@c, context: {cluster: elsewhere, user: c@c}}]
`;

  const text = await merged(old, fresh);

  assert.match(text, /^current-context: x-c-1@c-1$/m);
  assert.match(
    text,
    /^- context:\n {4}cluster: ""\n {4}user: c-1@c-1\n {2}name: x-c-1@c-1$/m,
  );
});

/** What is wrong, and what is said of it (spec/kubeconfig.md, 6). */
const refused: [name: string, text: string, error: string][] = [
  [
    "a number as a name",
    "clusters: [{name: 5}]",
    "json: cannot unmarshal number into Go struct field NamedCluster.clusters.name of type string",
  ],
  [
    "a boolean of YAML 1.1 as a server",
    "clusters: [{name: a, cluster: {server: yes}}]",
    "json: cannot unmarshal bool into Go struct field Cluster.clusters.cluster.server of type string",
  ],
  [
    "a mapping in the place of a list",
    "users: {}",
    "json: cannot unmarshal object into Go struct field Config.users of type []v1.NamedAuthInfo",
  ],
  [
    "text that is no base64",
    'users: [{name: a, user: {client-key-data: "a$"}}]',
    "illegal base64 data at input byte 1",
  ],
  [
    "another kind",
    "kind: Foo",
    'no kind "Foo" is registered for version "v1" in scheme "pkg/runtime/scheme.go:111"',
  ],
  ["an open bracket", "a: [\n", "yaml: line 1: did not find expected node content"],
  ["a missing comma", "a: [b\nc: d\n", "yaml: line 1: did not find expected ',' or ']'"],
  [
    "an infinite number",
    "x: .inf",
    "json: unsupported value: +Inf",
  ],
];

for (const [name, text, error] of refused) {
  Deno.test(`a kubeconfig with ${name} is refused`, async () => {
    await assert.rejects(readKubeconfig(bytesOf(text)), { name: "CliError", message: error });
  });
}

Deno.test("a name that stands twice is refused, and no secret is shown", async () => {
  const text = "users: [{name: a, user: {token: SECRET}}, {name: a, user: {}}]";

  const error = await readKubeconfig(bytesOf(text)).catch((error: Error) => error.message);

  assert.equal(
    error,
    'error converting *[]NamedAuthInfo into *map[string]*api.AuthInfo: duplicate name "a" in list: [...]',
  );
});
