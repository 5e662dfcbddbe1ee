/** `plugin add https://…`: plugins over TLS, as a process that trusts the authority of a test. */

import assert from "node:assert/strict";
import { createAuthority } from "../../core/pki/authority.ts";
import { keyPemForTls } from "../../core/pki/pem.ts";
import { gzip, tarOf } from "../archives.ts";
import { createPluginHome, type PluginHome } from "../plugin_folder.ts";
import { bytesOf, greeter } from "../plugin_workshop.ts";

/** What a path is answered with: content, or where to go on. */
type Page = Uint8Array | { location: string };

/** A web server that nobody but `trusting` trusts. */
interface SecureServer extends AsyncDisposable {
  url: string;
  /** The variables of a process that trusts it. */
  trusting: Record<string, string>;
}

async function serve(home: PluginHome, pages: Record<string, Page>): Promise<SecureServer> {
  const validity = { notBefore: new Date(Date.now() - 60_000), lifetimeMs: 3_600_000 };
  const authority = await createAuthority({ organization: "test", ...validity });
  const own = await authority.issue({
    ...validity,
    usage: ["serverAuth"],
    ipAddresses: ["127.0.0.1"],
  });
  const server = Deno.serve({
    port: 0,
    hostname: "127.0.0.1",
    cert: own.certificatePem,
    key: keyPemForTls(own.keyPem),
    onListen: () => {},
  }, (request) => answer(pages[new URL(request.url).pathname]));
  const file = `${home.path}/authority.pem`;
  await Deno.writeTextFile(file, authority.certificatePem);
  return {
    url: `https://127.0.0.1:${server.addr.port}`,
    trusting: { DENO_CERT: file },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function answer(page: Page | undefined): Response {
  if (page === undefined) return new Response("nothing here", { status: 404 });
  if (page instanceof Uint8Array) return new Response(page.slice());
  return new Response(null, { status: 302, headers: { location: page.location } });
}

Deno.test("plugin add downloads an archive, and a module with its manifest, and they run", async () => {
  const files = greeter("greet");
  for (const path of ["/moved", "/plugin.ts"]) {
    await using home = await createPluginHome();
    await using server = await serve(home, {
      "/moved": { location: "/greet.tgz" },
      "/greet.tgz": await gzip(await tarOf(files)),
      "/plugin.ts": bytesOf(files["plugin.ts"] ?? ""),
      "/plugin.json": bytesOf(files["plugin.json"] ?? ""),
    });

    const added = await home.run(["plugin", "add", server.url + path, "--yes"], server.trusting);
    const run = await home.run(["greet"]);

    assert.equal(added.stdout, "added greet\n  talosctl greet\n", added.stderr);
    assert.deepEqual(run, { code: 0, stdout: "hello\n", stderr: "" });
  }
});

Deno.test("plugin add downloads from nobody it cannot trust", async () => {
  await using home = await createPluginHome();
  await using plain = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () => new Response("never asked for"),
  );
  const plainUrl = `http://127.0.0.1:${plain.addr.port}/greet.tgz`;
  await using server = await serve(home, {
    "/greet.tgz": await gzip(await tarOf(greeter("greet"))),
    "/downgrade": { location: plainUrl },
    "/circle": { location: "/circle" },
    "/file": { location: "file:///etc/hosts" },
  });
  const errorOf = async (url: string, env: Record<string, string> = server.trusting) => {
    const { code, stderr } = await home.run(["plugin", "add", url, "--yes"], env);
    assert.equal(code, 1);
    return stderr;
  };

  const { url } = server;
  const unprotected = "plugins come over https, not over http\n";
  assert.equal(await errorOf(plainUrl), `reading ${plainUrl}: ${unprotected}`);
  assert.equal(await errorOf(`${url}/downgrade`), `downloading ${url}/downgrade: ${unprotected}`);
  assert.equal(
    await errorOf(`${url}/file`),
    `downloading ${url}/file: plugins come over https, not over file\n`,
  );
  assert.equal(
    await errorOf(`${url}/circle`),
    `downloading ${url}/circle: it was redirected more than 5 times\n`,
  );
  assert.equal(
    await errorOf(`${url}/gone`),
    `downloading ${url}/gone: the server answered 404 Not Found\n`,
  );
  assert.match(await errorOf(`${url}/greet.tgz`, {}), /^downloading .*certificate.*UnknownIssuer/m);
  const withPassword = url.replace("https://", "https://me:secret@");
  const refused = await errorOf(`${withPassword}/greet.tgz`);
  assert.match(refused, /^reading an address with a password in it: addresses are remembered$/m);
  assert.doesNotMatch(refused, /secret/);
});
