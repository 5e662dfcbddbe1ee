/** Talosconfigs of no use: what the process says of each, and that the file is left as it is. */

import assert from "node:assert/strict";
import { createAuthority } from "../../core/pki/authority.ts";
import { openHome } from "./program.ts";

/** What is in the file, and what reading it says (spec/client.md, 1.3). */
const unreadable: [name: string, text: string, error: string][] = [
  ["nothing", "", "EOF\nthe talosconfig is empty: remove it, or write {} into it"],
  [
    "an open bracket",
    "context: [a\ncontexts: {}",
    "go-yaml load error in parser (while parsing a flow sequence) at L1.C10-L2.C9: did not find expected ',' or ']'",
  ],
  [
    "a tab as indentation",
    "context: a\ncontexts:\n\ta: {}\n",
    "go-yaml load error in scanner (while scanning for the next token) at L3.C1: found character that cannot start any token",
  ],
  [
    "a list of contexts",
    "contexts: []\n",
    "yaml: construct errors: line 1: cannot construct !!seq into map[string]*config.Context",
  ],
  [
    "a scalar",
    "hello\n",
    "yaml: construct errors: line 1: cannot construct !!str `hello` into config.Config",
  ],
  [
    "nodes as a string",
    "contexts:\n  a:\n    nodes: x\n",
    "yaml: construct errors: line 3: cannot construct !!str `x` into []string",
  ],
  [
    "a key twice",
    "context: a\ncontext: b\n",
    'yaml: construct errors: line 2: mapping key "context" already defined at line 1',
  ],
];

for (const [name, text, error] of unreadable) {
  Deno.test(`a talosconfig with ${name} is refused by readers and writers, and stays`, async () => {
    await using home = await openHome();
    await Deno.writeTextFile(home.talosconfig, text);

    const [read, written] = [
      await home.run(["config", "contexts"]),
      await home.run(["config", "node", "10.5.0.2"]),
    ];

    const expected = {
      code: 1,
      signal: null,
      stdout: "",
      stderr: `error reading config: ${error}\n`,
    };
    assert.deepEqual([read, written], [expected, expected]);
    assert.equal(await Deno.readTextFile(home.talosconfig), text);
    assert.deepEqual(namesIn(home.folder), ["talosconfig"]);
  });
}

Deno.test("a talosconfig of random bytes is refused with one line", async () => {
  await using home = await openHome();
  await Deno.writeFile(
    home.talosconfig,
    new Uint8Array([0xff, 0xfe, 0x00, 0x80, 0x0a, 0xc3, 0x28]),
  );

  const { code, stdout, stderr } = await home.run(["config", "info"]);

  assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
  assert.match(stderr, /^error reading config: .+\n$/);
});

Deno.test("a talosconfig that is a folder is refused", async () => {
  await using home = await openHome();
  await Deno.mkdir(home.talosconfig);

  const { code, stderr } = await home.run(["config", "contexts"]);

  // Spec/client.md, 1.2.
  const place = "go-yaml load error in reader at <unknown position>";
  assert.deepEqual({ code, stderr }, {
    code: 1,
    stderr:
      `error reading config: ${place}: input error: read ${home.talosconfig}: is a directory\n`,
  });
});

/** A context's credentials, and what is said of them (spec/client.md, 3.8). */
const credentials: [name: string, fields: Record<string, string>, error: string][] = [
  [
    "a ca that is no base64",
    { ca: "ab$d" },
    "failed to get CA: error decoding CA: illegal base64 data at input byte 2",
  ],
  [
    "a ca without PEM",
    { ca: btoa("no certificate") },
    "failed to append CA certificate to RootCAs pool",
  ],
  [
    "a crt that is no base64",
    { crt: "!" },
    "failed to acquire credentials: error decoding certificate: illegal base64 data at input byte 0",
  ],
  [
    "a key that is no base64",
    { crt: "aaaa", key: "aa\u00e4" },
    "failed to acquire credentials: error decoding key: illegal base64 data at input byte 2",
  ],
  [
    "a crt without PEM",
    { crt: btoa("nothing"), key: btoa("nothing") },
    "failed to acquire credentials: could not load client key pair: tls: failed to find any PEM data in certificate input",
  ],
];

for (const [name, fields, error] of credentials) {
  Deno.test(`a context with ${name} is refused before anything is dialled`, async () => {
    await using home = await openHome();
    await writeContext(home.talosconfig, fields);

    const { code, stderr } = await home.run(["service", "-n", "10.5.0.2"]);

    assert.deepEqual({ code, stderr }, { code: 1, stderr: refused(error) });
  });
}

Deno.test("a key of another certificate is refused before anything is dialled, and not shown", async () => {
  const authority = await createAuthority({ notBefore: new Date(), lifetimeMs: 3_600_000 });
  const request = { notBefore: new Date(), lifetimeMs: 3_600_000, usage: ["clientAuth"] } as const;
  const [one, other] = [await authority.issue(request), await authority.issue(request)];
  await using home = await openHome();
  const key = btoa(other.keyPem);
  await writeContext(home.talosconfig, { crt: btoa(one.certificatePem), key });

  const { code, stderr } = await home.run(["service", "-n", "10.5.0.2"], {
    env: { TALOSCTL_DEBUG: "1" },
  });

  const error = "failed to acquire credentials: could not load client key pair: " +
    "tls: private key does not match public key";
  assert.equal(code, 1);
  assert.ok(stderr.startsWith(refused(error)), stderr);
  assert.ok(!stderr.includes(key) && !stderr.includes(other.keyPem));
});

Deno.test("without endpoints a command says so", async () => {
  await using home = await openHome();
  await Deno.writeTextFile(home.talosconfig, "context: a\ncontexts:\n    a:\n        nodes: [n]\n");

  const { code, stderr } = await home.run(["service"]);

  assert.deepEqual({ code, stderr }, { code: 1, stderr: "failed to determine endpoints\n" });
});

async function writeContext(path: string, fields: Record<string, string>): Promise<void> {
  // JSON is YAML.
  const context = { endpoints: ["127.0.0.1:1"], ...fields };
  await Deno.writeTextFile(path, JSON.stringify({ context: "a", contexts: { a: context } }));
}

function refused(error: string): string {
  return "error from node 10.5.0.2: error constructing client: " +
    `failed to create client connection: ${error}\n`;
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name);
}
