/** What `talosctl config` says and does beyond the golden cases (spec/client.md, 2.4). */

import assert from "node:assert/strict";
import { type Outcome, type RunOptions, runProgram } from "../talosctl.ts";

/** Made by `openssl req -x509 -multivalue-rdn`: `O=os:admin + O="a, b" + CN=x`, then `O=os:reader`, and so on. */
const certificate = `\
-----BEGIN CERTIFICATE-----
MIIB5zCCAZmgAwIBAgIUB91f65fMOqjIMngjwa+Dq4lyL9swBQYDK2VwMGkxKDAI
BgNVBAMMAXgwCwYDVQQKDARhLCBiMA8GA1UECgwIb3M6YWRtaW4xEjAQBgNVBAoM
CW9zOnJlYWRlcjEOMAwGA1UECgwFYyArIGQxCzAJBgNVBAoMAsOpMQwwCgYDVQQK
DANlPWYwHhcNMjYxMTIxMTIwODExWhcNMjYxMjAxMTIwODExWjBpMSgwCAYDVQQD
DAF4MAsGA1UECgwEYSwgYjAPBgNVBAoMCG9zOmFkbWluMRIwEAYDVQQKDAlvczpy
ZWFkZXIxDjAMBgNVBAoMBWMgKyBkMQswCQYDVQQKDALDqTEMMAoGA1UECgwDZT1m
MCowBQYDK2VwAyEA43k7O9AaQav8hLB1JmKXDkUU9IMJxQ7Qd+s3X2X5urujUzBR
MB0GA1UdDgQWBBQQ5n8hs7zXj7an1u0pT7ha3rS9TjAfBgNVHSMEGDAWgBQQ5n8h
s7zXj7an1u0pT7ha3rS9TjAPBgNVHRMBAf8EBTADAQH/MAUGAytlcANBAAWOctEn
Spb/PGyQf9OeVP0XOPoIiKT4n9ky8HZZsBviJf2fjoaCxQYcdBfTGxVQfN1hPmeH
YlOfzDcN9piR5AE=
-----END CERTIFICATE-----
`;

const now = () => new Date("2026-11-25T12:00:00Z");

const twoContexts = `\
context: prod
contexts:
    dev:
        endpoints:
            - 10.0.1.2
    prod:
        endpoints:
            - 10.0.0.2
        nodes:
            - 10.0.0.3
`;

interface Result extends Outcome {
  /** The talosconfig afterwards. */
  file: string;
}

/** Runs `talosctl config …` on a talosconfig of its own; `%` in a word stands for its folder. */
async function config(
  talosconfig: string,
  words: readonly string[],
  options: RunOptions & { other?: string } = {},
): Promise<Result> {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/talosconfig`;
    await Deno.writeTextFile(path, talosconfig);
    if (options.other !== undefined) await Deno.writeTextFile(`${folder}/other`, options.other);
    const argv = ["config", ...words.map((word) => word.replace("%", folder))];
    const outcome = await runProgram(argv, {
      now,
      ...options,
      env: { TALOSCONFIG: path, ...options.env },
    });
    const hideFolder = (text: string) => text.replaceAll(folder, "%");
    return {
      code: outcome.code,
      stdout: hideFolder(outcome.stdout),
      stderr: hideFolder(outcome.stderr),
      file: await Deno.readTextFile(path),
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Command lines that fail, with what stderr says; the file must stay as it was. */
const failures: { talosconfig: string; words: string[]; stderr: string }[] = [
  { talosconfig: "{}", words: ["info"], stderr: "no context is set\n" },
  { talosconfig: "context: x\n", words: ["node"], stderr: 'context "x" is not defined\n' },
  { talosconfig: "{}", words: ["context", ""], stderr: "no context is set\n" },
  {
    talosconfig: "context: x\n",
    words: ["proxy-url", "direct"],
    stderr: 'context "x" is not defined\n',
  },
  { talosconfig: twoContexts, words: ["remove", ""], stderr: "no context specified\n" },
  { talosconfig: "{}", words: ["remove", "*"], stderr: "no contexts defined\n" },
  { talosconfig: twoContexts, words: ["remove", "zzz*"], stderr: 'no contexts matched "zzz*"\n' },
  { talosconfig: twoContexts, words: ["remove", "d?v"], stderr: 'no contexts matched "d?v"\n' },
  { talosconfig: twoContexts, words: ["remove", "*d*d*"], stderr: 'no contexts matched "*d*d*"\n' },
  { talosconfig: twoContexts, words: ["remove", "de*ev"], stderr: 'no contexts matched "de*ev"\n' },
  {
    talosconfig: twoContexts,
    words: ["add", "x", "--ca", "%/no.crt"],
    stderr: "error reading CA: open %/no.crt: no such file or directory\n",
  },
  {
    talosconfig: twoContexts,
    words: ["add", "x", "--crt", "%/no.crt", "--key", "%/no.key"],
    stderr: "error reading certificate: open %/no.crt: no such file or directory\n",
  },
  {
    talosconfig: twoContexts,
    words: ["add", "x", "--crt", "%/talosconfig", "--key", "%"],
    stderr: "error reading key: read %: is a directory\n",
  },
  {
    talosconfig: "[",
    words: ["contexts", "--talosconfig", "%"],
    stderr:
      "error reading config: go-yaml load error in reader at <unknown position>: input error: read %: is a directory\n",
  },
  {
    talosconfig: "context: [a]\n",
    words: ["merge", "%/talosconfig"],
    stderr:
      "error reading config: yaml: construct errors: line 1: cannot construct !!seq into string\n",
  },
];

for (const { talosconfig, words, stderr } of failures) {
  Deno.test(`config ${words.join(" ")} fails: ${stderr.trim()}`, async () => {
    const result = await config(talosconfig, words);
    assert.deepEqual(result, { code: 1, stdout: "", stderr, file: talosconfig });
  });
}

Deno.test("config remove asks for each context and removes what is answered with yes", async () => {
  const contexts = "{a: {}, b: {}, c: {}, d: {}}";

  const result = await config(`contexts: ${contexts}\n`, ["remove", "*"], {
    stdin: "YES please\nno\n\n",
  });

  const asked = ["a", "b", "c", "d"].map((name) => `remove context "${name}"? (y/N): `).join("");
  const left = ["b", "c", "d"].map((name) => `    ${name}:\n        endpoints: []\n`).join("");
  const file = `context: ""\ncontexts:\n${left}`;
  assert.deepEqual(result, { code: 0, stdout: asked, stderr: "", file });
});

Deno.test("config merge --overwrite replaces contexts of the same name and says so", async () => {
  const other = "context: dev\ncontexts:\n    dev:\n        endpoints:\n            - new\n";

  const result = await config(twoContexts, ["merge", "--overwrite", "%/other"], { other });

  const file = twoContexts.replace("context: prod", "context: dev").replace("10.0.1.2", "new");
  const stderr = 'overwrote talosconfig context "dev"\n';
  assert.deepEqual(result, { code: 0, stdout: "", stderr, file });
});

Deno.test("config contexts -o json has a document a context with all its nodes", async () => {
  const { code, stdout } = await config(twoContexts, ["contexts", "--output", "json"]);
  assert.equal(code, 0);
  const documents = stdout.split(/(?<=^})\n/m).filter((text) => text !== "");
  assert.deepEqual(documents.map((text) => JSON.parse(text)), [
    { current: false, name: "dev", endpoints: ["10.0.1.2"], nodes: [] },
    { current: true, name: "prod", endpoints: ["10.0.0.2"], nodes: ["10.0.0.3"] },
  ]);
});

Deno.test("config info finds all roles of a certificate, also in one RDN, and its end", async () => {
  const talosconfig = `context: x\ncontexts: {x: {crt: ${btoa(certificate)}}}\n`;

  const { code, stdout, stderr } = await config(talosconfig, ["info"]);

  const text = `\
Current context:     x
Nodes:               not defined
Endpoints:           not defined
Roles:               a, b, c + d, e=f, os:admin, os:reader, é
Certificate expires: 6 days from now (2026-12-01)
`;
  assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: text, stderr: "" });
});

Deno.test("config info of an expired certificate is no error", async () => {
  const talosconfig = `context: x\ncontexts: {x: {crt: ${btoa(certificate)}}}\n`;
  const { code, stdout } = await config(talosconfig, ["info"], {
    now: () => new Date("2026-12-03T00:00:00Z"),
  });
  assert.equal(code, 0);
  assert.match(stdout, /^Certificate expires: 1 day ago \(2026-12-01\)$/m);
});

Deno.test("config info --context shows that context's lists under the current one's name", async () => {
  const { stdout } = await config(twoContexts, ["info", "--context", "dev", "-o", "json"]);
  assert.equal(
    stdout,
    `\
{
  "context": "prod",
  "nodes": null,
  "endpoints": [
    "10.0.1.2"
  ],
  "roles": null,
  "certTTL": "",
  "certNotAfter": ""
}
`,
  );
});

const badCertificates = [
  { crt: "'!!!'", stderr: "illegal base64 data at input byte 0\n" },
  { crt: btoa("no PEM"), stderr: "error decoding PEM\n" },
];

for (const { crt, stderr } of badCertificates) {
  Deno.test(`config info refuses a certificate field: ${stderr.trim()}`, async () => {
    const result = await config(`context: x\ncontexts: {x: {crt: ${crt}}}\n`, ["info"]);
    assert.deepEqual([result.code, result.stdout, result.stderr], [1, "", stderr]);
  });
}
