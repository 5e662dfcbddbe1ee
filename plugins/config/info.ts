/** `talosctl config info`: where the current context leads, and who the user is there. */

import type { Command, Flags } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { goQuote } from "../../core/output/go_quote.ts";
import { toGoJson } from "../../core/output/json.ts";
import { toGoYaml } from "../../core/output/go_yaml.ts";
import { formatRelativeTime } from "../../core/output/relative_time.ts";
import type { TalosconfigContext } from "../../core/talosconfig/talosconfig.ts";
import { readCertificate } from "./certificate.ts";
import { chosenContext, openConfig } from "./chosen_context.ts";
import { roleSet } from "../../core/roles.ts";

/** What is shown; its keys are those of `-o json` and `-o yaml`, in their order. */
interface ContextInfo {
  context: string;
  /** Null where the file has no such list, which only JSON tells from an empty one. */
  nodes: readonly string[] | null;
  endpoints: readonly string[] | null;
  /** Null where there are none. */
  roles: readonly string[] | null;
  /** Time to the certificate's end in words; `""` without a certificate. */
  certTTL: string;
  /** Its UTC date. */
  certNotAfter: string;
}

const flags = {
  output: { type: "string", short: "o", help: "Format: text, json or yaml", default: "text" },
} as const satisfies Flags;

export const info: Command<object, typeof flags> = {
  path: ["config", "info"],
  summary: "Show where the current context leads, and who you are there",
  description: `Shows endpoints and nodes of the current context, and the roles and expiry of
its certificate.`,
  example: `  talosctl config info
  talosctl config info -o json`,
  args: { rule: "none" },
  flags,
  targets: "none",

  async *run({ flags: { output }, config: access, now }) {
    const { config } = await openConfig(access);
    const chosen = chosenContext(config, access.flags.context);
    const facts = await factsOf(chosen, { name: config.context, now: now() });
    const render = formats.get(output);
    if (render === undefined) throw new CliError(`unknown output format: ${goQuote(output)}`);
    yield render(facts);
  },
};

/** @param named The name shown: the file's current context, also with `--context`. */
async function factsOf(
  context: TalosconfigContext,
  named: { name: string; now: Date },
): Promise<ContextInfo> {
  const certificate = context.crt === "" ? undefined : await readCertificate(context.crt);
  const roles = roleSet(certificate?.organizations ?? []);
  return {
    context: named.name,
    nodes: context.nodes ?? null,
    endpoints: context.endpoints ?? null,
    roles: roles.length > 0 ? roles : null,
    certTTL: certificate ? formatRelativeTime(certificate.notAfter, named.now) : "",
    certNotAfter: certificate?.notAfter.toISOString().slice(0, "2006-01-02".length) ?? "",
  };
}

const formats: ReadonlyMap<string, (info: ContextInfo) => string> = new Map([
  ["text", textOf],
  ["json", (info) => toGoJson(info, { indent: 2 }) + "\n"],
  ["yaml", (info) =>
    toGoYaml({
      ...info,
      nodes: info.nodes ?? [],
      endpoints: info.endpoints ?? [],
      roles: info.roles ?? [],
    })],
]);

function textOf({ context, nodes, endpoints, roles, certTTL, certNotAfter }: ContextInfo): string {
  const lines = [
    ["Current context:", context],
    ["Nodes:", nodes?.join(", ") || "not defined"],
    ["Endpoints:", endpoints?.join(", ") || "not defined"],
    ...roles ? [["Roles:", roles.join(", ")]] : [],
    ...certTTL ? [["Certificate expires:", `${certTTL} (${certNotAfter})`]] : [],
  ];
  return lines.map(([label = "", value]) => `${label.padEnd(21)}${value}\n`).join("");
}
