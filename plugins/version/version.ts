/** `talosctl version`: the release of this client and of each asked node. */

import type { Command, Flags } from "../../core/command.ts";
import { insecureFlags } from "../../core/insecure_flags.ts";
import { hostArch } from "../../core/version.ts";

/** One build of Talos. */
interface Build {
  tag: string;
  sha: string;
  built: string;
  goVersion: string;
  os: string;
  arch: string;
}

/** The client's own build, or what one node runs. */
type VersionRecord = { client: Build } | { node: string; version: Build; features: string[] };

const flags = {
  client: { type: "bool", help: "Print the client's version only and ask no node" },
  ...insecureFlags,
  json: { type: "bool", hidden: true, help: "Print each node's answer as one line of JSON" },
  short: { type: "bool", help: "Print the client's version on one line" },
} as const satisfies Flags;

export const version: Command<VersionRecord, typeof flags> = {
  path: ["version"],
  summary: "Show the versions of the client and of the nodes",
  description: `Show the version of this client, then the version that each node runs.

An older node still answers, but newer commands may fail on it.`,
  example: `  talosctl version --client
  talosctl -n 10.0.0.2,10.0.0.3 version --short`,
  group: "talos",
  args: { rule: "none" },
  flags,
  targets: "many",
  layout: ({ flags }) => ({
    text: (record) =>
      "client" in record
        ? clientText(record.client, flags)
        : `\tNODE:        ${record.node}\n${buildText(record.version)}` +
          `\tEnabled:     ${record.features.join(", ")}\n`,
  }),
  nodeError: (node, error) => `error getting version from node ${node}: ${error.message}`,

  async *run({ flags, nodes, talos, version: tag }) {
    if (!flags.json) {
      yield { client: clientBuild(tag) };
      if (flags.client) return;
    }
    const machine = await talos.nodes(await nodes()).service("machine.MachineService");
    for await (const answer of machine.version({})) {
      if ("error" in answer) {
        yield answer;
        continue;
      }
      for (const message of answer.value.messages) {
        if (flags.json) {
          const { protobufJson } = await import("../../core/output/json.ts");
          yield protobufJson(message) + "\n";
        } else {
          yield {
            node: answer.node,
            version: { ...emptyBuild, ...message.version },
            features: message.features?.rbac ? ["RBAC"] : [],
          };
        }
      }
    }
  },
};

const emptyBuild: Build = { tag: "", sha: "", built: "", goVersion: "", os: "", arch: "" };

function clientBuild(tag: string): Build {
  return {
    tag,
    sha: "undefined", // what the official client calls a build that no release process made
    built: "",
    goVersion: `deno${Deno.version.deno}`,
    os: Deno.build.os,
    arch: hostArch(),
  };
}

/** Spec/cli.md, 9: these lines come before anything is connected, so `Server:` does too. */
function clientText(build: Build, flags: { short: boolean; client: boolean }): string {
  const own = flags.short ? `Talos ${build.tag}\n` : buildText(build);
  return `Client:\n${own}${flags.client ? "" : "Server:\n"}`;
}

function buildText({ tag, sha, built, goVersion, os, arch }: Build): string {
  return `\tTag:         ${tag}\n\tSHA:         ${sha}\n\tBuilt:       ${built}\n` +
    `\tGo version:  ${goVersion}\n\tOS/Arch:     ${os}/${arch}\n`;
}
