/** Which Talos release this program speaks for, and the platform it runs on, in the words of Go tools. */

/** The tag of the release whose commands, API and defaults are implemented. */
export const talosVersion = "v1.14.0-beta.1";

/** The architecture as Talos names it: `amd64`, `arm64`. */
export function hostArch(): string {
  return { x86_64: "amd64", aarch64: "arm64" }[Deno.build.arch];
}
