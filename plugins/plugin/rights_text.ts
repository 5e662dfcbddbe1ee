/** What a plugin may do, in words for the one who decides about it. */

import {
  type PermissionName,
  permissionNames,
  type PluginRights,
  type RpcGrant,
} from "../../core/plugin_manifest.ts";

/** What each permission opens. */
const openings: Readonly<Record<PermissionName, string>> = {
  net: "connect to",
  read: "read files",
  write: "write files",
  env: "read environment variables",
  run: "run programs, which may do all that you may",
};

/** One line for each thing it may do; a single line where it may do nothing. */
export function rightsLines({ permissions, rpcs }: PluginRights): string[] {
  const lines = permissionNames.flatMap((name) => {
    const list = permissions[name];
    if (list === undefined || (list !== true && list.length === 0)) return [];
    return [`${openings[name]}: ${list === true ? "ANY" : list.join(", ")}`];
  });
  if (rpcs.length > 0) lines.push(`call nodes: ${rpcsText(rpcs)}`);
  return lines.length > 0 ? lines : ["nothing outside its own folder"];
}

function rpcsText(rpcs: RpcGrant): string {
  if (rpcs === "all") return "ANY method";
  return rpcs === "read-only" ? "methods that only read" : rpcs.join(", ");
}

/** What another version may do more (`+`) or less (`-`), a line each; none where that is the same. */
export function changedRightsLines(before: PluginRights, after: PluginRights): string[] {
  const [old, now] = [entriesOf(before), entriesOf(after)];
  return [
    ...now.filter((entry) => !old.includes(entry)).map((entry) => `+ ${entry}`),
    ...old.filter((entry) => !now.includes(entry)).map((entry) => `- ${entry}`),
  ];
}

function entriesOf({ permissions, rpcs }: PluginRights): string[] {
  const entries = permissionNames.flatMap((name) => {
    const list = permissions[name] ?? [];
    return (list === true ? ["ANY"] : list).map((item) => `${openings[name]}: ${item}`);
  });
  const methods = typeof rpcs === "string" ? [rpcsText(rpcs)] : rpcs;
  return [...entries, ...methods.map((method) => `call nodes: ${method}`)];
}
