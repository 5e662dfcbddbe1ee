/** What third-party plugins cost: their presence, their confinement, and what crosses to and from them. */

import { approvePlugin, greeting } from "../plugin_folder.ts";
import { measure, type Subject } from "./measure.ts";
import { type Bench, ours, printLine } from "./runs.ts";

const installed = 50;

/** How many records the fast plugin yields. */
const records = 2_000_000;

/** Yields small records, or the same to itself: what is left is the crossing. */
const fastPlugin = `const columns = [{ header: "ID", cell: ({ id }) => id }];
export default {
  name: "fast",
  apiVersion: 1,
  register(registry) {
    registry.command({
      path: ["fast"],
      summary: "Yield small records",
      args: { rule: "any" },
      flags: {},
      targets: "none",
      columns,
      *run({ args: [count] }) {
        for (let id = 0; id < Number(count); id++) yield { id: "record", count: id };
      },
    });
  },
};
`;

/** Prints the figures of plugins. */
export async function plugins(bench: Bench): Promise<void> {
  const home = `${bench.work}/plugins`;
  const folder = `${home}/plugins`;
  for (let count = 0; count < installed; count++) {
    await install(folder, `greet${count}`, greeting(`greet${count}`, `greet${count}`));
  }
  const fast = `${home}/fast`;
  await install(fast, "fast", fastPlugin);
  await install(fast, "greet", greeting("greet", "greet"));

  const run = (words: string[], env: Record<string, string>, more: Partial<Subject> = {}) =>
    ours(bench, "bundle", words, { ...more, env: { ...bench.env, ...env } });
  const none = run(["config", "contexts"], { TALOSCTL_PLUGINS: `${home}/none` });
  const fifty = { ...none, name: "fifty", env: { ...none.env, TALOSCTL_PLUGINS: folder } };
  const confined = run(["greet"], { TALOSCTL_PLUGINS: fast });
  const figures = await measure([none, fifty, confined], bench.rounds);
  const ms = (name: string, key: "wallMs" | "firstMs" = "wallMs") =>
    figures.get(name)?.[key] ?? NaN;
  const more = (a: number, b: number) => `${(a - b).toFixed(1)} ms more`;

  printLine("", "");
  printLine(
    `${installed} installed plugins, an unrelated command`,
    `${more(ms(fifty.name), ms(none.name))}   (at most 5 ms)`,
  );
  printLine(
    "a confined plugin's first record",
    `${
      more(ms(confined.name, "firstMs"), ms(none.name, "firstMs"))
    } than a command of our own   (at most 30 ms)`,
  );
  const few = run(["fast", "1"], { TALOSCTL_PLUGINS: fast }, { isLong: true });
  const many = run(["fast", String(records), "-o", "jsonpath={.id}"], { TALOSCTL_PLUGINS: fast }, {
    isLong: true,
    name: "many",
  });
  const long = await measure([few, many], 3);
  const wallMs = (long.get(many.name)?.wallMs ?? NaN) - (long.get(few.name)?.wallMs ?? NaN);
  printLine(
    "small records, printed",
    `${Math.round(records / wallMs * 1000).toLocaleString("en")} a second; peak memory ${
      Math.round((long.get(many.name)?.peakBytes ?? NaN) / 1e6)
    } MB`,
  );
  await crossing(fast);
}

/** Records that come to the program and go no further. */
async function crossing(folder: string): Promise<void> {
  const { BatchReceiver } = await import("../../core/plugin_worker/batches.ts");
  const { startConfined } = await import("../../core/plugin_worker/confined.ts");
  const done = Promise.withResolvers<void>();
  const receiver = new BatchReceiver<unknown>(() => worker.send({ kind: "taken" }));
  const path = `${folder}/fast`;
  const worker = startConfined({
    name: "fast",
    folder: path,
    entry: new URL(`file://${path}/plugin.ts`),
    rights: { permissions: {}, rpcs: [] },
    mayImportOthers: false,
  }, {
    worker: new URL("../../core/plugin_worker/worker.ts", import.meta.url),
    onMessage(message) {
      if (message.kind === "entries") receiver.add(message.items);
      else if (message.kind === "done" || message.kind === "failed") receiver.end();
    },
    onFailure: done.reject,
  });
  worker.load();
  const info = { isTerminal: false, width: 80, color: false };
  worker.send({
    kind: "run",
    path: ["fast"],
    context: {
      ...{ flags: {}, given: [], args: [String(records)], calledAs: "fast" },
      ...{ out: { stdout: info, stderr: info }, isInteractive: false, env: {}, nowMs: 0 },
      ...{ output: "json", version: "", context: "", endpoints: [] },
    },
  });
  let count = 0;
  let startMs = 0;
  for await (const _ of receiver.items()) if (count++ === 0) startMs = performance.now();
  const wallMs = performance.now() - startMs;
  worker.terminate();
  printLine(
    "small records, crossing",
    `${Math.round(count / wallMs * 1000).toLocaleString("en")} a second   (at least 500,000)`,
  );
}

async function install(plugins: string, name: string, code: string): Promise<void> {
  await Deno.mkdir(`${plugins}/${name}`, { recursive: true });
  const manifest = { name, apiVersion: 1, entry: "plugin.ts" };
  await Deno.writeTextFile(`${plugins}/${name}/plugin.json`, JSON.stringify(manifest));
  await Deno.writeTextFile(`${plugins}/${name}/plugin.ts`, code);
  await approvePlugin(plugins, name);
}
