/** Where third-party plugins are installed. */

/**
 * The folders that hold plugin folders, in order of precedence: the path list `TALOSCTL_PLUGINS`, else the user's one
 * (`$XDG_DATA_HOME/talos/plugins`). What is installed goes to the first. They need not exist.
 */
export function pluginFolders(env: (name: string) => string | undefined): string[] {
  const list = env("TALOSCTL_PLUGINS");
  if (list) return list.split(Deno.build.os === "windows" ? ";" : ":").filter((it) => it !== "");
  const home = env("HOME");
  const data = env("XDG_DATA_HOME") || (home && `${home}/.local/share`);
  return data ? [`${data}/talos/plugins`] : [];
}
