/** Picks the completion script of a shell; each is a module of its own, so that only one is read. */

/**
 * What `talosctl completion <shell>` prints.
 *
 * @param shell One that `frame_commands.ts` has a command for.
 */
export async function completionScript(shell: string, noDescriptions: boolean): Promise<string> {
  const request = noDescriptions ? "__completeNoDesc" : "__complete";
  switch (shell) {
    case "bash":
      return (await import("./bash.ts")).bashScript(request);
    case "zsh":
      return (await import("./zsh.ts")).zshScript(request);
    case "fish":
      return (await import("./fish.ts")).fishScript(request);
    case "powershell":
      return (await import("./powershell.ts")).powershellScript(request);
    default:
      throw new Error(`there is no completion script for "${shell}"`);
  }
}
