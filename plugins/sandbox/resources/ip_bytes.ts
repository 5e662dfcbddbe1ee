/** The bytes of an IP address. */

/** Four or sixteen bytes of an address as nodes write it; a zone is no part of it. */
export function ipBytes(address: string): Uint8Array {
  const [text = ""] = address.split("%");
  if (!text.includes(":")) return Uint8Array.from(text.split("."), Number);
  const [head = "", tail] = text.split("::");
  const groupsOf = (part: string) => part === "" ? [] : part.split(":");
  const [before, after] = [groupsOf(head), groupsOf(tail ?? "")];
  const zeros = Array<string>(8 - before.length - after.length).fill("0");
  const groups = [...before, ...zeros, ...after];
  return Uint8Array.fromHex(groups.map((group) => group.padStart(4, "0")).join(""));
}
