/** `plugin add npm:…`: which version, from which registry, and only what that registry published. */

import assert from "node:assert/strict";
import { type Publication, startRegistry, type TestRegistry } from "../npm_registry.ts";
import { createWorkshop, greeter, type PluginWorkshop } from "../plugin_workshop.ts";

function greet(version: string, more: Partial<Publication> = {}): Publication {
  return { name: "talosctl-greet", version, files: greeter("greet", { version }), ...more };
}

/** Adds a package and gives back what was printed. */
function add(workshop: PluginWorkshop, registry: TestRegistry, source: string) {
  return workshop.plugin(["add", source, "--yes"], { env: { npm_config_registry: registry.url } });
}

Deno.test("plugin add takes the latest version of an npm package, or the one named", async () => {
  for (
    const [source, version] of [["npm:talosctl-greet", "1.1.0"], [
      "npm:talosctl-greet@1.0.0",
      "1.0.0",
    ]]
  ) {
    await using workshop = await createWorkshop();
    await using registry = startRegistry();
    await registry.publish(greet("1.0.0"));
    await registry.publish(greet("1.1.0"));

    const { code, stdout, stderr } = await add(workshop, registry, `${source}`);

    assert.equal(stdout, `added greet ${version}\n  talosctl greet\n`, stderr);
    assert.equal(code, 0);
    const [line] = stderr.split("\n");
    assert.equal(line, `plugin greet ${version} from ${source}`);
  }
});

Deno.test("plugin add finds registry and token of a scope in the user's .npmrc", async () => {
  await using workshop = await createWorkshop();
  await using registry = startRegistry();
  await registry.publish({ ...greet("1.0.0"), name: "@acme/greet" });
  const { host } = new URL(registry.url);
  const lines = `; comment\n@acme:registry=${registry.url}\n//${host}/:_authToken=\${TOKEN}\n`;
  await Deno.writeTextFile(`${workshop.path}/.npmrc`, lines);

  const { code, stderr } = await workshop.plugin(["add", "npm:@acme/greet", "--yes"], {
    env: { TOKEN: "s3cret" },
  });

  assert.equal(code, 0, stderr);
  const authorization = "Bearer s3cret";
  assert.deepEqual(registry.requests, [
    { path: "/@acme%2fgreet", authorization },
    { path: "/@acme/greet/-/1.0.0.tgz", authorization },
  ]);
});

Deno.test("plugin add gives a token to no other server than the registry it is for", async () => {
  await using workshop = await createWorkshop();
  await using registry = startRegistry();
  await using elsewhere = startRegistry();
  const tarball = `${elsewhere.url}/talosctl-greet/-/1.0.0.tgz`;
  await elsewhere.publish(greet("1.0.0"));
  await registry.publish(greet("1.0.0", { dist: { tarball } }));
  const { host } = new URL(registry.url);
  await Deno.writeTextFile(`${workshop.path}/.npmrc`, `//${host}/:_authToken=s3cret\n`);

  const { stderr } = await add(workshop, registry, "npm:talosctl-greet");

  assert.match(stderr, /the registry gives no hash to check it by/);
  assert.deepEqual(registry.requests.map((it) => it.authorization), ["Bearer s3cret"]);
  assert.deepEqual(elsewhere.requests.map((it) => it.authorization), [null]);
});

Deno.test("plugin add refuses a package that is not what the registry says", async () => {
  await using workshop = await createWorkshop();
  await using registry = startRegistry();
  const tarball = `${registry.url}/talosctl-greet/-/1.0.0.tgz`;
  const dists: [what: string, dist: Record<string, unknown>, error: RegExp][] = [
    ["sha512", { tarball, integrity: "sha512-AAAA" }, /it is not what the registry says/],
    ["sha1", { tarball, shasum: "00" }, /it is not what the registry says/],
    ["none", { tarball }, /the registry gives no hash to check it by/],
    ["no archive", { tarball: `${registry.url}/gone.tgz`, shasum: "00" }, /answered 404 Not Found/],
    ["no address", { tarball: "gone", shasum: "00" }, /"gone" is no address of an archive/],
  ];
  for (const [what, dist, error] of dists) {
    await registry.publish(greet("1.0.0", { dist }));

    const { code, stderr } = await add(workshop, registry, "npm:talosctl-greet");

    assert.match(stderr, error, what);
    assert.equal(code, 1);
  }
  assert.deepEqual(workshop.installed(), []);
});

Deno.test("plugin add says which part of an npm source is wrong", async () => {
  await using workshop = await createWorkshop();
  await using registry = startRegistry();
  await registry.publish(greet("1.0.0"));
  const errorOf = async (source: string) => (await add(workshop, registry, source)).stderr;

  assert.equal(
    await errorOf("npm:talosctl-greet@2.0.0"),
    `looking up npm:talosctl-greet: the registry has no version "2.0.0"\n`,
  );
  assert.equal(
    await errorOf("npm:talosctl-greet@^1"),
    `"^1" is neither a version nor a tag\n` +
      "ranges are not looked up: name an exact version, such as npm:NAME@1.2.3\n",
  );
  assert.equal(await errorOf("npm:../greet"), `"../greet" is no name of an npm package\n`);
  assert.equal(
    await errorOf("npm:unknown"),
    `downloading ${registry.url}/unknown: the server answered 404 Not Found\n`,
  );
  assert.deepEqual(workshop.installed(), []);
});
