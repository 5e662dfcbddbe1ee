/** What is said when a stream fails after some of it has come: its error alone does not tell that. */

/**
 * A line for stderr.
 *
 * @param what What the user has now, such as `the log of node 10.5.0.2`.
 */
export function partialNotice(what: string): string {
  return `WARNING: ${what} is partial`;
}
