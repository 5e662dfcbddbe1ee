/**
 * What a Talos installer does on a node: what it says, and how it ends. An image whose tag is `fail-<code>`, such as
 * `factory.talos.dev/metal-installer/376567:fail-7`, is an installer that ends with that exit code and has changed nothing.
 */

/** The exit code of an installer. */
export function installerExitCode(image: string): number {
  return Number(/:fail-(\d{1,3})$/.exec(image)?.[1] ?? 0);
}

/** The lines of its output, each with its newline. */
export function installerLines(image: string, disk: string): readonly string[] {
  const begun = ["validating installer", `installing to ${disk}`];
  const code = installerExitCode(image);
  const rest = code === 0
    ? ["copying kernel and initramfs", "installing bootloader", "installation complete"]
    : [`error: the installer of ${image} ends with ${code}`];
  return [...begun, ...rest].map((line) => `${line}\n`);
}
