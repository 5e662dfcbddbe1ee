/** Where the talosconfig lies: the flag, the variables, and the places that are tried in turn. */

import { CliError } from "../errors.ts";
import { exists } from "../files/exists.ts";

/** What the search depends on. */
export interface TalosconfigLookup {
  /** The value of `--talosconfig`; `""` when it was not given. */
  flag: string;
  env(name: string): string | undefined;
}

/** A file to open. */
export interface TalosconfigPlace {
  path: string;
  /** A mounted service account is never written to. */
  canWrite: boolean;
}

const serviceAccountPath = "/var/run/secrets/talos.dev/config";

/**
 * Finds the talosconfig: `--talosconfig`, else `TALOSCONFIG`, both as they are; else the first of
 * `$XDG_CONFIG_HOME/talos/config.yaml`, the Talos folder's `config` and the mounted service account
 * that exists; else the first of that list, to be created.
 *
 * @throws {CliError} when the home folder is needed and not known
 */
export async function findTalosconfig(lookup: TalosconfigLookup): Promise<TalosconfigPlace> {
  const named = lookup.flag || lookup.env("TALOSCONFIG");
  if (named) return { path: named, canWrite: true };
  const places = placesInOrder(lookup);
  for (const place of places) {
    if (await exists(place.path)) return place;
  }
  const [first] = places;
  return first;
}

function placesInOrder({ env }: TalosconfigLookup): [TalosconfigPlace, ...TalosconfigPlace[]] {
  const inTalosFolder = { path: joinPath(talosFolder(env), "config"), canWrite: true };
  const mounted = { path: serviceAccountPath, canWrite: false };
  const xdgFolder = env("XDG_CONFIG_HOME");
  if (!xdgFolder) return [inTalosFolder, mounted];
  return [
    { path: joinPath(xdgFolder, "talos/config.yaml"), canWrite: true },
    inTalosFolder,
    mounted,
  ];
}

/** The folder of the client's files: `TALOS_HOME` if it is absolute, else `$HOME/.talos`. */
export function talosFolder(env: TalosconfigLookup["env"]): string {
  const talosHome = env("TALOS_HOME");
  if (talosHome?.startsWith("/")) return talosHome;
  const home = env("HOME");
  if (!home) {
    throw new CliError("$HOME is not defined", {
      hint: "name the file with --talosconfig or TALOSCONFIG",
    });
  }
  return joinPath(home, ".talos");
}

function joinPath(folder: string, name: string): string {
  return `${folder.replace(/\/+$/, "")}/${name}`;
}
