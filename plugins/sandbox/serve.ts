/** A sandbox in a process of its own: started from the options in its folder, told what to do by its control address. */

import { startAddressProxy } from "./address_proxy.ts";
import { faultKinds } from "./fault_kinds.ts";
import { type Order, readOptions, readRunning, writeRunning } from "./running.ts";
import { type Sandbox, startSandbox } from "./start.ts";

/** Serves until it is told to stop or `signal` aborts. Writes the talosconfig, then how to be reached. */
export async function serveSandbox(folder: string, signal: AbortSignal): Promise<void> {
  const stopped = new AbortController();
  await using sandbox = await startSandbox(await readOptions(folder));
  await sandbox.writeTalosconfig(`${folder}/talosconfig`);

  await using proxy = await startAddressProxy(sandbox.nodes);
  const token = crypto.randomUUID();
  const control = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: () => {},
    handler: (request) => answer(request, { sandbox, token, stop: () => stopped.abort() }),
  });
  const controlUrl = `http://127.0.0.1:${control.addr.port}/`;
  const { maintenanceEndpoints } = sandbox;
  const running = { pid: Deno.pid, controlUrl, token, proxyUrl: proxy.url, maintenanceEndpoints };
  await writeRunning(folder, running);
  const watcher = Deno.watchFs(folder);
  const watching = stopWhenGone(watcher, folder, () => stopped.abort());

  const { promise, resolve } = Promise.withResolvers<void>();
  for (const end of [signal, stopped.signal]) {
    if (end.aborted) resolve();
    end.addEventListener("abort", () => resolve(), { once: true });
  }
  await promise;
  // Waits for the answer to the order that stops it.
  await control.shutdown();
  watcher.close();
  await watching;
}

/** A cluster whose folder was removed by hand could not be named any more, so it ends too. */
async function stopWhenGone(
  watcher: Deno.FsWatcher,
  folder: string,
  stop: () => void,
): Promise<void> {
  for await (const { kind } of watcher) {
    if (kind === "remove" && await readRunning(folder) === undefined) stop();
  }
}

async function answer(
  request: Request,
  { sandbox, token, stop }: { sandbox: Sandbox; token: string; stop: () => void },
): Promise<Response> {
  if (request.headers.get("authorization") !== `Bearer ${token}`) {
    return new Response("the token is not this sandbox's", { status: 403 });
  }
  const order: Order = await request.json();
  switch (order.kind) {
    case "stop":
      stop();
      return new Response("stopping");
    case "heal":
      await sandbox.heal(order.target);
      return new Response("healed");
    case "power-on":
      if (!isKnown(sandbox, order.target)) {
        return new Response(`there is no node "${order.target}"`, { status: 400 });
      }
      sandbox.powerOn(order.target);
      return new Response("switched on");
    case "fault":
      if (!faultKinds.includes(order.fault)) {
        return new Response(`unknown fault "${order.fault}"`, { status: 400 });
      }
      await sandbox.fault(order.target, order.fault, order.options);
      return new Response("switched on");
  }
}

function isKnown({ nodes }: Sandbox, target: string): boolean {
  return nodes.some(({ addresses, hostname, name }) =>
    [...addresses, hostname, name].includes(target)
  );
}
