/** The commands that belong to no plugin, as data: help, completion scripts, and what these scripts ask. */

import type { CommandSpec } from "../core/command.ts";

/** In the order in which the official client registers them. */
export const frameCommands: readonly CommandSpec[] = [
  {
    path: ["help"],
    usage: "[command]",
    summary: "Describe a command",
    description: `Describe any command: what it does, and the flags it takes.

The words after "help" name it, as in "talosctl help etcd members".`,
    args: { rule: "unchecked", completion: { positions: [], rest: "commandPath" } },
    flags: {},
    targets: "none",
  },
  {
    path: ["completion"],
    summary: "Print the script that lets a shell complete talosctl's words",
    description:
      `Print the script that lets a shell complete commands, flags and values of talosctl.

The help of each shell's command tells how to load the script.`,
    args: { rule: "none", completion: { positions: [], rest: "noFile" } },
    flags: {},
    targets: "none",
    runnable: false,
  },
  completionOf("bash", {
    name: "bash",
    now: "source <(talosctl completion bash)",
    always: "talosctl completion bash > ~/.local/share/bash-completion/completions/talosctl",
    note: `
That folder is read by the package bash-completion; without it, source the script from ~/.bashrc.
`,
  }),
  completionOf("zsh", {
    name: "zsh",
    now: "source <(talosctl completion zsh)",
    always: 'talosctl completion zsh > "${fpath[1]}/_talosctl"',
    note: `
Both need completion to be switched on in ~/.zshrc: autoload -U compinit && compinit
`,
  }),
  completionOf("fish", {
    name: "fish",
    now: "talosctl completion fish | source",
    always: "talosctl completion fish > ~/.config/fish/completions/talosctl.fish",
    note: "",
  }),
  completionOf("powershell", {
    name: "PowerShell",
    now: "talosctl completion powershell | Out-String | Invoke-Expression",
    always: "talosctl completion powershell >> $PROFILE",
    note: "",
  }),
  {
    path: ["__complete"],
    aliases: ["__completeNoDesc"],
    usage: "[command-line]",
    flagsNotInUsage: true,
    summary: "Answer a shell's question for completions",
    description: `Print what could stand in the place of the last word, one candidate a line.

Completion scripts call this; the last line of the answer tells the shell what to do with it.`,
    hidden: true,
    args: { rule: "min", min: 1 },
    flags: {},
    targets: "none",
  },
];

function completionOf(
  shell: string,
  text: { name: string; now: string; always: string; note: string },
): CommandSpec {
  return {
    path: ["completion", shell],
    ...(shell === "bash" ? { flagsNotInUsage: true } : {}),
    summary: `Print the completion script for ${text.name}`,
    description: `Print the completion script for ${text.name}.

Load it into the running shell:

	${text.now}

Load it into every new shell:

	${text.always}
${text.note}`,
    args: { rule: "none", completion: { positions: [], rest: "noFile" } },
    flags: {
      noDescriptions: { type: "bool", help: "Complete with bare words, without descriptions" },
    },
    targets: "none",
  };
}
