/** `talosctl echo`: calls of a gRPC service that the plugin itself describes, in `echo.proto`. */

import type { Command, Context, Flags, Plugin } from "../talosctl.d.ts";

/** One answer; 64-bit numbers are strings, as everywhere. */
interface Said {
  node: string;
  text: string;
  answerNumber: string;
}

/** The messages of `echo.proto`, as they come: nobody but its author knows them. */
type SayResponse = Omit<Said, "node">;

const serviceName = "acme.echo.v1.Echo";

const sayFlags = {
  count: { type: "uint32", default: 1, help: "How often each node is to say it" },
} as const satisfies Flags;

const columns: Command<Said>["columns"] = [
  { header: "NODE", cell: ({ node }) => node },
  { header: "TEXT", cell: ({ text }) => text },
  { header: "ANSWER", cell: ({ answerNumber }) => answerNumber },
];

const say: Command<Said, typeof sayFlags> = {
  path: ["echo"],
  usage: "<text>",
  summary: "Have nodes say something",
  group: "talos",
  args: { rule: "exact", min: 1, max: 1 },
  flags: sayFlags,
  targets: "many",
  columns,

  async *run({ args: [text = ""], flags: { count }, nodes, talos }) {
    const echo = await talos.nodes(await nodes()).ownService(serviceName);
    // One answer or many: of many nodes both are async iterables.
    const answers = count === 1 ? echo["say"]({ text }) : echo["repeat"]({ text, count });
    for await (const answer of answers) {
      if ("error" in answer) yield answer;
      else yield { node: answer.node, ...answer.value };
    }
  },
};

const join: Command<Said> = {
  path: ["echo", "join"],
  summary: "Send the lines of standard input to a node, which says them in one",
  example: `  printf 'a\\nb\\n' | talosctl echo join --nodes 10.0.0.2`,
  args: { rule: "none" },
  flags: {},
  targets: "one",
  columns,

  async *run({ nodes, stdin, talos }) {
    const [node = ""] = await nodes();
    const echo = await talos.node(node).ownService(serviceName);
    const answer: SayResponse = await echo["join"](linesOf(stdin));
    yield { node, ...answer };
  },
};

/** A request a line, read no faster than the node takes them. */
async function* linesOf(stdin: Context["stdin"]): AsyncGenerator<{ text: string }> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of stdin) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) yield { text };
  }
  if (rest !== "") yield { text: rest };
}

export default {
  name: "echo",
  apiVersion: 1,
  register(registry) {
    registry.proto(new URL("echo.proto", import.meta.url));
    registry.command(say);
    registry.command(join);
  },
} satisfies Plugin;
