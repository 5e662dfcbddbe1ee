/** Proxies of the context and of the environment. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import net from "node:net";
import { chooseProxy } from "../../core/client/proxy_choice.ts";
import { startSandbox } from "../../plugins/sandbox/start.ts";
import { testClient, versionOf } from "../talos_client.ts";

const node = "10.5.0.2";

Deno.test("an http proxy is asked to CONNECT, with the user's name and password", async () => {
  await using sandbox = await startSandbox();
  const heads: string[] = [];
  await using proxy = await startProxy((client, data) => {
    heads.push(data.toString());
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    return heads.at(-1)?.split(" ")[1];
  });
  await using talos = testClient({
    config: await sandbox.talosconfig(),
    context: { proxyUrl: `http://me:secret@${proxy.address}` },
  });

  assert.equal(await versionOf(talos, node), "ok");
  const [endpoint = ""] = sandbox.endpoints;
  assert.deepEqual(heads, [
    `CONNECT ${endpoint} HTTP/1.1\r\nHost: ${endpoint}\r\nUser-Agent: grpc-go/1.83.0\r\n` +
    "Proxy-Authorization: Basic bWU6c2VjcmV0\r\n\r\n",
  ]);
});

Deno.test("a socks5 proxy is asked for the endpoint", async () => {
  await using sandbox = await startSandbox();
  await using proxy = await startProxy((client, data) => {
    if (data.length < 10) {
      client.write(new Uint8Array([5, 0]));
      return undefined;
    }
    client.write(new Uint8Array([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
    return `${data.subarray(4, 8).join(".")}:${data.readUInt16BE(8)}`;
  });
  await using talos = testClient({
    config: await sandbox.talosconfig(),
    context: { proxyUrl: `socks5://${proxy.address}` },
  });

  assert.equal(await versionOf(talos, node), "ok");
  assert.deepEqual(proxy.targets, [sandbox.endpoints[0]]);
});

Deno.test("a proxy that refuses is quoted", async () => {
  await using proxy = await startProxy((client) => {
    client.write("HTTP/1.1 403 Forbidden\r\n\r\n");
    return undefined;
  });
  await using talos = testClient({
    endpoints: ["127.0.0.1:1"],
    context: { proxyUrl: `http://${proxy.address}` },
  });

  assert.equal(
    await versionOf(talos, node),
    'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: ' +
      String
        .raw`failed to do connect handshake, response: \"HTTP/1.1 403 Forbidden\\r\\n\\r\\n\""`,
  );
});

/** `proxy-url`s that cannot be used, and the end of the text. */
const unusable: [string, string][] = [
  ["ftp://h:1", String.raw`unsupported proxy scheme \"ftp\""`],
  ["http://proxyhost", 'dial tcp: address proxyhost: missing port in address"'],
];

for (const [proxyUrl, text] of unusable) {
  Deno.test(`the proxy-url ${proxyUrl} cannot be used`, async () => {
    await using talos = testClient({ endpoints: ["127.0.0.1:1"], context: { proxyUrl } });

    const message = await versionOf(talos, node);

    assert.ok(message.endsWith(`"transport: Error while dialing: ${text}`), message);
  });
}

/** spec/client.md, 3.10: environment, host, and the proxy; endpoints are on port 50000. */
const choices: [Record<string, string>, string, string | undefined][] = [
  [{}, "h", undefined],
  [{ HTTP_PROXY: "http://p:1" }, "h", undefined],
  [{ HTTPS_PROXY: "http://p:1" }, "h", "http p:1"],
  [{ https_proxy: "p:1" }, "h", "http p:1"],
  [{ HTTPS_PROXY: "socks5://p:1", https_proxy: "q:2" }, "h", "socks5 p:1"],
  [{ HTTPS_PROXY: "p:1" }, "localhost", undefined],
  [{ HTTPS_PROXY: "p:1" }, "127.0.0.9", undefined],
  [{ HTTPS_PROXY: "p:1" }, "::1", undefined],
  [{ HTTPS_PROXY: "p:1", NO_PROXY: "*" }, "h", undefined],
  [{ HTTPS_PROXY: "p:1", NO_PROXY: "10.0.0.0/8" }, "10.9.8.7", undefined],
  [{ HTTPS_PROXY: "p:1", NO_PROXY: "10.0.0.0/8" }, "11.9.8.7", "http p:1"],
  [{ HTTPS_PROXY: "p:1", NO_PROXY: "fd00::/8" }, "fd12::1", undefined],
  [{ HTTPS_PROXY: "p:1", NO_PROXY: "10.9.8.7" }, "10.9.8.7", undefined],
  [{ HTTPS_PROXY: "p:1", no_proxy: "x, example.org" }, "a.example.org", undefined],
  [{ HTTPS_PROXY: "p:1", NO_PROXY: "example.org" }, "example.org", undefined],
  [{ HTTPS_PROXY: "p:1", NO_PROXY: "example.org" }, "badexample.org", "http p:1"],
  [{ HTTPS_PROXY: "p:1", NO_PROXY: ".example.org" }, "example.org", "http p:1"],
  [{ HTTPS_PROXY: "p:1", NO_PROXY: ".example.org" }, "a.example.org", undefined],
  [{ HTTPS_PROXY: "p:1", NO_PROXY: "h:50000" }, "h", undefined],
  [{ HTTPS_PROXY: "p:1", NO_PROXY: "h:443" }, "h", "http p:1"],
];

for (const [env, host, expected] of choices) {
  Deno.test(`with ${JSON.stringify(env)} ${host} goes ${expected ?? "directly"}`, () => {
    const proxy = chooseProxy({ proxyUrl: "", env: (name) => env[name], host, port: "50000" });

    assert.equal(proxy && `${proxy.scheme} ${proxy.host}:${proxy.port}`, expected);
  });
}

Deno.test("direct in the context stands before the environment", () => {
  const env = () => "http://p:1";

  assert.equal(chooseProxy({ proxyUrl: "direct", env, host: "h", port: "50000" }), undefined);
});

/** A proxy: `answer` sees what the client sends until it names a target, to which the rest is passed on. */
async function startProxy(
  answer: (client: net.Socket, data: Buffer) => string | undefined,
) {
  const targets: string[] = [];
  const server = net.createServer((client) => {
    client.on("error", () => {});
    const onData = (data: Buffer) => {
      const target = answer(client, data);
      if (target === undefined) return;
      targets.push(target);
      client.off("data", onData);
      const [host, port] = target.split(":");
      const upstream = net.connect(Number(port), host);
      upstream.on("error", () => {});
      client.on("close", () => upstream.destroy());
      upstream.on("close", () => client.destroy());
      client.pipe(upstream);
      upstream.pipe(client);
    };
    client.on("data", onData);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no address");
  return {
    address: `127.0.0.1:${address.port}`,
    targets,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
