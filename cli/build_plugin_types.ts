/**
 * `deno task types`: gathers the types that a plugin is written with into `plugins/plugin/template/talosctl.d.ts`, one
 * file that needs nothing else. With `--check` it only says whether the file is current.
 */

const root = new URL("..", import.meta.url);
const output = new URL("plugins/plugin/template/talosctl.d.ts", root);

/** The modules of the contract; what is named twice is the same in all of them. */
const contract = [
  "core/plugin.ts",
  "core/command.ts",
  "core/client/talos.ts",
  "core/plugin_manifest.ts",
  "core/talosconfig/file.ts",
  "core/talosconfig/talosconfig.ts",
];

const contractRoots = ["Plugin", "Command", "Context", "RpcError", "Services"];

const header = `\
/**
 * The types of talosctl's plugin contract, version 1, and of every service that nodes have. "talosctl plugin new" writes
 * this file, so it needs no package and no network; the program itself never reads it. Generated: not to be edited.
 */
// deno-lint-ignore-file -- generated

/** A failed call: what a call of a node throws. \`code\` is what decisions are made on. */
export interface RpcError extends CliError {
  readonly code: StatusName;
  /** The status's own text. */
  readonly description: string;
}

/** An error whose text is meant for the user. */
export interface CliError extends Error {
  readonly exitCode: number;
  /** One sentence that says what helps. */
  readonly hint: string | undefined;
}
`;

/** What every generated module has for itself. */
const codecTypes = ["DeepPartial", "Exact", "MessageFns"];

interface Declaration {
  name: string;
  /** With the comment above it. */
  text: string;
}

/** The text of the types file. */
async function pluginTypes(): Promise<string> {
  const spaces = generatedModules("").map(({ path, space }) => namespaceOf(path, space));
  const parts = [header, ...contractTypes(), servicesType(), ...spaces];
  return await formatted(parts.map((part) => `${part.trim()}\n`).join("\n"));
}

async function formatted(code: string): Promise<string> {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--ext=ts", "-"],
    cwd: root,
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const written = new Blob([code]).stream().pipeTo(process.stdin);
  const [text] = await Promise.all([new Response(process.stdout).text(), written]);
  return text;
}

/** What the contract needs, in the order of its modules. */
function contractTypes(): string[] {
  const all = [...contract.flatMap((path) => declarationsOf(read(path))), statusNameType()];
  const wanted = new Set<string>();
  const want = (text: string) => {
    for (const { name, text: own } of all) {
      if (wanted.has(name) || !new RegExp(`\\b${name}\\b`).test(withoutComments(text))) continue;
      wanted.add(name);
      want(own);
    }
  };
  want(`${contractRoots.join(" ")} ${header}`);
  return all.filter(({ name }) => wanted.has(name)).map(({ text }) => text);
}

function statusNameType(): Declaration {
  const [, list = ""] = /statusNames = \[([^\]]*)\]/.exec(read("core/errors.ts")) ?? [];
  const names = list.match(/"\w+"/g) ?? [];
  const text = `/** A gRPC status. */\nexport type StatusName =\n  | ${names.join("\n  | ")};\n`;
  return { name: "StatusName", text };
}

function servicesType(): string {
  const services = declarationsOf(read("proto/gen/services.ts"))
    .find(({ name }) => name === "Services")?.text ?? "";
  const named = services.replace(
    /typeof import\("\.\/(\S+)\.ts"\)\.(\w+)/g,
    (_, path, name) => `${spaceName(path)}.${name}`,
  );
  return `/** Every service by its full name. */\n${named}`;
}

function generatedModules(folder: string): { path: string; space: string }[] {
  return [...Deno.readDirSync(new URL(`proto/gen/${folder}`, root))]
    .sort((a, b) => a.name < b.name ? -1 : 1)
    .flatMap(({ name, isDirectory }) => {
      if (isDirectory) return generatedModules(`${folder}${name}/`);
      const path = `${folder}${name.replace(/\.ts$/, "")}`;
      return path === "services" ? [] : [{ path, space: spaceName(path) }];
    });
}

/** `machine/machine` is `machine`, `google/protobuf/empty` is `googleProtobufEmpty`. */
function spaceName(path: string): string {
  const words = path.split("/");
  return [...new Set(words)]
    .map((word, place) => place === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

/** The messages of one module and its services, under a name of their own: several have the same ones. */
function namespaceOf(path: string, space: string): string {
  const code = read(`proto/gen/${path}.ts`);
  const types = declarationsOf(code).filter(({ text }) => !text.includes("typeof "));
  const names = new Set(types.map(({ name }) => name));
  const imports = [...code.matchAll(/^import \{([^}]*)\} from "(\.[^"]*)\.ts";/gm)]
    .flatMap(([, list = "", from = ""]) => importsOf(list, spaceName(resolvePath(path, from))));
  const body = [
    ...imports,
    ...types.filter(({ name }) => !codecTypes.includes(name)).map(({ text }) => text),
    ...enumsOf(code),
    ...servicesOf(code),
  ].join("\n");
  const isUsed = (line: string) => {
    const [, name = ""] = /^import (\w+) = /.exec(line) ?? [];
    return name === "" || !names.has(name) && new RegExp(`[^.\\w]${name}\\b(?! =)`).test(body);
  };
  const lines = body.split("\n").filter(isUsed).map((line) => line === "" ? "" : `  ${line}`);
  return `export declare namespace ${space} {\n${lines.join("\n").trimEnd()}\n}\n`;
}

function importsOf(list: string, space: string): string[] {
  return list.split(",").map((name) => name.trim()).filter((name) => /^[A-Z]/.test(name))
    .map((name) => `import ${name} = ${space}.${name};`);
}

function resolvePath(from: string, to: string): string {
  return new URL(to, `file:///${from}`).pathname.slice(1);
}

/** An enum is the set of its names. */
function enumsOf(code: string): string[] {
  return [...code.matchAll(/^export const (\w+) = \{([^}]*)\} as const;/gm)]
    .map(([, name, values = ""]) => {
      const words = [...values.matchAll(/\b\w+: ("\w+")/g)].map(([, word]) => word);
      return `export type ${name} = ${words.join(" | ")};\n`;
    });
}

function servicesOf(code: string): string[] {
  return [...code.matchAll(/^export const (\w+Definition) = (\{\n[^]*?\n\}) as const;/gm)]
    .map(([, name, definition = ""]) => {
      const type = definition.replace(/(\w+) as typeof \w+/g, "MessageCodec<$1>")
        .replace(/^ *options: .*\n/gm, "").replaceAll(/,$/gm, ";");
      return `export type ${name} = ${type};\n`;
    });
}

/** The exported types of a module: from the comment above each to its end. */
function declarationsOf(code: string): Declaration[] {
  const pattern =
    /^(?:\/\*\*(?:(?!\*\/)[^])*\*\/\n)?(?:\/\/ .*\n)*export (?:interface|type) (\w+)[^]*?(?:^\}\n|[;}]\n(?=\n|\/\*\*|export |$(?![^])))/gm;
  return [...code.matchAll(pattern)].map(([text, name = ""]) => ({
    name,
    text: text.replaceAll(/^ *\/\/ deno-lint-ignore.*\n/gm, "").replaceAll(/ \(spec\/[^)]*\)/g, ""),
  }));
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*\*[^]*?\*\/|\/\/.*/g, "");
}

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, root));
}

if (import.meta.main) {
  const text = await pluginTypes();
  if (!Deno.args.includes("--check")) Deno.writeTextFileSync(output, text);
  else if (Deno.readTextFileSync(output) !== text) {
    const notice = "plugins/plugin/template/talosctl.d.ts is not current: run deno task types\n";
    Deno.stderr.writeSync(new TextEncoder().encode(notice));
    Deno.exit(1);
  }
}
