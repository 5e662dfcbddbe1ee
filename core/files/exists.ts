/** Whether something is at a path. */

/** Whatever keeps it from being seen counts as its absence: who opens it then says why. */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}
