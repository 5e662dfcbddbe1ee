/** The rules of docs/architecture.md that a reader cannot see at a glance: who imports whom, and what only `cli` may do. */

import assert from "node:assert/strict";

const root = new URL("../..", import.meta.url).pathname;

interface Dependency {
  specifier: string;
  code?: { specifier?: string };
  isDynamic?: boolean;
}

interface ModuleInfo {
  specifier: string;
  dependencies?: Dependency[];
}

/** The import graph below some files, as the runtime itself sees it. */
async function moduleGraph(files: readonly string[]): Promise<ModuleInfo[]> {
  const modules = new Map<string, ModuleInfo>();
  for (const file of files) {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", file],
      cwd: root,
    }).output();
    const info: { modules: ModuleInfo[] } = JSON.parse(new TextDecoder().decode(stdout));
    for (const module of info.modules) modules.set(module.specifier, module);
  }
  return [...modules.values()];
}

function sourcesBelow(folder: string): string[] {
  return [...Deno.readDirSync(root + folder)].flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) return sourcesBelow(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

/** `plugins/version/version.ts` for a module of this program, its specifier for any other. */
function place(specifier: string): string {
  return specifier.startsWith(`file://${root}`)
    ? specifier.slice(`file://${root}`.length)
    : specifier;
}

/** Which part of the program a module belongs to: `core`, `cli`, `plugins/version`, … */
function part(path: string): string {
  const [first = "", second = ""] = path.split("/");
  return first === "plugins" ? `plugins/${second}` : first;
}

function mayImport(from: string, to: string): boolean {
  const [source, target] = [part(from), part(to)];
  if (source === target || /^(node|npm|file|jsr):/.test(to)) return true;
  if (source === "core") return target === "proto";
  if (source === "cli") return target === "core";
  if (source.startsWith("plugins/")) return target === "core" || target === "proto";
  if (source === "mod.ts") return ["core", "cli", "plugins/sandbox"].includes(target);
  return source === "tests";
}

Deno.test("no module imports what its layer may not know", async () => {
  const plugins = sourcesBelow("plugins").filter((path) => path.endsWith("/plugin.ts"));
  const modules = await moduleGraph(["mod.ts", "cli/main.ts", "cli/build_index.ts", ...plugins]);

  const edges = modules.flatMap(({ specifier, dependencies = [] }) =>
    dependencies.filter((dependency) => dependency.code?.specifier !== undefined)
      .map((dependency) => [place(specifier), place(dependency.code?.specifier ?? "")] as const)
  );
  const wrong = edges.filter(([from, to]) =>
    !from.includes("://") && !from.startsWith("npm:") && !mayImport(from, to)
  );

  assert.ok(edges.length > 100, "the graph was read");
  assert.deepEqual(wrong, []);
});

Deno.test("the entry's static graph holds no built-in and no npm module", async () => {
  const modules = await moduleGraph(["cli/main.ts"]);
  const byName = new Map(modules.map((module) => [module.specifier, module]));
  const seen = new Set<string>();
  const visit = (specifier: string) => {
    if (seen.has(specifier)) return;
    seen.add(specifier);
    for (const dependency of byName.get(specifier)?.dependencies ?? []) {
      const target = dependency.code?.specifier;
      if (target !== undefined && !dependency.isDynamic) visit(target);
    }
  };
  visit(`file://${root}cli/main.ts`);

  const outside = [...seen].filter((specifier) => !specifier.startsWith(`file://${root}`));

  assert.ok(seen.size > 5, "the graph was read");
  assert.deepEqual(outside, []);
});

Deno.test("arguments, exit, environment and console belong to cli", () => {
  const forbidden = /\bDeno\.(args|exit|exitCode|env)\b|\bconsole\./;
  // Build steps are programs of their own.
  const programs = ["proto/generate.ts"];
  const sources = [
    "mod.ts",
    ...sourcesBelow("core"),
    ...sourcesBelow("plugins"),
    ...sourcesBelow("proto"),
  ]
    .filter((path) => !path.startsWith("proto/gen/") && !programs.includes(path));

  const wrong = sources.flatMap((path) =>
    Deno.readTextFileSync(root + path).split("\n").flatMap((line, index) =>
      forbidden.test(line.replace(/\/\/.*|^\s*\*.*|\/\*\*.*/, "")) ? [`${path}:${index + 1}`] : []
    )
  );

  assert.deepEqual(wrong, []);
});

Deno.test("every module opens by saying what is in it", () => {
  const sources = ["mod.ts", ...["core", "cli", "plugins", "tests"].flatMap(sourcesBelow)];

  const wrong = sources.filter((path) => !Deno.readTextFileSync(root + path).startsWith("/**"));

  assert.deepEqual(wrong, []);
});

Deno.test("only mod.ts passes names on, and names each", () => {
  const sources = [...sourcesBelow("core"), ...sourcesBelow("cli"), ...sourcesBelow("plugins")];

  const barrels = sources.filter((path) =>
    /^export .* from /m.test(Deno.readTextFileSync(root + path))
  );

  assert.deepEqual(barrels, []);
  assert.doesNotMatch(Deno.readTextFileSync(`${root}mod.ts`), /export \*/);
});
