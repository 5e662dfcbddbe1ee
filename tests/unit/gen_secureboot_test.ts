/** `gen secureboot`: the files' layout is read here by the UEFI specification, their signatures by openssl. */

import assert from "node:assert/strict";
import { ContentInfo } from "@peculiar/asn1-cms";
import { AsnConvert } from "@peculiar/asn1-schema";
import { type CommandFolder, commandFolder, hasOpenssl } from "../command_folder.ts";

const ignore = !hasOpenssl();

/** A key and certificate that are made faster than those of `gen secureboot uki`. */
async function folderWithKey(): Promise<CommandFolder> {
  const folder = await commandFolder();
  await folder.run(
    "mkdir _out && openssl req -x509 -newkey rsa:2048 -nodes -keyout _out/uki-signing-key.pem " +
      "-out _out/uki-signing-cert.pem -subj /O=Lab -days 10",
  );
  return folder;
}

/** The GUID in 16 bytes of an EFI structure. */
function guid(bytes: Uint8Array): string {
  const hex = (from: number, to: number) => bytes.slice(from, to).toHex();
  const reversed = (from: number, to: number) => bytes.slice(from, to).reverse().toHex();
  return [reversed(0, 4), reversed(4, 6), reversed(6, 8), hex(8, 10), hex(10, 16)].join("-");
}

interface SignatureEntry {
  type: string;
  owner: string;
  der: Uint8Array<ArrayBuffer>;
}

/** An authenticated variable's file, taken apart. */
function readUpdate(bytes: Uint8Array<ArrayBuffer>) {
  const view = new DataView(bytes.buffer);
  const certificateSizeBytes = view.getUint32(16, true);
  const entries: SignatureEntry[] = [];
  const lists = bytes.slice(16 + certificateSizeBytes);
  for (let at = 16 + certificateSizeBytes; at < bytes.length;) {
    const listSizeBytes = view.getUint32(at + 16, true);
    assert.equal(view.getUint32(at + 20, true), 0, "no header");
    assert.equal(view.getUint32(at + 24, true), listSizeBytes - 28, "one certificate");
    entries.push({
      type: guid(bytes.slice(at, at + 16)),
      owner: guid(bytes.slice(at + 28, at + 44)),
      der: bytes.slice(at + 44, at + listSizeBytes),
    });
    at += listSizeBytes;
  }
  return {
    time: bytes.slice(0, 16),
    revision: view.getUint16(20, true),
    certificateType: view.getUint16(22, true),
    form: guid(bytes.slice(24, 40)),
    signature: bytes.slice(40, 16 + certificateSizeBytes),
    lists,
    entries,
  };
}

const vendorHex = {
  db: "cbb219d73a3d9645a3bcdad00e67656f",
  KEK: "61dfe48bca93d211aa0d00e098032b8c",
  PK: "61dfe48bca93d211aa0d00e098032b8c",
} as const;

function signedBytes(name: keyof typeof vendorHex, time: Uint8Array, lists: Uint8Array) {
  const utf16 = [...name].flatMap((letter) => [letter.charCodeAt(0), 0]);
  const vendor = Uint8Array.fromHex(vendorHex[name]);
  return new Uint8Array([...utf16, ...vendor, 0x27, 0, 0, 0, ...time, ...lists]);
}

Deno.test("gen secureboot database signs three variables that hold the enrolled certificate", {
  ignore,
}, async () => {
  await using folder = await folderWithKey();
  await folder.run("openssl x509 -in _out/uki-signing-cert.pem -outform der -out cert.der");
  const enrolled = Deno.readFileSync(`${folder.path}/cert.der`);

  const { code, stderr } = await folder.run("talosctl gen secureboot database -o keys");

  assert.deepEqual({ code, stderr }, {
    code: 0,
    stderr: "writing keys/db.auth\nwriting keys/KEK.auth\nwriting keys/PK.auth\n",
  });
  for (const name of ["db", "KEK", "PK"] as const) {
    const update = readUpdate(Deno.readFileSync(`${folder.path}/keys/${name}.auth`));
    assert.equal(update.revision, 0x0200);
    assert.equal(update.certificateType, 0x0ef1);
    assert.equal(update.form, "4aafd29d-68df-49ee-8aa9-347d375665a7");
    assert.deepEqual(
      update.entries.map(({ type, der }) => ({ type, der })),
      [{ type: "a5c059a1-94e4-4aa7-87b5-ab155c2bf072", der: enrolled }],
    );
    assert.match(update.entries[0]?.owner ?? "", /^.{8}-.{4}-4.{3}-[89ab].{3}-.{12}$/);

    const content = signedBytes(name, update.time, update.lists);
    Deno.writeFileSync(`${folder.path}/content`, content);
    const wrapped = new ContentInfo({
      contentType: "1.2.840.113549.1.7.2",
      content: update.signature.buffer,
    });
    Deno.writeFileSync(`${folder.path}/p7`, new Uint8Array(AsnConvert.serialize(wrapped)));
    const verified = await folder.run(
      "openssl cms -verify -inform der -in p7 -content content -binary -purpose any " +
        "-CAfile _out/uki-signing-cert.pem -out /dev/null",
    );
    assert.match(verified.stderr, /^CMS Verification successful/, name);
  }
});

Deno.test("gen secureboot database enrols the certificates of Microsoft where they belong", {
  ignore,
}, async () => {
  await using folder = await folderWithKey();

  await folder.run("talosctl gen secureboot database --include-well-known-uefi-certs");

  const fingerprints: Record<string, string[]> = {};
  for (const name of ["db", "KEK", "PK"]) {
    const { entries } = readUpdate(Deno.readFileSync(`${folder.path}/_out/${name}.auth`));
    const others = entries.slice(1);
    for (const { owner } of others) assert.equal(owner, "77fa9abd-0359-4d32-bd60-28f4e78f784b");
    fingerprints[name] = await Promise.all(others.map(async ({ der }) => {
      return new Uint8Array(await crypto.subtle.digest("SHA-1", der)).toHex();
    }));
  }
  // As Microsoft publishes them.
  assert.deepEqual(fingerprints, {
    db: [
      "46def63b5ce61cf8ba0de2e6639c1019d0ed14f3",
      "3fb39e2b8bd183bf9e4594e72183ca60afcd4277",
      "b5eeb4a6706048073f0ed296e7f580a790b59eaa",
    ],
    KEK: [
      "31590bfd89c9d74ed087dfac66334b3931254b30",
      "459ab6fb5e284d272d5e3e6abc8ed663829d632b",
    ],
    PK: [],
  });
});

Deno.test("gen secureboot database says which key or certificate is missing or does not fit", {
  ignore,
}, async () => {
  await using folder = await folderWithKey();
  await folder.run("openssl ecparam -genkey -name prime256v1 -noout > ec.key");
  await folder.run("openssl genrsa -out other.key 2048");
  const cases = [
    ["--signing-key no.key", "failed to create signer: open no.key: no such file or directory"],
    ["--enrolled-certificate no.pem", "open no.pem: no such file or directory"],
    [
      "--enrolled-certificate ec.key",
      "failed to generate database: failed to parse certificate: " +
      "x509: malformed certificate",
    ],
    [
      "--signing-key ec.key",
      "failed to create signer: key ec.key is no RSA key, and firmware " +
      "knows no other kind",
    ],
    [
      "--signing-key other.key",
      "failed to create signer: certificate _out/uki-signing-cert.pem " +
      "is not for the key other.key",
    ],
  ] as const;

  for (const [flags, reason] of cases) {
    const { code, stderr } = await folder.run(`talosctl gen secureboot database ${flags}`);
    assert.deepEqual({ code, stderr }, { code: 1, stderr: `${reason}\n` });
  }
});

Deno.test("gen secureboot uki makes a certificate and its key, whose name is an organization", {
  ignore,
}, async () => {
  await using folder = await commandFolder();

  const { code, stderr } = await folder.run("talosctl gen secureboot uki --common-name 'My key'");
  const { stdout } = await folder.run(
    "cd _out; stat -c %a . *; openssl verify -CAfile uki-signing-cert.pem uki-signing-cert.pem; " +
      "openssl x509 -inform der -in uki-signing-cert.der | diff - uki-signing-cert.pem; " +
      "openssl x509 -in uki-signing-cert.pem -noout -subject; head -1 uki-signing-key.pem; " +
      "openssl rsa -in uki-signing-key.pem -text -noout | head -1",
  );

  assert.equal(code, 0);
  assert.equal(
    stderr,
    "writing _out/uki-signing-cert.pem\nwriting _out/uki-signing-cert.der\n" +
      "writing _out/uki-signing-key.pem\n",
  );
  assert.equal(
    stdout,
    `\
700
600
600
600
uki-signing-cert.pem: OK
subject=O = My key
-----BEGIN RSA PRIVATE KEY-----
Private-Key: (4096 bit, 2 primes)
`,
  );
});

Deno.test("gen secureboot uki writes nothing beside a file that is there", async () => {
  await using folder = await commandFolder();
  await folder.run("mkdir _out && touch _out/uki-signing-key.pem");

  const { code, stderr } = await folder.run("talosctl gen secureboot uki");

  assert.deepEqual({ code, stderr }, {
    code: 1,
    stderr: 'file "_out/uki-signing-key.pem" already exists, use --force to overwrite\n',
  });
  assert.deepEqual([...Deno.readDirSync(`${folder.path}/_out`)].map(({ name }) => name), [
    "uki-signing-key.pem",
  ]);
});
