/** A package registry on the loopback interface, with what a test publishes there. */

import { createHash } from "node:crypto";
import { gzip, tarOf } from "./archives.ts";
import type { Files } from "./plugin_workshop.ts";

/** One version of a package. */
export interface Publication {
  name: string;
  version: string;
  files: Files;
  /** In the place of what the registry says of the archive: hashes, or another address. */
  dist?: Record<string, unknown>;
}

/** A request it was sent. */
export interface RegistryRequest {
  path: string;
  authorization: string | null;
}

/** A registry that answers until it is disposed of. */
export interface TestRegistry extends AsyncDisposable {
  url: string;
  requests: RegistryRequest[];
  /** The last version that was published is the latest. */
  publish(publication: Publication): Promise<void>;
}

/** Starts an empty one. */
export function startRegistry(): TestRegistry {
  const documents = new Map<string, Record<string, unknown>>();
  const archives = new Map<string, Uint8Array>();
  const requests: RegistryRequest[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    const path = new URL(request.url).pathname;
    requests.push({ path, authorization: request.headers.get("authorization") });
    const document = documents.get(path);
    if (document !== undefined) return Response.json(document);
    const archive = archives.get(path);
    return archive === undefined
      ? new Response("nothing here", { status: 404 })
      : new Response(archive.slice());
  });
  const url = `http://127.0.0.1:${server.addr.port}`;
  return {
    url,
    requests,
    async publish({ name, version, files, dist }) {
      const inFolder = Object.entries(files).map(([path, text]) => [`package/${path}`, text]);
      const archive = await gzip(await tarOf(Object.fromEntries(inFolder)));
      const path = `/${name}/-/${version}.tgz`;
      archives.set(path, archive);
      const key = `/${name.replace("/", "%2f")}`;
      const known = documents.get(key);
      const integrity = `sha512-${createHash("sha512").update(archive).digest("base64")}`;
      const described = { dist: dist ?? { tarball: url + path, integrity } };
      documents.set(key, {
        "dist-tags": { latest: version },
        versions: { ...Object(known?.versions), [version]: described },
      });
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
